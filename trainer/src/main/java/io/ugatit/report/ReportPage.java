package io.ugatit.report;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.log.EvaluationRow;
import io.ugatit.checkpoint.log.TrainingStart;
import io.ugatit.report.chart.LineChart;
import io.ugatit.report.curves.Metrics;
import io.ugatit.report.curves.RhoCurves;
import io.ugatit.report.curves.RoundCurves;
import io.ugatit.report.curves.Rounds;
import io.ugatit.report.markup.Html;
import io.ugatit.report.markup.Page;
import io.ugatit.report.sample.SampleIndex;
import io.ugatit.report.sample.SampleSection;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The whole page: what the run is, what it can do, how it got there, and how it was set up.
 *
 * @param run where the sample sheets are read from, one after the other, while the page is written
 */
record ReportPage(RunDirectory run, RunTables tables, Metrics metrics, Rounds rounds, List<TrainingStart> starts,
        List<EvaluationRow> evaluations, List<SampleIndex> samples) {
    void write(Html html) throws IOException {
        List<LineChart> rho = RhoCurves.charts(run, rounds).stream().filter(chart -> !chart.isEmpty()).toList();
        new Page("U-GAT-IT training report", name(), new Summary(tables, metrics).sentence(), true).write(html, body -> {
            new SampleSection(run, samples).write(body);
            new KidSection(evaluations).write(body);
            new ExtremesSection(run).write(body);
            new CurveSection(metrics).write(body);
            new ChartSection("rho", "Instance norm or layer norm",
                    "Rho of every layer that mixes the two, the mean over its channels: at 1 each channel is normalised by itself, which keeps"
                    + " the source's shapes; at 0 all together, which lets them change.", rho).write(body);
            new ChartSection("speed", "Speed and memory", "Of each round, from which the workers' averaged parameters come.",
                    RoundCurves.charts(Map.of("run", rounds))).write(body);
            new TableSection(tables).write(body);
            new ProvenanceSection(tables, starts, rounds).write(body);
        });
    }

    private String name() {
        return run.path().getName().isEmpty() ? run.path().toString() : run.path().getName();
    }
}
