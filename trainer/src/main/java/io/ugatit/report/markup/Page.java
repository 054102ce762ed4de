package io.ugatit.report.markup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The frame of a page that is one file without scripts or links: head, styles for light and dark screens, title and summary.
 *
 * @param kind what such pages are called, such as {@code U-GAT-IT training report}
 * @param name what this page is about
 * @param summary one or two sentences
 */
public record Page(String kind, String name, String summary) {
    private static final String STYLES = "page.css";

    /** Writes what is in the frame. */
    @FunctionalInterface
    public interface Body {
        /**
         * Writes the page's sections.
         *
         * @throws IOException if they cannot be written
         */
        void write(Html html) throws IOException;
    }

    /**
     * Writes the page.
     *
     * @param html where it goes
     * @param body its sections
     * @throws IOException if it cannot be written
     */
    public void write(Html html, Body body) throws IOException {
        html.raw("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" xml:lang=\"en\">\n<head>\n"
                + "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                + "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>").text(name + " – " + kind).raw("</title>\n"
                + "<style>\n" + styles() + "</style>\n</head>\n<body>\n<header>\n<p class=\"eyebrow\">").text(kind).raw("</p>\n<h1>")
                .text(name).raw("</h1>\n<p class=\"summary\">").text(summary).raw("</p>\n</header>\n<main>\n");
        body.write(html);
        html.raw("</main>\n</body>\n</html>\n");
    }

    private static String styles() throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(STYLES)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
