package io.ugatit.retrain;

import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.PathOption;
import io.ugatit.publish.Publishing;
import io.ugatit.report.markup.Html;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Tells what was trained when, on what, with which figures, whether it was promoted and why. Changes nothing in the
 * workspace, so it may run beside a night. */
public final class HistoryJob {
    private final Configuration configuration;
    private final HistoryOptions options;
    private final PrintStream out;

    /**
     * @param configuration finds the file system
     * @param options what is asked for
     * @param out takes a line for each damaged file of a night, of a rollback or of samples, which is left out
     */
    public HistoryJob(Configuration configuration, HistoryOptions options, PrintStream out) {
        this.configuration = configuration;
        this.options = options;
        this.out = out;
    }

    /**
     * Reads the records, and writes or replaces the page that is asked for.
     *
     * @throws InvalidRequestException if there is no such workspace, the page's name is no path or may be one of the workspace's own files, or a
     *     cycle's record is damaged; a page written before is left as it was
     * @throws JobFailedException if the file system fails; likewise
     */
    public HistoryResult run() {
        Workspace workspace = Workspace.existing(configuration, options.workspace());
        Path output = options.output() == null ? null : PathOption.qualified(configuration, "--output", options.output());
        if (output != null && PathOption.isInside(output, workspace.path()) && !output.getName().endsWith(".html")) {
            throw new InvalidRequestException("--output is " + options.output() + ": in the workspace it must end in .html, other files there are"
                    + " its own");
        }
        try {
            List<Integer> numbers = new ArrayList<>(workspace.cycleNumbers());
            Collections.reverse(numbers);
            List<Cycle> cycles = new ArrayList<>();
            for (int number : numbers) {
                workspace.cycle(number).ifPresent(cycles::add);
            }
            HistoryResult result = new HistoryResult(workspace.path().toString(), workspace.promoted().orElse(null), cycles,
                    workspace.rollbacks().all(out::println), workspace.nights().all(out::println));
            if (output != null) {
                write(new HistoryPage(workspace, result, out::println), output);
            }
            return result;
        } catch (IOException e) {
            throw new JobFailedException("cannot read the history of " + workspace.path() + ": " + FileFailure.reason(e), e);
        }
    }

    private void write(HistoryPage page, Path file) {
        try {
            Publishing.write(configuration, file, out -> {
                Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
                page.write(new Html(writer));
                writer.flush();
            });
        } catch (IOException e) {
            throw new JobFailedException("cannot write the history's page " + file + ": " + FileFailure.reason(e)
                    + "; any earlier page is untouched", e);
        }
    }
}
