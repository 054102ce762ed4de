package io.ugatit.report.chart;

import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.Html;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Charts side by side in one picture, with titles and legends: an SVG of its own, which brings its colours and leaves fonts to whoever
 * shows it.
 *
 * @param charts at least one; those without values are left out of the picture
 * @param columns charts a row, at least 1
 */
public record ChartSheet(List<LineChart> charts, int columns) {
    /** The styles that {@link LineChart.Series} may have on a sheet, each another colour; and {@code rate}. */
    public static final List<String> STYLES = List.of("a", "b", "c", "d", "e", "f", "g", "h");

    private static final double MARGIN = 14;
    private static final double HEADER = 62;
    private static final double CELL_WIDTH = LineChart.WIDTH + 2 * MARGIN;
    private static final double CELL_HEIGHT = HEADER + LineChart.HEIGHT + MARGIN;
    /** A light card on any page: a picture does not know whether the page around it is dark. */
    private static final String CSS = """
            svg{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;font-size:12px}
            .card{fill:#fff}.name{font-size:14px;font-weight:600;fill:#1d1c1a}.meaning,.legend,.tick{fill:#6a6761}.tick{font-size:11.5px}
            .grid{stroke:#ebe8e1;fill:none}.line{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
            .line.raw{stroke-width:1;opacity:.28}.last{font-weight:600;fill:#1d1c1a}
            .error{opacity:.6}.a{color:#c2501f}.b{color:#2a5ea8}.c,.rate{color:#4d7c3a}.d{color:#8a4fa3}.e{color:#a67c00}.f{color:#00808a}.g{color:#c24f86}
            .h{color:#6a6761}.line{stroke:currentColor}.mark{fill:currentColor}
            """;

    /** @throws IllegalArgumentException if there are no charts or no columns */
    public ChartSheet {
        charts = List.copyOf(charts);
        if (charts.isEmpty() || columns < 1) {
            throw new IllegalArgumentException(charts.size() + " charts in " + columns + " columns: there must be one at least of both");
        }
    }

    /** The picture as an SVG document; without values in any chart it says so. */
    public String svg() {
        StringWriter svg = new StringWriter();
        try {
            write(new Html(svg), drawn());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be written
        }
        return svg.toString();
    }

    /** The picture as an HTML image that holds the whole SVG: its styles do not reach into the page, nor the page's into it. */
    public String html() {
        List<LineChart> drawn = drawn();
        String description = drawn.isEmpty() ? "no values yet"
                : drawn.stream().map(LineChart::description).collect(Collectors.joining(". "));
        return "<img width=\"" + Math.round(width(drawn)) + "\" alt=\"" + Html.escape(description) + "\" src=\"data:image/svg+xml;base64,"
                + Base64.getEncoder().encodeToString(svg().getBytes(StandardCharsets.UTF_8)) + "\"/>";
    }

    private List<LineChart> drawn() {
        return charts.stream().filter(chart -> !chart.isEmpty()).toList();
    }

    private double width(List<LineChart> drawn) {
        return CELL_WIDTH * Math.max(1, Math.min(columns, drawn.size()));
    }

    private void write(Html svg, List<LineChart> drawn) throws IOException {
        double width = width(drawn);
        double height = CELL_HEIGHT * Math.max(1, (drawn.size() + columns - 1) / columns);
        svg.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + Math.round(width) + "\" height=\"" + Math.round(height)
                + "\" viewBox=\"0 0 " + Math.round(width) + " " + Math.round(height) + "\">\n<style>" + CSS + "</style>\n"
                + "<rect class=\"card\" width=\"100%\" height=\"100%\" rx=\"8\"/>\n");
        if (drawn.isEmpty()) {
            svg.raw("<text class=\"meaning\" x=\"" + MARGIN + "\" y=\"30\">No values yet.</text>\n");
        }
        for (int i = 0; i < drawn.size(); i++) {
            svg.raw("<g transform=\"translate(" + Math.round(i % columns * CELL_WIDTH + MARGIN) + " "
                    + Math.round(i / columns * CELL_HEIGHT) + ")\">\n");
            header(svg, drawn.get(i));
            svg.raw("<g transform=\"translate(0 " + HEADER + ")\">\n");
            drawn.get(i).plot(svg, "clip-" + i, Scale.FITTING);
            svg.raw("</g>\n</g>\n");
        }
        svg.raw("</svg>\n");
    }

    private static void header(Html svg, LineChart chart) throws IOException {
        svg.raw("<text class=\"name\" y=\"24\">").text(chart.title()).raw("</text>\n<text class=\"meaning\" y=\"40\">")
                .text(chart.meaning() + (chart.isLogarithmic() ? " (logarithmic)" : "")).raw("</text>\n<text class=\"legend\" y=\"57\">");
        double gap = 0;
        // one text, so that no width of a word needs to be known
        for (LineChart.Series series : chart.drawn().toList()) {
            svg.raw("<tspan class=\"mark " + series.style() + "\" dx=\"" + gap + "\">&#9644;</tspan><tspan dx=\"4\">").text(series.label())
                    .raw("</tspan><tspan class=\"last\" dx=\"5\">").text(Figures.compact(series.trend().last())).raw("</tspan>");
            gap = 14;
        }
        svg.raw("</text>\n");
    }
}
