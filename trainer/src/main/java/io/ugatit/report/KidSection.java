package io.ugatit.report;

import io.ugatit.checkpoint.log.EvaluationRow;
import io.ugatit.report.curves.KidCurves;
import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.Html;
import java.io.IOException;
import java.util.List;

/** How good the checkpoints were found while the run was trained; nothing if none was judged. */
record KidSection(List<EvaluationRow> rows) {
    void write(Html html) throws IOException {
        if (rows.isEmpty()) {
            return;
        }
        EvaluationRow best = EvaluationRow.best(rows).orElseThrow();
        boolean errors = rows.stream().anyMatch(row -> row.errorA2b() != null);
        new ChartSection("kid", "Translations over the training", "Of the test images, by " + best.extractor()
                + ", the lower the better; not comparable with published figures. The best checkpoint is that of step " + Figures.count(best.step()) + ", with a sum of "
                + Figures.compact(best.kid()) + (errors ? "; bars are standard errors." : "."), List.of(KidCurves.chart(rows))).write(html);
    }
}
