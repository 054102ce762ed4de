package io.ugatit.report.curves;

import io.ugatit.checkpoint.log.EvaluationRow;
import io.ugatit.report.chart.ChartSheet;
import io.ugatit.report.chart.Curve;
import io.ugatit.report.chart.LineChart;
import io.ugatit.report.chart.LineChart.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** How good runs' checkpoints were found while they were trained ({@code train --evaluate-every}), as charts over the steps. */
public final class KidCurves {
    private static final String TITLE = "KID";
    private static final String MEANING = "how far translations are from the other domain's images";

    private KidCurves() {}

    /**
     * KID of either direction, with standard errors where they are known, and the sum, by which the best checkpoint is chosen; its step is
     * marked.
     *
     * @param rows in the order of steps; those that do not compare with the last one are left out
     */
    public static LineChart chart(List<EvaluationRow> rows) {
        List<EvaluationRow> comparable = comparable(rows, rows);
        return new LineChart(TITLE, MEANING, List.of(
                series("sum", "rate", comparable, EvaluationRow::kid, KidCurves::error),
                series("A to B", "a", comparable, EvaluationRow::kidA2b, row -> orNone(row.errorA2b())),
                series("B to A", "b", comparable, EvaluationRow::kidB2a, row -> orNone(row.errorB2a()))), true,
                OptionalDouble.of(EvaluationRow.best(rows).orElseThrow().step()));
    }

    /**
     * The sums of several runs against each other.
     *
     * @param runs by the names they have in the legend, in the order of steps; rows that do not compare with the first run's last one are
     *     left out
     */
    public static LineChart compare(Map<String, List<EvaluationRow>> runs) {
        List<EvaluationRow> yardstick = runs.values().stream().filter(rows -> !rows.isEmpty()).findFirst().orElse(List.of());
        List<Series> series = new ArrayList<>();
        runs.forEach((name, rows) -> series.add(series(name, ChartSheet.STYLES.get(series.size()), comparable(rows, yardstick),
                EvaluationRow::kid, KidCurves::error)));
        return new LineChart(TITLE, MEANING + ", both directions summed", series);
    }

    /**
     * Those that say the same as others.
     *
     * @param rows in the order of steps
     * @param yardstick in the order of steps
     * @return of the rows those that compare with the last of the yardstick
     */
    public static List<EvaluationRow> comparable(List<EvaluationRow> rows, List<EvaluationRow> yardstick) {
        return rows.stream().filter(row -> row.isComparableWith(yardstick.get(yardstick.size() - 1))).toList();
    }

    /** Of the sum, as if the two were independent. */
    private static double error(EvaluationRow row) {
        return Math.hypot(orNone(row.errorA2b()), orNone(row.errorB2a()));
    }

    private static double orNone(Double error) {
        return error == null ? Double.NaN : error;
    }

    private static Series series(String label, String style, List<EvaluationRow> rows, ToDoubleFunction<EvaluationRow> value,
            ToDoubleFunction<EvaluationRow> error) {
        Curve curve = new Curve(rows.stream().mapToDouble(EvaluationRow::step).toArray(), rows.stream().mapToDouble(value).toArray());
        return new Series(label, style, curve, false, rows.stream().mapToDouble(error).toArray());
    }
}
