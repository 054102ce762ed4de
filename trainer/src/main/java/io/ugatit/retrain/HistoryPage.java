package io.ugatit.retrain;

import io.ugatit.dataset.Domain;
import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.Html;
import io.ugatit.report.markup.Page;
import io.ugatit.report.markup.ValueTable;
import io.ugatit.retrain.sample.NightSamples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;

/**
 * What somebody who was asleep looks at: every cycle with its figures and its verdict, every night, failed ones included, and the newest
 * cycles' samples, of the new run beside the one that it began with, newest first.
 *
 * @param workspace whose pictures are shown
 * @param history what its records say
 * @param warn takes one line for each file of pictures that is damaged and left out
 */
record HistoryPage(Workspace workspace, HistoryResult history, Consumer<String> warn) {
    /** Cycles whose pictures are kept and shown: a month of nights, and some megabytes. */
    static final int MOST_SAMPLES = 31;
    /** Rows of the table of nights: a year. */
    private static final int MOST_NIGHTS = 366;
    /** Pixels of a picture's longer side. */
    private static final int SIDE = 128;

    void write(Html html) throws IOException {
        new Page("U-GAT-IT nights", new Path(history.workspace()).getName(), summary(), false).write(html, body -> {
            table(body, "cycles", "Cycles", "What was trained, on which images, from which run, and whether it was promoted. A KID is the mean"
                    + " of both directions, the lower the better; both runs of a cycle are judged by the same test images, those of another"
                    + " cycle may be others.", cycles());
            samples(body);
            table(body, "nights", "Nights", "Every start of retrain" + (history.nights().size() > MOST_NIGHTS ? ", the newest " + MOST_NIGHTS
                    : "") + ", by the clock of its driver.", nights());
        });
    }

    private String summary() {
        return (history.promoted() == null ? "No run is promoted. " : "Run " + history.promoted() + " is promoted. ")
                + Figures.count(history.nights().size()) + (history.nights().size() == 1 ? " night: " : " nights: ")
                + count("promoted") + " promoted a run, " + count("kept") + " kept the one before, " + count("nothing_new")
                + " found nothing new, " + count("failed") + " failed.";
    }

    private String count(String outcome) {
        return Figures.count(history.nights().stream().filter(night -> night.outcome().equals(outcome)).count());
    }

    private ValueTable cycles() {
        List<List<String>> rows = new ArrayList<>();
        for (List<String> row : history.table().rows()) {
            List<String> shown = new ArrayList<>(row);
            cycle(row.get(0)).map(Cycle::images).ifPresent(images -> shown.set(HistoryResult.IMAGES, "train " + images.trainA() + " + "
                    + images.trainB() + ", test " + images.testA() + " + " + images.testB() + " (" + row.get(HistoryResult.IMAGES) + ")"));
            rows.add(shown);
        }
        Collections.reverse(rows);
        return new ValueTable(history.table().headings(), rows);
    }

    private Optional<Cycle> cycle(String name) {
        return history.cycles().stream().filter(cycle -> cycle.name().equals(name)).findFirst();
    }

    private ValueTable nights() {
        List<List<String>> rows = new ArrayList<>();
        for (Night night : history.nights()) {
            rows.add(List.of(night.began(), Figures.duration(night.seconds()), night.outcome().replace('_', ' '),
                    night.cycle() == null ? "" : night.cycle(), night.reason() == null ? "" : night.reason(),
                    night.host() == null ? "" : night.host()));
        }
        Collections.reverse(rows);
        return new ValueTable(List.of("began", "took", "outcome", "cycle", "why", "on"), rows.subList(0, Math.min(MOST_NIGHTS, rows.size())));
    }

    private void samples(Html html) throws IOException {
        html.section("samples", "Samples");
        List<Cycle> newestFirst = new ArrayList<>(history.cycles());
        Collections.reverse(newestFirst);
        int shown = 0;
        for (Cycle cycle : newestFirst) {
            Optional<NightSamples> samples = shown < MOST_SAMPLES ? workspace.samples().readable(cycle.number(), warn) : Optional.empty();
            if (samples.isPresent()) {
                if (shown == 0) {
                    html.note("Test images, and what the new run of a cycle and the one that it began with make of them.");
                }
                samples(html, cycle, samples.get());
                shown++;
            }
        }
        html.raw((shown == 0 ? "<p class=\"none\">No night has drawn any yet.</p>\n" : "") + "</section>\n");
    }

    private static void samples(Html html, Cycle cycle, NightSamples samples) throws IOException {
        html.raw("<h3>").text("Cycle " + cycle.name() + ", " + HistoryResult.outcome(cycle)).raw("</h3>\n");
        if (cycle.reason() != null) {
            html.note(cycle.reason());
        }
        html.raw("<div class=\"directions\">\n");
        for (Domain source : Domain.values()) {
            String title = source == Domain.A ? "A to B" : "B to A";
            html.raw("<div class=\"direction\">\n<h4>" + title + "</h4>\n").scroll("Samples of cycle " + cycle.name() + ", " + title)
                    .raw(samples.table(source, cycle.start(), cycle.name()).html(SIDE) + "</div>\n</div>\n");
        }
        html.raw("</div>\n");
    }

    private static void table(Html html, String id, String title, String note, ValueTable table) throws IOException {
        html.section(id, title).note(note).raw("<div class=\"scroll story\" role=\"region\" tabindex=\"0\" aria-label=\"")
                .text(title).raw("\">\n" + table.html() + "</div>\n</section>\n");
    }
}
