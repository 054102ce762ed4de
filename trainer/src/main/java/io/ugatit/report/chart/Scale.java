package io.ugatit.report.chart;

/** How the values' axis of a chart is divided. */
public enum Scale {
    /** By equal differences, unless that hid the middle of the curves below their start. */
    FITTING,
    /** By equal differences. */
    LINEAR,
    /** By equal ratios; values that are not above zero are left out. */
    LOGARITHMIC
}
