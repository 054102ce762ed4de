package io.ugatit.report.curves;

import io.ugatit.report.chart.Curve;
import java.util.List;
import java.util.Map;

/**
 * A run's metrics, averaged over the workers and thinned for drawing.
 *
 * @param rows lines read, over all workers
 * @param lastStep the greatest step; 0 without rows
 * @param workers distinct workers
 * @param stepsPerPoint how many steps one point of a curve averages at most
 * @param notFinite numbers that were NaN or infinite; they are left out of everything else
 * @param curves for each name in {@link #NAMES} its curve, which may be empty
 * @param last for each name the mean over the workers at the last step, where there is one
 */
public record Metrics(
        long rows,
        long lastStep,
        int workers,
        long stepsPerPoint,
        long notFinite,
        Map<String, Curve> curves,
        Map<String, Double> last) {
    /** The numbers of a line that are kept. */
    public static final List<String> NAMES = List.of(
            "lr", "d_a", "d_b", "g_adv_a", "g_cycle_a", "g_identity_a", "g_cam_a", "g_adv_b", "g_cycle_b", "g_identity_b", "g_cam_b",
            "d_total", "g_total");
}
