package io.ugatit.report.dataset;

import io.ugatit.report.markup.ValueTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A data set's summary for a terminal. */
public final class InspectText {
    private InspectText() {}

    /**
     * The tables one after the other, each under a line that says what it is.
     *
     * @param summary the data set
     */
    public static List<String> lines(DatasetSummary summary) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "data set %s: version %d, format %d, stored as %s, fitted by %s", summary.data(),
                summary.version(), summary.formatVersion(), summary.store().label(), summary.resize().name().toLowerCase(Locale.ROOT)));
        add(lines, "What is stored", SummaryTables.parts(summary));
        add(lines, "Sizes of the source files, width x height, each on its own", SummaryTables.sizes(summary));
        add(lines, "Formats and modes of the source files", SummaryTables.kinds(summary));
        add(lines, "Brightness and colours of the stored images", SummaryTables.looks(summary));
        add(lines, "Left out", SummaryTables.leftOut(summary));
        lines.add("");
        if (summary.leftOut().isEmpty()) {
            lines.add("nothing was left out");
        }
        if (!SummaryTables.missing(summary).isEmpty()) {
            lines.add(SummaryTables.missing(summary));
        } else if (summary.differences().isEmpty()) {
            lines.add("brightness, contrast and colours of the domains, and of train and test, are close");
        }
        summary.differences().forEach(difference -> lines.add("note: " + difference));
        return lines;
    }

    private static void add(List<String> lines, String title, ValueTable table) {
        if (!table.rows().isEmpty()) {
            lines.add("");
            lines.add(title);
            table.lines().forEach(line -> lines.add("  " + line));
        }
    }
}
