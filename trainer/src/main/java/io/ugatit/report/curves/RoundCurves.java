package io.ugatit.report.curves;

import io.ugatit.report.chart.LineChart;
import io.ugatit.report.chart.LineChart.Series;
import java.util.List;

/** How fast a run was trained, how much of the time went into averaging, and the memory it took, as charts over the steps. */
public final class RoundCurves {
    private RoundCurves() {}

    /** A chart each; those that nothing is known of are left out. */
    public static List<LineChart> charts(Rounds rounds) {
        return List.of(
                new LineChart("Throughput", "images a second, of both domains and all workers",
                        List.of(new Series("images/s", "rate", rounds.imagesPerSecond(), true))),
                new LineChart("Averaging", "per cent of the time in which no worker makes steps",
                        List.of(new Series("%", "rate", rounds.averagingPercent(), true))),
                new LineChart("Memory", "most bytes that a worker's process had taken",
                        List.of(new Series("bytes", "rate", rounds.peakBytes(), false))))
                .stream().filter(chart -> !chart.isEmpty()).toList();
    }
}
