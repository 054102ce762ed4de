package io.ugatit.report.markup;

import java.io.IOException;
import java.io.Writer;

/**
 * Writes markup that is HTML and well-formed XML at once. {@link #raw} is for the program's own markup only; whatever comes from a file or
 * an option goes through {@link #text}.
 */
public final class Html {
    private final Writer out;

    /** @param out where the markup goes */
    public Html(Writer out) {
        this.out = out;
    }

    /**
     * Markup, as it is.
     *
     * @throws IOException if it cannot be written
     */
    public Html raw(String markup) throws IOException {
        out.write(markup);
        return this;
    }

    /**
     * Text, escaped for an element or a quoted attribute.
     *
     * @throws IOException if it cannot be written
     */
    public Html text(String text) throws IOException {
        out.write(escape(text));
        return this;
    }

    /**
     * Opens a section that is named by its heading; the caller closes it.
     *
     * @param id of the heading, one in the page
     * @throws IOException if it cannot be written
     */
    public Html section(String id, String title) throws IOException {
        return raw("<section aria-labelledby=\"").text(id).raw("\">\n<h2 id=\"").text(id).raw("\">").text(title).raw("</h2>\n");
    }

    /**
     * A paragraph that explains what follows.
     *
     * @throws IOException if it cannot be written
     */
    public Html note(String note) throws IOException {
        return raw("<p class=\"note\">").text(note).raw("</p>\n");
    }

    /**
     * Opens what is scrolled sideways where the screen is too narrow, by keys too; the caller closes the {@code div}.
     *
     * @param label what it is called to those who do not see it
     * @throws IOException if it cannot be written
     */
    public Html scroll(String label) throws IOException {
        return raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"").text(label).raw("\">\n");
    }

    /** What XML cannot carry (control characters, half surrogates) becomes the replacement character. */
    public static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(allowed(c) ? c : 0xfffd);
            }
        });
        return escaped.toString();
    }

    private static boolean allowed(int c) {
        return c == '\t' || c == '\n' || c >= 0x20 && c < 0x7f || c > 0x9f && c < 0xd800 || c >= 0xe000 && c < 0xfffe || c > 0xffff;
    }
}
