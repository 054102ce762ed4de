package io.ugatit.report.curves;

import io.ugatit.report.chart.ChartSheet;
import io.ugatit.report.chart.Curve;
import io.ugatit.report.chart.LineChart;
import io.ugatit.report.chart.LineChart.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** How fast runs were trained, how much of the time went into averaging, and the memory they took, as charts over the steps. */
public final class RoundCurves {
    private RoundCurves() {}

    /**
     * A chart each; those that nothing is known of are left out.
     *
     * @param runs 1 to 8, by the names they have in the legends
     */
    public static List<LineChart> charts(Map<String, Rounds> runs) {
        return Stream.of(
                new LineChart("Throughput", "images a second, of both domains and all workers", series(runs, Rounds::imagesPerSecond, true)),
                new LineChart("Averaging", "per cent of the time in which no worker makes steps", series(runs, Rounds::averagingPercent, true)),
                new LineChart("Memory", "most bytes that a worker's process had taken", series(runs, Rounds::peakBytes, false)))
                .filter(chart -> !chart.isEmpty()).toList();
    }

    private static List<Series> series(Map<String, Rounds> runs, Function<Rounds, Curve> curve, boolean noisy) {
        List<Series> series = new ArrayList<>();
        runs.forEach((name, rounds) -> series.add(new Series(name, ChartSheet.STYLES.get(series.size()), curve.apply(rounds), noisy)));
        return series;
    }
}
