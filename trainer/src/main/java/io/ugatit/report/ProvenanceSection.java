package io.ugatit.report;

import io.ugatit.checkpoint.log.TrainingStart;
import io.ugatit.report.curves.Rounds;
import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.Html;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Where the run comes from: which program, which images, which machines, when. What the run does not tell is left out. */
record ProvenanceSection(RunTables tables, List<TrainingStart> starts, Rounds rounds) {
    void write(Html html) throws IOException {
        Map<String, String> facts = facts();
        html.section("provenance", "Provenance");
        if (starts.isEmpty()) {
            html.note("The version that trained this run did not write down builds, hosts and times.");
        }
        html.scroll("Provenance").raw("<table>\n<tbody>\n");
        for (Map.Entry<String, String> fact : facts.entrySet()) {
            html.raw("<tr><th scope=\"row\">").text(fact.getKey()).raw("</th><td>").text(fact.getValue()).raw("</td></tr>\n");
        }
        html.raw("</tbody>\n</table>\n</div>\n</section>\n");
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        if (!starts.isEmpty()) {
            facts.put("Program", distinct(start -> List.of("ugatit-spark " + start.program())));
        }
        tables.option("data").ifPresent(data -> facts.put("Data set", data));
        tables.option("images").ifPresent(hash -> facts.put("Content hash of its images", hash));
        tables.option("data-version").ifPresent(version -> facts.put("Its version", version));
        if (starts.isEmpty()) {
            tables.option("kernels").ifPresent(kernels -> facts.put("Kernels", kernels));
        } else {
            facts.put("Hosts", distinct(TrainingStart::hosts));
            facts.put("Kernels and instruction set", distinct(TrainingStart::kernels));
            facts.put("Devices", distinct(TrainingStart::devices));
            facts.put("Spark", distinct(start -> List.of(start.spark() + ", master " + start.master())));
            facts.put("Java", distinct(start -> List.of(start.java())));
            facts.put("Started", starts.stream().map(start -> start.time() + " after step " + Figures.count(start.step()))
                    .collect(Collectors.joining(", ")));
        }
        if (rounds.count() > 0) {
            facts.put("First round ended", rounds.firstTime());
            facts.put("Last round ended", rounds.lastTime());
            facts.put("Time in rounds", Figures.duration(rounds.seconds()) + " in " + Figures.count(rounds.count()) + " rounds");
        }
        return facts;
    }

    private String distinct(Function<TrainingStart, List<String>> what) {
        return starts.stream().flatMap(start -> what.apply(start).stream()).distinct().collect(Collectors.joining(", "));
    }
}
