package io.ugatit.report.chart;

import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.Html;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Curves over the steps as inline SVG: a faint raw line and its moving mean. Text stays text and colours are CSS classes, so the page's
 * light and dark themes, screen readers and searches reach into the chart; Java2D charting libraries draw glyphs as outlines in fixed
 * colours and need fonts on the machine.
 *
 * @param title what is drawn, in words
 * @param meaning the title's explanation, in a few words
 * @param series at least one; curves may be empty
 * @param fromZero whether the values' axis has zero on it, so that heights can be compared; else what little there is to see fills it
 */
public record LineChart(String title, String meaning, List<Series> series, boolean fromZero) {
    static final double WIDTH = 400;
    static final double HEIGHT = 220;
    private static final double LEFT = 44;
    private static final double RIGHT = 10;
    private static final double TOP = 8;
    private static final double BOTTOM = 24;
    /** Where the start towers over the middle by this much, a linear axis would hide the middle. */
    private static final double LOGARITHMIC_FROM = 12;
    /** Raw outliers above this share of the values are cut off, not drawn to scale. */
    private static final double SHOWN = 0.995;

    /** A chart whose values' axis has zero on it. */
    public LineChart(String title, String meaning, List<Series> series) {
        this(title, meaning, series, true);
    }

    /**
     * One line.
     *
     * @param label in words
     * @param style the CSS class that colours it
     * @param curve the raw values
     * @param noisy whether the moving mean says more than the values; exact quantities are drawn as they are
     */
    public record Series(String label, String style, Curve curve, boolean noisy) {
        /** What is read off: the moving mean, or the values themselves. */
        public Curve trend() {
            return noisy ? curve.smoothed() : curve;
        }
    }

    /** Whether there is nothing to draw. */
    public boolean isEmpty() {
        return series.stream().allMatch(one -> one.curve().isEmpty());
    }

    /**
     * Writes a figure: title, meaning, a legend with the last values, and the SVG element.
     *
     * @param id unique on the page
     * @throws IOException if it cannot be written
     */
    public void figure(Html html, String id) throws IOException {
        html.raw("<figure>\n<figcaption><span class=\"name\">").text(title)
                .raw("</span><span class=\"meaning\">").text(meaning)
                .raw((isLogarithmic() ? " (logarithmic)" : "") + "</span><span class=\"legend\">");
        for (Series one : drawn().toList()) {
            html.raw("<span class=\"" + one.style() + "\"><i></i>").text(one.label())
                    .raw(" <b>" + Figures.compact(one.trend().last()) + "</b></span>");
        }
        html.raw("</span></figcaption>\n");
        if (isEmpty()) {
            html.raw("<p class=\"none\">The metrics do not have it.</p>\n");
        } else {
            write(html, id);
        }
        html.raw("</figure>\n");
    }

