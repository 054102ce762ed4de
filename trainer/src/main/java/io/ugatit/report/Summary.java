package io.ugatit.report;

import io.ugatit.report.curves.Metrics;
import io.ugatit.report.markup.Figures;
import java.util.ArrayList;
import java.util.List;

/** The one sentence that says what was trained, how far and with what result; parts that the run does not tell are left out. */
record Summary(RunTables tables, Metrics metrics) {
    String sentence() {
        StringBuilder text = new StringBuilder();
        if (metrics.rows() == 0) {
            text.append("Not trained yet");
        } else {
            text.append("Trained ").append(Figures.count(metrics.lastStep()));
            tables.wholeOption("steps").ifPresent(steps -> text.append(" of ").append(Figures.count(steps)));
            text.append(" steps");
        }
        tables.option("data").ifPresent(data -> text.append(" on ").append(lastSegment(data)));
        List<String> parts = new ArrayList<>();
        tables.wholeOption("size").ifPresent(size -> parts.add(size + " px"));
        tables.wholeOption("ch").ifPresent(channels -> parts.add(channels + " channels"));
        tables.option("full").ifPresent(full -> parts.add(Boolean.parseBoolean(full) ? "full" : "light"));
        if (metrics.workers() > 0) {
            parts.add(metrics.workers() + (metrics.workers() == 1 ? " worker" : " workers"));
        }
        if (!parts.isEmpty()) {
            text.append(" (").append(String.join(", ", parts)).append(")");
        }
        text.append(".");
        if (metrics.last().containsKey("d_total") && metrics.last().containsKey("g_total")) {
            text.append(" Last losses: discriminator ").append(Figures.compact(metrics.last().get("d_total")))
                    .append(", generator ").append(Figures.compact(metrics.last().get("g_total"))).append(".");
        }
        return text.toString();
    }

    private static String lastSegment(String path) {
        String[] segments = path.split("/+");
        return segments.length == 0 ? path : segments[segments.length - 1];
    }
}
