package io.ugatit.report;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.report.curves.Metrics;
import io.ugatit.report.markup.Html;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The whole page: what the run is, what it can do, how it got there, and how it was set up.
 *
 * @param run where the sample sheets are read from, one after the other, while the page is written
 */
record ReportPage(RunDirectory run, RunTables tables, Metrics metrics, List<SampleIndex> samples) {
    private static final String STYLES = "report.css";

    void write(Html html) throws IOException {
        Summary summary = new Summary(tables, metrics);
        html.raw("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" xml:lang=\"en\">\n<head>\n"
                + "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                + "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>").text(name()).raw(" – U-GAT-IT training report</title>\n"
                + "<style>\n" + styles() + "</style>\n</head>\n<body>\n<header>\n<p class=\"eyebrow\">U-GAT-IT training report</p>\n<h1>")
                .text(name()).raw("</h1>\n<p class=\"summary\">").text(summary.sentence()).raw("</p>\n");
        html.raw("</header>\n<main>\n");
        new SampleSection(run, samples).write(html);
        new CurveSection(metrics).write(html);
        new TableSection(tables).write(html);
        html.raw("</main>\n</body>\n</html>\n");
    }

    private String name() {
        return run.path().getName().isEmpty() ? run.path().toString() : run.path().getName();
    }

    private static String styles() throws IOException {
        try (InputStream in = ReportPage.class.getResourceAsStream(STYLES)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
