package io.ugatit.report;

import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.Html;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Evaluations side by side, times with their shares, and every option. */
record TableSection(RunTables tables) {
    void write(Html html) throws IOException {
        if (!tables.evaluations().isEmpty()) {
            evaluations(html);
        }
        if (!tables.timings().isEmpty()) {
            timings(html);
        }
        options(html);
    }

    private void evaluations(Html html) throws IOException {
        open(html, "evaluation", "Evaluation");
        html.raw("<table>\n<thead><tr><th scope=\"col\">Measure</th>");
        Set<String> measures = new LinkedHashSet<>();
        for (Map.Entry<String, Map<String, String>> evaluation : tables.evaluations().entrySet()) {
            html.raw("<th scope=\"col\" class=\"value\">").text(evaluation.getKey()).raw("</th>");
            measures.addAll(evaluation.getValue().keySet());
        }
        html.raw("</tr></thead>\n<tbody>\n");
        for (String measure : measures) {
            html.raw("<tr><th scope=\"row\">").text(measure).raw("</th>");
            for (Map<String, String> values : tables.evaluations().values()) {
                html.raw("<td class=\"value\">").text(values.getOrDefault(measure, "–")).raw("</td>");
            }
            html.raw("</tr>\n");
        }
        close(html);
    }

    private void timings(Html html) throws IOException {
        open(html, "times", "Times");
        html.raw("<table>\n<thead><tr><th scope=\"col\">Part</th><th scope=\"col\" class=\"value\">Time</th>"
                + "<th scope=\"col\" class=\"share\">Against the longest</th></tr></thead>\n<tbody>\n");
        double longest = tables.timings().values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        for (Map.Entry<String, Double> timing : tables.timings().entrySet()) {
            double share = longest > 0 ? 100 * timing.getValue() / longest : 0;
            html.raw("<tr><th scope=\"row\">").text(timing.getKey()).raw("</th><td class=\"value\">")
                    .text(Figures.duration(timing.getValue()))
                    .raw(String.format(Locale.ROOT, "</td><td class=\"share\"><i style=\"width:%.1f%%\"></i></td></tr>%n", share));
        }
        close(html);
    }

    private void options(Html html) throws IOException {
        open(html, "options", "Options");
        html.raw("<table>\n<thead><tr><th scope=\"col\">Option</th><th scope=\"col\">Value</th></tr></thead>\n<tbody>\n");
        for (Map.Entry<String, String> option : tables.options().entrySet()) {
            html.raw("<tr><th scope=\"row\">").text(option.getKey()).raw("</th><td>").text(option.getValue()).raw("</td></tr>\n");
        }
        close(html);
    }

    private static void open(Html html, String id, String title) throws IOException {
        html.section(id, title).scroll(title);
    }

    private static void close(Html html) throws IOException {
        html.raw("</tbody>\n</table>\n</div>\n</section>\n");
    }
}
