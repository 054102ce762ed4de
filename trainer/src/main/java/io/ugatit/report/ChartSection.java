package io.ugatit.report;

import io.ugatit.report.chart.LineChart;
import io.ugatit.report.markup.Html;
import java.io.IOException;
import java.util.List;

/**
 * Charts side by side under a title.
 *
 * @param id of the section, unique on the page
 * @param title of the section
 * @param note what is to be known of them
 * @param charts none: no section
 */
record ChartSection(String id, String title, String note, List<LineChart> charts) {

    /** Writes them as each fits its values best. */
    void write(Html html) throws IOException {
        if (charts.isEmpty()) {
            return;
        }
        open(html);
        html.raw("<div class=\"charts\">\n");
        for (int i = 0; i < charts.size(); i++) {
            charts.get(i).figure(html, id + "-" + i);
        }
        html.raw("</div>\n</section>\n");
    }

    /** Writes them in linear and logarithmic scale, with a switch between the two that needs no script. */
    void writeInBothScales(Html html) throws IOException {
        open(html);
        boolean logarithmic = charts.stream().anyMatch(LineChart::isLogarithmic);
        scale(html, "linear", !logarithmic);
        scale(html, "logarithmic", logarithmic);
        html.raw("<div class=\"charts\">\n");
        for (int i = 0; i < charts.size(); i++) {
            charts.get(i).figureInBothScales(html, id + "-" + i);
        }
        html.raw("</div>\n</section>\n");
    }

    private void open(Html html) throws IOException {
        html.section(id, title).note(note);
    }

    private void scale(Html html, String name, boolean checked) throws IOException {
        String input = id + "-" + name;
        html.raw("<input class=\"scale to-" + name + "\" type=\"radio\" name=\"" + id + "-scale\" id=\"" + input + "\""
                + (checked ? " checked=\"checked\"" : "") + "/><label class=\"scale\" for=\"" + input + "\">" + name + "</label>\n");
    }
}
