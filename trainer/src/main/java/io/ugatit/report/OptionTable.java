package io.ugatit.report;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.report.markup.ValueTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The options that runs were made with, side by side. */
public final class OptionTable {
    private OptionTable() {}

    /**
     * Those options in which runs differ.
     *
     * @param runs at least one, by the names they have in the headings, in the order of the columns
     * @return no rows if all options are equal
     * @throws io.ugatit.job.InvalidRequestException if a folder is no run, or its configuration is damaged
     * @throws JobFailedException if a file system fails
     */
    public static ValueTable differences(Map<String, RunDirectory> runs) {
        Map<String, Map<String, String>> options = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>();
        runs.forEach((run, directory) -> {
            options.put(run, read(directory));
            names.addAll(options.get(run).keySet());
        });
        List<String> headings = new ArrayList<>(List.of("option"));
        headings.addAll(runs.keySet());
        List<List<String>> rows = new ArrayList<>();
        for (String name : names) {
            List<String> values = options.values().stream().map(run -> run.getOrDefault(name, "–")).toList();
            if (Set.copyOf(values).size() > 1) {
                List<String> row = new ArrayList<>(List.of(name));
                row.addAll(values);
                rows.add(row);
            }
        }
        return new ValueTable(headings, rows);
    }

    private static Map<String, String> read(RunDirectory run) {
        try {
            return RunTables.read(run).options();
        } catch (IOException e) {
            throw new JobFailedException("Cannot read the options of " + run.path() + ": " + FileFailure.reason(e), e);
        }
    }
}
