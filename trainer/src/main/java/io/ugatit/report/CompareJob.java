package io.ugatit.report;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.log.EvaluationLog;
import io.ugatit.checkpoint.log.EvaluationRow;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.PathOption;
import io.ugatit.publish.Publishing;
import io.ugatit.publish.Removal;
import io.ugatit.report.curves.Metrics;
import io.ugatit.report.curves.MetricsReader;
import io.ugatit.report.curves.Rounds;
import io.ugatit.report.curves.RoundsReader;
import io.ugatit.report.markup.Html;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Writes one page that shows several runs side by side, as {@link ReportJob} does one. */
public final class CompareJob {
    /** Of a curve: there are up to eight a chart, and two scales. */
    private static final int MOST_POINTS = 400;
    private static final String NAME = "comparison.html";

    private final Configuration configuration;
    private final ReportOptions options;

    /**
     * @param configuration finds the runs' file systems
     * @param options which runs
     */
    public CompareJob(Configuration configuration, ReportOptions options) {
        this.configuration = configuration;
        this.options = options;
    }

    /**
     * Reads the runs and writes or replaces the page.
     *
     * @return the page's path
     * @throws InvalidRequestException if one is no run or one of its files is damaged; a page written before is left as it was
     * @throws JobFailedException if a file system fails; likewise
     */
    public Path run() {
        Map<String, RunDirectory> runs = named();
        Path first = runs.values().iterator().next().path();
        Path page = options.output() == null ? new Path(first, NAME)
                : PathOption.qualified(configuration, "--output", options.output());
        try {
            ComparisonPage comparison = new ComparisonPage(compared(runs));
            if (options.output() == null) { // the runs are only read else
                Removal.asFarAsPossible(() -> Removal.removeAbandoned(configuration, first));
            }
            Publishing.write(configuration, page, out -> {
                Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
                comparison.write(new Html(writer));
                writer.flush();
            });
        } catch (IOException e) {
            throw new JobFailedException("Cannot compare the runs in " + page + ": " + FileFailure.reason(e)
                    + "; the runs and any earlier page are untouched", e);
        }
        return page;
    }

    /** The runs by the last parts of their paths, or as they were given where these are alike. */
    private Map<String, RunDirectory> named() {
        Map<String, RunDirectory> given = new LinkedHashMap<>();
        for (String path : options.compare()) {
            RunDirectory run = RunDirectory.open("--compare", path, configuration);
            if (given.values().stream().anyMatch(other -> other.path().equals(run.path()))) {
                throw new InvalidRequestException("--compare names " + path + " twice");
            }
            given.put(path, run);
        }
        Map<String, RunDirectory> named = new LinkedHashMap<>();
        given.forEach((path, run) -> {
            String name = run.path().getName(); // of a workspace, that of its promoted run
            boolean alike = given.values().stream().filter(other -> other.path().getName().equals(name)).count() > 1;
            named.merge(alike || name.isEmpty() ? path : name, run, (one, other) -> {
                throw new InvalidRequestException("--compare names " + path + ", whose name is that of another run: give its whole path");
            });
        });
        return named;
    }

    private static Map<String, ComparedRun> compared(Map<String, RunDirectory> runs) throws IOException {
        Map<String, ComparedRun> compared = new LinkedHashMap<>();
        for (Map.Entry<String, RunDirectory> run : runs.entrySet()) {
            Metrics metrics = MetricsReader.read(run.getValue(), MOST_POINTS);
            Rounds rounds = RoundsReader.read(run.getValue(), MOST_POINTS);
            List<EvaluationRow> evaluations = new EvaluationLog(run.getValue()).rows();
            compared.put(run.getKey(), new ComparedRun(run.getValue(), RunTables.read(run.getValue()), metrics, rounds, evaluations));
        }
        return compared;
    }
}
