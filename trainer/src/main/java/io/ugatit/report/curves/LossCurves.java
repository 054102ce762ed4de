package io.ugatit.report.curves;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.report.chart.ChartSheet;
import io.ugatit.report.chart.Curve;
import io.ugatit.report.chart.LineChart;
import io.ugatit.report.chart.LineChart.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The losses and the learning rate over the steps, as charts: of one run by domain, or of several runs against each other. */
public final class LossCurves {
    private static final int COLUMNS = 3;
    /** Of a curve: a sheet stays at some tens of kilobytes, since notebooks keep every output. */
    private static final int MOST_POINTS = 160;
    private static final String RATE = "Learning rate";
    private static final String RATE_MEANING = "of both optimizers";
    private static final List<Loss> LOSSES = List.of(
            new Loss("d", "Discriminator", "how well fakes are told from real images"),
            new Loss("g_adv", "Generator, adversarial", "how badly the fakes fool the discriminators"),
            new Loss("g_cycle", "Cycle", "what is lost on the way there and back"),
            new Loss("g_identity", "Identity", "what changes in images already in the domain"),
            new Loss("g_cam", "Class activation (CAM)", "how badly attention tells the domains apart"));

    /** One loss: its metrics' name without the domain, its title and what it says. */
    private record Loss(String name, String title, String meaning) {
        Curve ofDomain(Metrics metrics, String domain) {
            return metrics.curves().get(name + "_" + domain);
        }
    }

    private LossCurves() {}

    /**
     * A chart for each loss, with both domains in it, and one for the learning rate. Values are weighted as in the training and are means
     * over the workers.
     *
     * @param metrics of a run
     * @return always the same six; empty where the metrics have nothing of it
     */
    public static List<LineChart> charts(Metrics metrics) {
        List<LineChart> charts = new ArrayList<>();
        for (Loss loss : LOSSES) {
            charts.add(new LineChart(loss.title(), loss.meaning(), List.of(
                    new Series("domain A", "a", loss.ofDomain(metrics, "a"), true),
                    new Series("domain B", "b", loss.ofDomain(metrics, "b"), true))));
        }
        charts.add(new LineChart(RATE, RATE_MEANING, List.of(new Series("rate", "rate", metrics.curves().get("lr"), false))));
        return charts;
    }

    /**
     * The losses of one run, as {@link #charts}, on one sheet.
     *
     * @param run may still be training
     * @throws io.ugatit.job.InvalidRequestException if a line of the run's metrics is damaged
     * @throws io.ugatit.job.JobFailedException if the file system fails
     */
    public static ChartSheet of(RunDirectory run) {
        return new ChartSheet(charts(MetricsReader.read(run, MOST_POINTS)), COLUMNS);
    }

    /**
     * The losses of several runs against each other: the mean of both domains, weighted as in each training. Where the weights differ, so
     * does what a value means.
     *
     * @param runs 1 to 8, by the names they have in the legends, in the order of the legends
     * @throws IllegalArgumentException if there are no runs or too many
     * @throws io.ugatit.job.InvalidRequestException if a line of a run's metrics is damaged
     * @throws io.ugatit.job.JobFailedException if the file system fails
     */
    public static ChartSheet compare(Map<String, RunDirectory> runs) {
        if (runs.isEmpty() || runs.size() > ChartSheet.STYLES.size()) {
            throw new IllegalArgumentException(runs.size() + " runs: 1 to " + ChartSheet.STYLES.size() + " can be told apart");
        }
        Map<String, Metrics> metrics = new LinkedHashMap<>();
        runs.forEach((name, run) -> metrics.put(name, MetricsReader.read(run, MOST_POINTS)));
        return new ChartSheet(charts(metrics), COLUMNS);
    }

    /**
     * A chart for each loss with all runs in it, and one for the learning rate, as {@link #compare}.
     *
     * @param metrics of 1 to 8 runs, by the names they have in the legends, in the order of the legends
     * @return always the same six; empty where the metrics have nothing of it
     */
    public static List<LineChart> charts(Map<String, Metrics> metrics) {
        List<LineChart> charts = new ArrayList<>();
        for (Loss loss : LOSSES) {
            charts.add(new LineChart(loss.title(), loss.meaning(), series(metrics, true, run ->
                    Curve.mean(loss.ofDomain(run, "a"), loss.ofDomain(run, "b")))));
        }
        charts.add(new LineChart(RATE, RATE_MEANING, series(metrics, false, run -> run.curves().get("lr"))));
        return charts;
    }

    private static List<Series> series(Map<String, Metrics> runs, boolean noisy, Function<Metrics, Curve> curve) {
        List<Series> series = new ArrayList<>();
        runs.forEach((name, metrics) -> series.add(new Series(name, ChartSheet.STYLES.get(series.size()), curve.apply(metrics), noisy)));
        return series;
    }
}
