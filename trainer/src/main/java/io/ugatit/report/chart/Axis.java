package io.ugatit.report.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * One axis of a chart.
 *
 * @param min the value at 0
 * @param max the value at 1; greater than {@code min}
 * @param logarithmic whether equal ratios, not equal differences, have equal lengths; both ends are then positive
 */
record Axis(double min, double max, boolean logarithmic) {
    private static final int LINEAR_TICKS = 4;
    /** Beyond it the length of an axis would no longer be a number, and its ticks without end. */
    private static final double FURTHEST = Double.MAX_VALUE / 100;

    /** An axis over a range, widened if it is empty, and cut off where nothing can be computed. */
    static Axis linear(double min, double max) {
        double first = within(min);
        double last = within(max);
        return last > first ? new Axis(first, last, false) : new Axis(first, first + (first == 0 ? 1 : Math.abs(first)), false);
    }

    static Axis logarithmic(double min, double max) {
        double first = within(min);
        double last = within(max);
        return new Axis(first, last > first ? last : 10 * first, true);
    }

    private static double within(double end) {
        return Math.max(-FURTHEST, Math.min(FURTHEST, end));
    }

    /** 0 at the least value, 1 at the greatest; beyond them outside. */
    double position(double value) {
        return logarithmic ? (Math.log(value) - Math.log(min)) / (Math.log(max) - Math.log(min)) : (value - min) / (max - min);
    }

    /** Round values inside the axis, ascending. */
    List<Double> ticks() {
        return logarithmic ? decades() : multiples();
    }

    private List<Double> multiples() {
        double rough = (max - min) / LINEAR_TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double factor = rough / power;
        double step = power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10);
        List<Double> ticks = new ArrayList<>();
        double slack = step * 1e-6;
        // by index: adding up would drift
        for (long i = (long) Math.ceil((min - slack) / step); i * step <= max + slack; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** Powers of ten, at most about six; with fewer than two decades also their doubles and quintuples. */
    private List<Double> decades() {
        double span = Math.log10(max) - Math.log10(min); // their ratio may be no number
        int stride = (int) Math.max(1, Math.ceil(span / 6));
        double[] mantissas = span < 2 ? new double[] {1, 2, 5} : new double[] {1};
        List<Double> ticks = new ArrayList<>();
        for (int exponent = (int) Math.floor(Math.log10(min)); exponent <= Math.log10(max); exponent += stride) {
            for (double mantissa : mantissas) {
                double tick = mantissa * Math.pow(10, exponent);
                if (tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9)) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }
}
