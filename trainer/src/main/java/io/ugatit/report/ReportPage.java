package io.ugatit.report;

import io.ugatit.checkpoint.EvaluationRow;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.report.curves.Metrics;
import io.ugatit.report.markup.Html;
import io.ugatit.report.markup.Page;
import java.io.IOException;
import java.util.List;

/**
 * The whole page: what the run is, what it can do, how it got there, and how it was set up.
 *
 * @param run where the sample sheets are read from, one after the other, while the page is written
 */
record ReportPage(RunDirectory run, RunTables tables, Metrics metrics, List<EvaluationRow> evaluations, List<SampleIndex> samples) {
    void write(Html html) throws IOException {
        new Page("U-GAT-IT training report", name(), new Summary(tables, metrics).sentence()).write(html, body -> {
            new SampleSection(run, samples).write(body);
            new KidSection(evaluations).write(body);
            new ExtremesSection(run).write(body);
            new CurveSection(metrics).write(body);
            new TableSection(tables).write(body);
        });
    }

    private String name() {
        return run.path().getName().isEmpty() ? run.path().toString() : run.path().getName();
    }
}