    /**
     * Writes an SVG element for a page whose styles colour it.
     *
     * @param id unique on the page
     * @throws IOException if it cannot be written
     */
    public void write(Html html, String id) throws IOException {
        html.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" viewBox=\"0 0 " + number(WIDTH) + " "
                + number(HEIGHT) + "\" aria-label=\"").text(description()).raw("\">\n");
        plot(html, id);
        html.raw("</svg>\n");
    }

    /** Writes what is in the SVG element: axes and lines, in {@link #WIDTH} x {@link #HEIGHT}. */
    void plot(Html html, String id) throws IOException {
        Axis steps = Axis.linear(
                drawn().mapToDouble(one -> one.curve().steps()[0]).min().orElse(0),
                drawn().mapToDouble(one -> one.curve().steps()[one.curve().steps().length - 1]).max().orElse(1));
        Axis values = valueAxis();
        html.raw("<clipPath id=\"" + id + "\"><rect x=\"" + number(LEFT) + "\" y=\"" + number(TOP) + "\" width=\""
                + number(WIDTH - LEFT - RIGHT) + "\" height=\"" + number(HEIGHT - TOP - BOTTOM) + "\"/></clipPath>\n");
        for (double tick : values.ticks()) {
            String y = number(y(values, tick));
            html.raw("<path class=\"grid\" d=\"M" + number(LEFT) + " " + y + "H" + number(WIDTH - RIGHT) + "\"/>");
            html.raw("<text class=\"tick\" x=\"" + number(LEFT - 6) + "\" y=\"" + y + "\" dy=\".35em\" text-anchor=\"end\">")
                    .text(Figures.compact(tick)).raw("</text>\n");
        }
        for (double tick : steps.ticks()) {
            double x = x(steps, tick);
            html.raw("<text class=\"tick\" x=\"" + number(x) + "\" y=\"" + number(HEIGHT - 6) + "\" text-anchor=\""
                    + (x > WIDTH - 30 ? "end" : "middle") + "\">").text(Figures.compact(tick)).raw("</text>\n");
        }
        html.raw("<g clip-path=\"url(#" + id + ")\">\n");
        // all raw lines below all means
        for (Series one : drawn().filter(Series::noisy).toList()) {
            line(html, one.style() + " raw", one.curve(), steps, values);
        }
        for (Series one : drawn().toList()) {
            line(html, one.style(), one.trend(), steps, values);
        }
        html.raw("</g>\n");
    }

    /** Whether the values' axis is logarithmic. */
    public boolean isLogarithmic() {
        return valueAxis().logarithmic();
    }

    Stream<Series> drawn() {
        return series.stream().filter(one -> !one.curve().isEmpty());
    }

    private Axis valueAxis() {
        double[] raw = drawn().flatMapToDouble(one -> DoubleStream.of(one.curve().values())).sorted().toArray();
        double[] smooth = drawn().flatMapToDouble(one -> DoubleStream.of(one.trend().values())).sorted().toArray();
        if (raw.length == 0) {
            return Axis.linear(0, 1);
        }
        double top = Math.max(raw[(int) (SHOWN * (raw.length - 1))], smooth[smooth.length - 1]);
        double middle = smooth[smooth.length / 2];
        double least = raw[(int) ((1 - SHOWN) * (raw.length - 1))];
        if (raw[0] > 0 && top > LOGARITHMIC_FROM * middle) {
            return Axis.logarithmic(least / 1.1, top * 1.1);
        }
        if (!fromZero) {
            double margin = (top - least) / 20;
            return Axis.linear(least - margin, top + margin);
        }
        return Axis.linear(Math.min(0, least), top * (top > 0 ? 1.05 : 1));
    }

    private static void line(Html html, String style, Curve curve, Axis steps, Axis values) throws IOException {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < curve.values().length; i++) {
            path.append(i == 0 ? "M" : "L").append(number(x(steps, curve.steps()[i])))
                    .append(' ').append(number(y(values, curve.values()[i])));
        }
        if (curve.values().length == 1) {
            // with round caps a line of no length is a dot
            path.append("h0");
        }
        html.raw("<path class=\"line " + style + "\" d=\"" + path + "\"/>\n");
    }

    /** The chart in words, for those who cannot see it. */
    String description() {
        StringBuilder text = new StringBuilder(title);
        for (Series one : drawn().toList()) {
            double[] values = one.curve().values();
            text.append("; ").append(one.label()).append(" from ").append(Figures.compact(values[0])).append(" to ")
                    .append(Figures.compact(one.curve().last())).append(", least ")
                    .append(Figures.compact(Arrays.stream(values).min().orElseThrow()));
        }
        return text.toString();
    }

    private static double x(Axis axis, double value) {
        return LEFT + axis.position(value) * (WIDTH - LEFT - RIGHT);
    }

    /** Held near the frame: the clip hides the rest, and no coordinate gets absurd. */
    private static double y(Axis axis, double value) {
        double position = Math.max(-1, Math.min(2, axis.position(value)));
        return HEIGHT - BOTTOM - position * (HEIGHT - TOP - BOTTOM);
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
