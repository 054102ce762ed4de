package io.ugatit.report;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.log.EvaluationLog;
import io.ugatit.checkpoint.log.StartLog;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.publish.Publishing;
import io.ugatit.publish.Removal;
import io.ugatit.report.curves.Metrics;
import io.ugatit.report.curves.MetricsReader;
import io.ugatit.report.curves.RoundsReader;
import io.ugatit.report.markup.Html;
import io.ugatit.report.sample.SampleIndex;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Writes {@code RUN/report.html}: one file without links, with the newest samples, how they came about, losses, KID, rho, speed, options, times
 * and provenance of a run. The run may still be training. The same run gives the same bytes.
 */
public final class ReportJob {
    /** Of a curve: more than its chart has pixels on most screens. */
    static final int MOST_POINTS = 1024;

    private final Configuration configuration;
    private final ReportOptions options;

    /**
     * @param configuration finds the run's file system
     * @param options which run
     */
    public ReportJob(Configuration configuration, ReportOptions options) {
        this.configuration = configuration;
        this.options = options;
    }

    /**
     * Reads the run and writes or replaces its report; what a killed one left a day ago or longer goes.
     *
     * @return what was written
     * @throws InvalidRequestException if there is no such run or one of its files is damaged; a report written before is left as it was
     * @throws JobFailedException if the file system fails; likewise
     */
    public ReportResult run() {
        RunDirectory run = RunDirectory.open(options.run(), configuration);
        try {
            return report(run);
        } catch (IOException e) {
            throw new JobFailedException(
                    "Cannot report on " + options.run() + ": " + FileFailure.reason(e) + "; the run and any earlier report are untouched", e);
        }
    }

    private ReportResult report(RunDirectory run) throws IOException {
        RunTables tables = RunTables.read(run);
        Metrics metrics = MetricsReader.read(run, MOST_POINTS);
        List<SampleIndex> samples = SampleIndex.readAll(run);
        ReportPage page = new ReportPage(run, tables, metrics, RoundsReader.read(run, MOST_POINTS), new StartLog(run).starts(),
                new EvaluationLog(run).rows(), samples);
        Removal.asFarAsPossible(() -> Removal.removeAbandoned(configuration, run.path())); // other reports may be at work
        Publishing.write(configuration, run.report(), out -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            page.write(new Html(writer));
            writer.flush();
        });
        return new ReportResult(run.report(), metrics.rows(), metrics.lastStep(), samples.size());
    }
}
