package io.ugatit.report.chart;

import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.Html;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
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
 * @param marked a step that a line marks, if any
 */
public record LineChart(String title, String meaning, List<Series> series, boolean fromZero, OptionalDouble marked) {
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

    /** A chart without a marked step. */
    public LineChart(String title, String meaning, List<Series> series, boolean fromZero) {
        this(title, meaning, series, fromZero, OptionalDouble.empty());
    }

    /**
     * One line.
     *
     * @param label in words
     * @param style the CSS class that colours it
     * @param curve the raw values
     * @param noisy whether the moving mean says more than the values; exact quantities are drawn as they are
     * @param errors standard errors of the values, drawn as bars of one on either side; NaN where there is none; empty for none at all
     */
    public record Series(String label, String style, Curve curve, boolean noisy, double[] errors) {
        /** A line without errors. */
        public Series(String label, String style, Curve curve, boolean noisy) {
            this(label, style, curve, noisy, new double[0]);
        }

        private double error(int i) {
            return i < errors.length && Double.isFinite(errors[i]) ? errors[i] : 0;
        }

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
        caption(html, isLogarithmic() ? " (logarithmic)" : "");
        if (isEmpty()) {
            html.raw("<p class=\"none\">The metrics do not have it.</p>\n");
        } else {
            write(html, id);
        }
        html.raw("</figure>\n");
    }

    /**
     * Writes a figure with two SVG elements, of which the page shows one: {@code linear} and {@code logarithmic} are their classes.
     *
     * @param id unique on the page
     * @throws IOException if it cannot be written
     */
    public void figureInBothScales(Html html, String id) throws IOException {
        caption(html, "");
        if (isEmpty()) {
            html.raw("<p class=\"none\">The metrics do not have it.</p>\n");
        } else {
            svg(html, id, Scale.LINEAR, " linear");
            LineChart positive = new LineChart(title, meaning, series.stream()
                    .map(one -> new Series(one.label(), one.style(), one.curve().positive(), one.noisy())).toList(), fromZero, marked);
            if (positive.isEmpty()) {
                html.raw("<p class=\"none logarithmic\">No value is above zero.</p>\n");
            } else {
                positive.svg(html, id + "-log", Scale.LOGARITHMIC, " logarithmic");
            }
        }
        html.raw("</figure>\n");
    }

    private void caption(Html html, String scale) throws IOException {
        html.raw("<figure>\n<figcaption><span class=\"name\">").text(title)
                .raw("</span><span class=\"meaning\">").text(meaning)
                .raw(scale + "</span><span class=\"legend\">");
        for (Series one : drawn().toList()) {
            html.raw("<span class=\"" + one.style() + "\"><i></i>").text(one.label())
                    .raw(" <b>" + Figures.compact(one.trend().last()) + "</b></span>");
        }
        html.raw("</span></figcaption>\n");
    }

    /**
     * Writes an SVG element for a page whose styles colour it.
     *
     * @param id unique on the page
     * @throws IOException if it cannot be written
     */
    public void write(Html html, String id) throws IOException {
        svg(html, id, Scale.FITTING, "");
    }

    private void svg(Html html, String id, Scale scale, String style) throws IOException {
        html.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart" + style + "\" role=\"img\" viewBox=\"0 0 " + number(WIDTH) + " "
                + number(HEIGHT) + "\" aria-label=\"").text(description()).raw("\">\n");
        plot(html, id, scale);
        html.raw("</svg>\n");
    }

    /** Writes what is in the SVG element: axes and lines, in {@link #WIDTH} x {@link #HEIGHT}. */
    void plot(Html html, String id, Scale scale) throws IOException {
        Axis steps = Axis.linear(
                drawn().mapToDouble(one -> one.curve().steps()[0]).min().orElse(0),
                drawn().mapToDouble(one -> one.curve().steps()[one.curve().steps().length - 1]).max().orElse(1));
        Axis values = valueAxis(scale);
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
        if (marked.isPresent()) {
            html.raw("<path class=\"mark\" d=\"M" + number(x(steps, marked.getAsDouble())) + " " + number(TOP) + "V" + number(HEIGHT - BOTTOM)
                    + "\"/>\n");
        }
        // all raw lines below all means
        for (Series one : drawn().filter(Series::noisy).toList()) {
            line(html, one.style() + " raw", one.curve(), steps, values);
        }
        for (Series one : drawn().toList()) {
            line(html, one.style(), one.trend(), steps, values);
            errors(html, one, steps, values);
        }
        html.raw("</g>\n");
    }

    /** Whether the values' axis is logarithmic. */
    public boolean isLogarithmic() {
        return valueAxis(Scale.FITTING).logarithmic();
    }

    Stream<Series> drawn() {
        return series.stream().filter(one -> !one.curve().isEmpty());
    }

    private Axis valueAxis(Scale scale) {
        double[] raw = drawn().flatMapToDouble(one -> DoubleStream.of(one.curve().values())).sorted().toArray();
        double[] smooth = drawn().flatMapToDouble(one -> DoubleStream.of(one.trend().values())).sorted().toArray();
        if (raw.length == 0) {
            return Axis.linear(0, 1);
        }
        double top = Math.max(raw[(int) (SHOWN * (raw.length - 1))], smooth[smooth.length - 1]);
        double middle = smooth[smooth.length / 2];
        double lowest = raw[(int) ((1 - SHOWN) * (raw.length - 1))];
        double least = lowest;
        for (Series one : drawn().toList()) {
            for (int i = 0; i < one.errors().length; i++) {
                top = Math.max(top, one.curve().values()[i] + one.error(i));
                least = Math.min(least, one.curve().values()[i] - one.error(i));
            }
        }
        if (scale == Scale.LOGARITHMIC || scale == Scale.FITTING && raw[0] > 0 && top > LOGARITHMIC_FROM * middle) {
            return Axis.logarithmic((least > 0 ? least : lowest) / 1.1, top * 1.1);
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

    private static void errors(Html html, Series one, Axis steps, Axis values) throws IOException {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < one.errors().length; i++) {
            if (one.error(i) > 0) {
                double value = one.curve().values()[i];
                double bottom = Math.max(values.min(), value - one.error(i)); // which may be below zero
                path.append("M").append(number(x(steps, one.curve().steps()[i]))).append(' ').append(number(y(values, bottom)))
                        .append("V").append(number(y(values, value + one.error(i))));
            }
        }
        if (!path.isEmpty()) {
            html.raw("<path class=\"line error " + one.style() + "\" d=\"" + path + "\"/>\n");
        }
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
