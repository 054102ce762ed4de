package io.ugatit.report.markup;

import io.ugatit.dataset.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The frame of a page that is one file without links: head, styles for light and dark screens, title and summary, and where there are
 * sliders the small script that moves them. A browser runs no other script in it and loads nothing, whatever names and values it shows.
 *
 * @param kind what such pages are called, such as {@code U-GAT-IT training report}
 * @param name what this page is about
 * @param summary one or two sentences
 * @param sliders whether there are any
 */
public record Page(String kind, String name, String summary, boolean sliders) {
    private static final String STYLES = "page.css";
    private static final String SCRIPT = "page.js";

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
        String script = sliders ? "\n" + resource(SCRIPT) : "";
        html.raw("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" xml:lang=\"en\">\n<head>\n"
                + "<meta charset=\"utf-8\"/>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:;"
                + " style-src 'unsafe-inline'" + (sliders ? "; script-src 'sha256-" + hash(script) + "'" : "") + "\"/>\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                + "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>").text(name + " – " + kind).raw("</title>\n"
                + "<style>\n" + resource(STYLES) + "</style>\n</head>\n<body>\n<header>\n<p class=\"eyebrow\">").text(kind).raw("</p>\n<h1>")
                .text(name).raw("</h1>\n<p class=\"summary\">").text(summary).raw("</p>\n</header>\n<main>\n");
        body.write(html);
        // well-formed XML too: there is no < and no & in it
        html.raw("</main>\n" + (sliders ? "<script>" + script + "</script>\n" : "") + "</body>\n</html>\n");
    }

    private static String hash(String script) {
        return Base64.getEncoder().encodeToString(Sha256.digest().digest(script.getBytes(StandardCharsets.UTF_8)));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
