package io.ugatit.report;

import java.io.IOException;
import java.util.List;

/** The losses of both domains and the learning rate over the steps. */
record CurveSection(Metrics metrics) {
    /** Titles, and the metrics' names without the domain. */
    private static final List<List<String>> LOSSES = List.of(
            List.of("Discriminator", "d", "how well fakes are told from real images"),
            List.of("Generator, adversarial", "g_adv", "how badly the fakes fool the discriminators"),
            List.of("Cycle", "g_cycle", "what is lost on the way there and back"),
            List.of("Identity", "g_identity", "what changes in images already in the domain"),
            List.of("Class activation (CAM)", "g_cam", "how badly attention tells the domains apart"));

    void write(Html html) throws IOException {
        html.raw("<section aria-labelledby=\"losses\">\n<h2 id=\"losses\">Losses</h2>\n");
        if (metrics.rows() == 0) {
            html.raw("<p class=\"none\">This run has no metrics yet.</p>\n</section>\n");
            return;
        }
        html.raw("<p class=\"note\">").text(note()).raw("</p>\n<div class=\"charts\">\n");
        for (List<String> loss : LOSSES) {
            List<LineChart.Series> series = List.of(
                    new LineChart.Series("domain A", "a", metrics.curves().get(loss.get(1) + "_a"), true),
                    new LineChart.Series("domain B", "b", metrics.curves().get(loss.get(1) + "_b"), true));
            figure(html, loss.get(1), loss.get(2), new LineChart(loss.get(0), series));
        }
        figure(html, "lr", "of both optimizers",
                new LineChart("Learning rate", List.of(new LineChart.Series("rate", "rate", metrics.curves().get("lr"), false))));
        html.raw("</div>\n</section>\n");
    }

    private String note() {
        StringBuilder text = new StringBuilder("Step by step (faint) and as a moving mean, each weighted as in the training");
        if (metrics.workers() > 1) {
            text.append("; mean over ").append(metrics.workers()).append(" workers");
        }
        if (metrics.stepsPerPoint() > 1) {
            text.append("; one point averages ").append(Figures.count(metrics.stepsPerPoint())).append(" steps");
        }
        text.append(".");
        if (metrics.notFinite() > 0) {
            text.append(" ").append(Figures.count(metrics.notFinite()))
                    .append(" values were not finite and are left out: the training diverged.");
        }
        return text.toString();
    }

    private static void figure(Html html, String id, String meaning, LineChart chart) throws IOException {
        html.raw("<figure>\n<figcaption><span class=\"name\">" + chart.title() + "</span><span class=\"meaning\">" + meaning
                + (chart.isLogarithmic() ? " (logarithmic)" : "") + "</span><span class=\"legend\">");
        for (LineChart.Series series : chart.series()) {
            if (!series.curve().isEmpty()) {
                html.raw("<span class=\"" + series.style() + "\"><i></i>" + series.label() + " <b>"
                        + Figures.compact(series.trend().last()) + "</b></span>");
            }
        }
        html.raw("</span></figcaption>\n");
        if (chart.isEmpty()) {
            html.raw("<p class=\"none\">The metrics do not have it.</p>\n");
        } else {
            chart.write(html, "clip-" + id);
        }
        html.raw("</figure>\n");
    }
}
