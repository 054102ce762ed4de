package io.ugatit.report;

import io.ugatit.job.InvalidRequestException;
import java.util.HashSet;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * What {@link ReportJob} or {@link CompareJob} is asked for.
 *
 * @param run the run folder, a Hadoop path; the report is written to {@code report.html} inside it; null if runs are compared
 * @param compare the folders of the runs to compare; empty if one is reported
 * @param output the page that compares them, a Hadoop path; null for {@code comparison.html} in the first of their folders
 */
public record ReportOptions(
        @Option(names = "--run", paramLabel = "RUN",
                description = "folder of the run, or a workspace of retrain for its promoted run, whose report.html is written or replaced"
                        + " (default: none, --compare names runs)")
        String run,
        @Option(names = "--compare", paramLabel = "RUN",
                description = "folders of 2 to 8 runs, one after the other, which one page shows side by side (default: none, --run names one)")
        List<String> compare,
        @Option(names = "--output", paramLabel = "FILE",
                description = "the page that --compare writes or replaces (default: comparison.html in the first run's folder)")
        String output) {
    /** As many as there are colours to tell them apart. */
    static final int MOST_RUNS = 8;

    /** @throws InvalidRequestException unless either {@code run} or {@code compare} names runs, of the latter 2 to 8, none twice */
    public ReportOptions {
        compare = compare == null ? List.of() : List.copyOf(compare);
        if (run == null && compare.isEmpty()) {
            throw new InvalidRequestException("give --run RUN for the report of one run, or --compare RUN RUN... for several side by side");
        }
        if (run != null && !compare.isEmpty()) {
            throw new InvalidRequestException("--run and --compare ask for two pages: give one of them; of --compare all runs");
        }
        if (run != null && run.isBlank()) {
            throw new InvalidRequestException("--run is empty; it must name a run folder");
        }
        if (run != null && output != null) {
            throw new InvalidRequestException("--output is for --compare: with --run the page is report.html in the run's folder");
        }
        if (compare.size() == 1 || compare.size() > MOST_RUNS) {
            throw new InvalidRequestException("--compare names " + compare.size() + (compare.size() == 1 ? " run" : " runs")
                    + ": must be 2 to " + MOST_RUNS);
        }
        HashSet<String> names = new HashSet<>();
        for (String one : compare) {
            if (one.isBlank()) {
                throw new InvalidRequestException("--compare has an empty name; each must name a run folder");
            }
            if (!names.add(one)) {
                throw new InvalidRequestException("--compare names " + one + " twice");
            }
        }
    }

    /** The report of one run. */
    public static ReportOptions of(String run) {
        return new ReportOptions(run, List.of(), null);
    }
}
