package io.ugatit.report.curves;

import io.ugatit.checkpoint.EvaluationRow;
import io.ugatit.report.chart.Curve;
import io.ugatit.report.chart.LineChart;
import io.ugatit.report.chart.LineChart.Series;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** How good a run's checkpoints were found while it was trained ({@code train --evaluate-every}), as a chart over the steps. */
public final class KidCurves {
    private KidCurves() {}

    /**
     * KID of either direction and the sum, by which the best checkpoint is chosen.
     *
     * @param rows in the order of steps; those that do not compare with the last one are left out
     */
    public static LineChart chart(List<EvaluationRow> rows) {
        List<EvaluationRow> comparable = rows.stream().filter(row -> row.isComparableWith(rows.get(rows.size() - 1))).toList();
        return new LineChart("KID", "how far translations are from the other domain's images", List.of(
                series("sum", "rate", comparable, EvaluationRow::kid),
                series("A to B", "a", comparable, EvaluationRow::kidA2b),
                series("B to A", "b", comparable, EvaluationRow::kidB2a)));
    }

    private static Series series(String label, String style, List<EvaluationRow> rows, ToDoubleFunction<EvaluationRow> value) {
        Curve curve = new Curve(rows.stream().mapToDouble(EvaluationRow::step).toArray(), rows.stream().mapToDouble(value).toArray());
        return new Series(label, style, curve, false);
    }
}
