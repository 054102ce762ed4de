package io.ugatit.report.dataset;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.report.chart.Curve;
import io.ugatit.report.chart.LineChart;
import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.Html;
import io.ugatit.report.markup.ImageTable;
import io.ugatit.report.markup.Page;
import io.ugatit.report.markup.ValueTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The page that shows a data set.
 *
 * @param name what it is called
 * @param summary its figures
 * @param sheets contact sheets by the parts that have images
 */
record DatasetPage(String name, DatasetSummary summary, Map<String, ImageTable> sheets) {
    private static final int THUMBNAIL = 96;
    private static final double END = 255;

    void write(Html html) throws IOException {
        new Page("U-GAT-IT data set", name, sentence(), false).write(html, body -> {
            differences(body);
            images(body);
            looks(body);
            sources(body);
            parts(body);
            leftOut(body);
        });
    }

    /** The one sentence that says what there is. */
    private String sentence() {
        return Figures.count(images(Domain.A, Split.TRAIN)) + " images of A and " + Figures.count(images(Domain.B, Split.TRAIN))
                + " of B to train on, " + Figures.count(images(Domain.A, Split.TEST)) + " and " + Figures.count(images(Domain.B, Split.TEST))
                + " to judge by; version " + summary.version() + ", stored as " + summary.store().label() + ".";
    }

    private long images(Domain domain, Split split) {
        return summary.part(domain, split).map(PartSummary::images).orElse(0L);
    }

    private void differences(Html html) throws IOException {
        html.section("differences", "What differs");
        String missing = SummaryTables.missing(summary);
        if (!missing.isEmpty()) {
            html.note(missing);
        } else if (summary.differences().isEmpty()) {
            html.note("Brightness, contrast and colours of the domains, and of train and test, are close.");
        }
        if (!summary.differences().isEmpty()) {
            html.raw("<ul>\n");
            for (String difference : summary.differences()) {
                html.raw("<li>").text(difference).raw("</li>\n");
            }
            html.raw("</ul>\n");
            html.note("What differs between A and B is learnt first. If it is the cameras' and not the point, even it out before training.");
        }
        html.raw("</section>\n");
    }

    private void images(Html html) throws IOException {
        html.section("images", "Images");
        html.note("Spread evenly over each part, as networks see them; a tile tells its file.");
        for (Map.Entry<String, ImageTable> sheet : sheets.entrySet()) {
            html.raw("<h3>").text(sheet.getKey()).raw("</h3>\n<div class=\"sheets\">\n").raw(sheet.getValue().html(THUMBNAIL)).raw("</div>\n");
        }
        html.raw("</section>\n");
    }

    private void looks(Html html) throws IOException {
        ValueTable table = SummaryTables.looks(summary);
        if (table.headings().size() == 1) {
            return;
        }
        html.section("looks", "Brightness and colours");
        html.note("Of the stored images. An image's brightness is the mean of its luma, its contrast the standard deviation of it; a mean over"
                + " images follows, and how they spread.");
        html.raw("<div class=\"charts\">\n");
        for (Split split : Split.values()) {
            chart(html, split);
        }
        html.raw("</div>\n");
        table(html, "Brightness and colours", table);
        html.raw("</section>\n");
    }

    private void chart(Html html, Split split) throws IOException {
        List<LineChart.Series> series = new ArrayList<>();
        StringBuilder legend = new StringBuilder();
        for (Domain domain : Domain.values()) {
            Optional<PartSummary.Sources> sources = summary.part(domain, split).flatMap(PartSummary::sources);
            String style = domain.name().toLowerCase(Locale.ROOT);
            sources.ifPresent(known -> {
                series.add(new LineChart.Series(split.label() + domain, style, histogram(known), false));
                legend.append("<span class=\"" + style + "\"><i></i>" + split.label() + domain + " <b>"
                        + String.format(Locale.ROOT, "%.0f", known.brightness().mean()) + "</b></span>");
            });
        }
        if (!series.isEmpty()) {
            LineChart chart = new LineChart("Brightness, " + split.label(), "per cent of the images over brightness; the mean in bold", series);
            html.raw("<figure>\n<figcaption><span class=\"name\">").text(chart.title()).raw("</span><span class=\"meaning\">")
                    .text(chart.meaning()).raw("</span><span class=\"legend\">" + legend + "</span></figcaption>\n");
            chart.write(html, "brightness-" + split.label());
            html.raw("</figure>\n");
        }
    }

    /** Per cent of the images at the middle of each bin, and none at both ends. */
    private static Curve histogram(PartSummary.Sources sources) {
        int bins = sources.histogram().size();
        double[] levels = new double[bins + 2];
        double[] shares = new double[bins + 2];
        for (int i = 0; i < bins; i++) {
            levels[i + 1] = (i + 0.5) * END / bins;
            shares[i + 1] = 100 * sources.histogram().get(i);
        }
        levels[bins + 1] = END;
        return new Curve(levels, shares);
    }

    private void sources(Html html) throws IOException {
        ValueTable sizes = SummaryTables.sizes(summary);
        if (sizes.rows().isEmpty()) {
            return;
        }
        html.section("sources", "Source files");
        html.note("Width x height of the upright images before they were fitted (" + summary.resize().name().toLowerCase(Locale.ROOT)
                + "), each on its own: least, quartiles, greatest. Enlarged ones had fewer pixels than are stored, and look soft.");
        table(html, "Sizes of the source files", sizes);
        table(html, "Formats and modes of the source files", SummaryTables.kinds(summary));
        html.raw("</section>\n");
    }

    private void parts(Html html) throws IOException {
        html.section("parts", "What is stored");
        table(html, "What is stored", SummaryTables.parts(summary));
        html.raw("</section>\n");
    }

    private void leftOut(Html html) throws IOException {
        html.section("left-out", "Left out");
        if (summary.leftOut().isEmpty()) {
            html.raw("<p class=\"none\">Nothing was left out.</p>\n");
        } else {
            table(html, "Files that were left out", SummaryTables.leftOut(summary));
        }
        html.raw("</section>\n");
    }

    private static void table(Html html, String label, ValueTable table) throws IOException {
        html.scroll(label).raw(table.html() + "</div>\n");
    }
}
