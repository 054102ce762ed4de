package io.ugatit.report;

import io.ugatit.report.curves.LossCurves;
import io.ugatit.report.curves.Metrics;
import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.Html;
import java.io.IOException;

/** The losses of both domains and the learning rate over the steps. */
record CurveSection(Metrics metrics) {
    void write(Html html) throws IOException {
        if (metrics.rows() == 0) {
            html.section("losses", "Losses").raw("<p class=\"none\">This run has no metrics yet.</p>\n</section>\n");
            return;
        }
        new ChartSection("losses", "Losses", note(), LossCurves.charts(metrics)).writeInBothScales(html);
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
}
