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

    /** An axis over a range, widened if it is empty. */
    static Axis linear(double min, double max) {
        return max > min ? new Axis(min, max, false) : new Axis(min, min + (min == 0 ? 1 : Math.abs(min)), false);
    }

    static Axis logarithmic(double min, double max) {
        return new Axis(min, max > min ? max : 10 * min, true);
    }

    /** 0 at the least value, 1 at the greatest; beyond them outside. */
    double position(double value) {
        return logarithmic ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
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
        double span = Math.log10(max / min);
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
