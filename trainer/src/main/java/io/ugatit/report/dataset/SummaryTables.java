package io.ugatit.report.dataset;

import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.ValueTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The tables of a data set's summary, for terminals, pages and notebooks. */
public final class SummaryTables {
    private SummaryTables() {}

    /**
     * A row for each part: images, pixels of each as stored, megabytes, files left out.
     *
     * @param summary the data set
     */
    public static ValueTable parts(DatasetSummary summary) {
        List<List<String>> rows = new ArrayList<>();
        for (PartSummary part : summary.parts()) {
            rows.add(List.of(part.part(), Figures.count(part.images()), part.side() + " x " + part.side(), summary.store().label(),
                    Figures.compact(part.bytes() / 1e6), part.images() == 0 ? "" : Figures.compact(part.bytes() / 1e3 / part.images()),
                    Figures.count(part.leftOut())));
        }
        return new ValueTable(List.of("part", "images", "pixels", "store", "MB", "kB an image", "left out"), rows);
    }

    /**
     * A row for each part whose shards tell what the sources were: widths and heights in pixels, and how many were enlarged.
     *
     * @param summary the data set
     */
    public static ValueTable sizes(DatasetSummary summary) {
        List<List<String>> rows = new ArrayList<>();
        for (PartSummary part : summary.parts()) {
            part.sources().ifPresent(sources -> rows.add(List.of(part.part(),
                    both(sources, Spread::min), both(sources, Spread::lower), both(sources, Spread::median), both(sources, Spread::upper),
                    both(sources, Spread::max), part.side() + " x " + part.side(), Figures.count(sources.enlarged()))));
        }
        return new ValueTable(List.of("part", "least", "25 %", "median", "75 %", "greatest", "stored", "enlarged"), rows);
    }

    /**
     * A row for each format and each mode, a column of counts for each part.
     *
     * @param summary the data set
     */
    public static ValueTable kinds(DatasetSummary summary) {
        List<PartSummary> known = known(summary);
        List<List<String>> rows = new ArrayList<>();
        counts("format", PartSummary.Sources::formats, known, rows);
        counts("mode", PartSummary.Sources::modes, known, rows);
        return new ValueTable(headings("source", known), rows);
    }

    /**
     * A row for each measure of how the stored images look, a column for each part; levels from 0 to 255.
     *
     * @param summary the data set
     */
    public static ValueTable looks(DatasetSummary summary) {
        List<PartSummary> known = known(summary);
        List<List<String>> rows = new ArrayList<>();
        look("brightness, mean", known, rows, sources -> sources.brightness().mean());
        look("brightness, deviation", known, rows, sources -> sources.brightness().deviation());
        look("brightness, 5 %", known, rows, sources -> sources.brightness().low());
        look("brightness, 25 %", known, rows, sources -> sources.brightness().lower());
        look("brightness, median", known, rows, sources -> sources.brightness().median());
        look("brightness, 75 %", known, rows, sources -> sources.brightness().upper());
        look("brightness, 95 %", known, rows, sources -> sources.brightness().high());
        look("contrast, mean", known, rows, sources -> sources.contrast().mean());
        look("red, mean", known, rows, sources -> sources.red().mean());
        look("green, mean", known, rows, sources -> sources.green().mean());
        look("blue, mean", known, rows, sources -> sources.blue().mean());
        return new ValueTable(headings("levels of 255", known), rows);
    }

    /**
     * A row for each kind and reason for which files were left out, with the first of them.
     *
     * @param summary the data set
     */
    public static ValueTable leftOut(DatasetSummary summary) {
        List<List<String>> rows = new ArrayList<>();
        for (LeftOutSummary group : summary.leftOut()) {
            rows.add(List.of(group.kind().inWords(), Figures.count(group.count()), group.reason(),
                    String.join(", ", group.files()) + (group.count() > group.files().size() ? ", …" : "")));
        }
        return new ValueTable(List.of("kind", "files", "reason", "such as"), rows);
    }

    /** What is not in the tables because shards of the first format do not tell; empty if all do. */
    static String missing(DatasetSummary summary) {
        List<String> parts = summary.parts().stream().filter(part -> !part.isComplete()).map(PartSummary::part).toList();
        return parts.isEmpty() ? "" : "Sizes, formats and modes of the sources, brightness and colours are not known of "
                + (parts.size() == summary.parts().size() ? "this data set" : "all of " + String.join(", ", parts))
                + ": it was made by a version that did not store them; prepare it again to see them.";
    }

    private static List<PartSummary> known(DatasetSummary summary) {
        return summary.parts().stream().filter(part -> part.sources().isPresent()).toList();
    }

    private static List<String> headings(String first, List<PartSummary> parts) {
        List<String> headings = new ArrayList<>(List.of(first));
        parts.forEach(part -> headings.add(part.part()));
        return headings;
    }

    private static void counts(String what, Function<PartSummary.Sources, Map<String, Long>> counts, List<PartSummary> parts,
            List<List<String>> rows) {
        Set<String> names = new TreeSet<>();
        parts.forEach(part -> names.addAll(counts.apply(part.sources().orElseThrow()).keySet()));
        for (String name : names) {
            row(what + " " + name, parts, rows, sources -> {
                long count = counts.apply(sources).getOrDefault(name, 0L);
                return count == 0 ? "" : Figures.count(count);
            });
        }
    }

    private static void look(String name, List<PartSummary> parts, List<List<String>> rows, Function<PartSummary.Sources, Double> measure) {
        row(name, parts, rows, sources -> String.format(Locale.ROOT, "%.1f", measure.apply(sources)));
    }

    private static void row(String name, List<PartSummary> parts, List<List<String>> rows,
            Function<PartSummary.Sources, String> value) {
        if (parts.isEmpty()) {
            return;
        }
        List<String> row = new ArrayList<>(List.of(name));
        parts.forEach(part -> row.add(value.apply(part.sources().orElseThrow())));
        rows.add(row);
    }

    private static String both(PartSummary.Sources sources, Function<Spread, Double> measure) {
        return Math.round(measure.apply(sources.width())) + " x " + Math.round(measure.apply(sources.height()));
    }
}
