package io.ugatit.report;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.log.EvaluationRow;
import io.ugatit.dataset.Domain;
import io.ugatit.report.curves.KidCurves;
import io.ugatit.report.curves.LossCurves;
import io.ugatit.report.curves.RoundCurves;
import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.Html;
import io.ugatit.report.markup.Page;
import io.ugatit.report.markup.ValueTable;
import io.ugatit.report.sample.SampleIndex;
import io.ugatit.report.sample.SampleStrips;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Several runs side by side: what they came to, their translations of the same images, their curves, and the options in which they differ.
 *
 * @param runs 2 to 8, by the names they have on the page
 */
record ComparisonPage(Map<String, ComparedRun> runs) {
    private static final int IMAGES = 8;
    /** Pixels of a sample's longer side. */
    private static final int SIDE = 128;
    private static final String NOTHING = "–";

    void write(Html html) throws IOException {
        String names = String.join(", ", runs.keySet());
        new Page("U-GAT-IT trainings compared", runs.size() + " runs", names + ".", false).write(html, body -> {
            table(body, "figures", "What they came to", figures());
            samples(body);
            kid(body);
            new ChartSection("losses", "Losses", "The mean of both domains, as a moving mean and step by step (faint), each weighted as in its"
                    + " training: where weights differ, so does what a value means.", LossCurves.charts(each(ComparedRun::metrics)))
                    .writeInBothScales(body);
            new ChartSection("speed", "Speed and memory", "Of each round. Runs of versions that did not write it down are left out.",
                    RoundCurves.charts(each(ComparedRun::rounds))).write(body);
            ValueTable differences = OptionTable.differences(each(ComparedRun::run));
            if (differences.rows().isEmpty()) {
                body.section("options", "Options").note("All are the same.").raw("</section>\n");
            } else {
                table(body, "options", "Options that differ", differences);
            }
        });
    }

    private <T> Map<String, T> each(Function<ComparedRun, T> what) {
        Map<String, T> each = new LinkedHashMap<>();
        runs.forEach((name, run) -> each.put(name, what.apply(run)));
        return each;
    }

    private ValueTable figures() {
        List<List<String>> rows = new ArrayList<>();
        runs.forEach((name, run) -> {
            Optional<EvaluationRow> best = EvaluationRow.best(run.evaluations());
            rows.add(List.of(name, Figures.count(run.metrics().lastStep()), run.tables().option("steps").orElse(NOTHING),
                    loss(run, "d_total"), loss(run, "g_total"),
                    best.map(row -> Figures.compact(row.kid()) + " (" + row.extractor() + ")").orElse(NOTHING),
                    best.map(row -> Figures.count(row.step())).orElse(NOTHING),
                    run.rounds().count() == 0 ? NOTHING : Figures.duration(run.rounds().seconds()),
                    run.rounds().mostBytes().isEmpty() ? NOTHING : Figures.compact(run.rounds().mostBytes().getAsDouble())));
        });
        return new ValueTable(List.of("run", "steps", "of", "discriminator loss", "generator loss", "best KID, both directions' sum", "at step",
                "time in rounds", "peak bytes"), rows);
    }

    private static String loss(ComparedRun run, String name) {
        Double value = run.metrics().last().get(name);
        return value == null ? NOTHING : Figures.compact(value);
    }

    private void kid(Html html) throws IOException {
        Map<String, List<EvaluationRow>> rows = each(ComparedRun::evaluations);
        Optional<List<EvaluationRow>> yardstick = rows.values().stream().filter(list -> !list.isEmpty()).findFirst();
        if (yardstick.isEmpty()) {
            return;
        }
        EvaluationRow last = yardstick.get().get(yardstick.get().size() - 1);
        List<String> others = rows.entrySet().stream()
                .filter(run -> !run.getValue().isEmpty() && KidCurves.comparable(run.getValue(), yardstick.get()).isEmpty())
                .map(Map.Entry::getKey).toList();
        new ChartSection("kid", "Translations over the training", "Of the test images, by " + last.extractor() + ", the lower the better"
                + (others.isEmpty() ? "." : ". Not drawn, since judged by other features or images: " + String.join(", ", others) + "."),
                List.of(KidCurves.compare(rows))).write(html);
    }

    private void samples(Html html) throws IOException {
        Map<String, RunDirectory> drawn = new LinkedHashMap<>();
        for (Map.Entry<String, ComparedRun> run : runs.entrySet()) {
            if (!SampleIndex.readAll(run.getValue().run()).isEmpty()) {
                drawn.put(run.getKey(), run.getValue().run());
            }
        }
        html.section("samples", "Samples");
        if (drawn.isEmpty()) {
            html.raw("<p class=\"none\">No run has samples yet.</p>\n</section>\n");
            return;
        }
        List<String> missing = runs.keySet().stream().filter(name -> !drawn.containsKey(name)).toList();
        html.note("The newest translations of the same test images"
                + (missing.isEmpty() ? "." : "; without samples: " + String.join(", ", missing) + "."));
        for (Domain source : Domain.values()) {
            String title = source == Domain.A ? "A to B" : "B to A";
            html.raw("<h3>" + title + "</h3>\n").scroll("Samples, " + title)
                    .raw(SampleStrips.acrossRuns(drawn, source, IMAGES).html(SIDE)).raw("</div>\n");
        }
        html.raw("</section>\n");
    }

    private static void table(Html html, String id, String title, ValueTable table) throws IOException {
        html.section(id, title).scroll(title).raw(table.html()).raw("</div>\n</section>\n");
    }
}
