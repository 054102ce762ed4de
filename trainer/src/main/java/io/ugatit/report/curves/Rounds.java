package io.ugatit.report.curves;

import io.ugatit.model.RhoLayer;
import io.ugatit.report.chart.Curve;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a run's rounds took, thinned for drawing. Runs of older versions tell nothing of it.
 *
 * @param count rounds
 * @param seconds that they took in all, those of a training that was killed before their checkpoint left out
 * @param firstTime when the first of them ended, as ISO-8601; empty without rounds
 * @param lastTime when the last of them ended
 * @param imagesPerSecond of both domains and all workers
 * @param averagingPercent of a round's time, in which no worker made steps
 * @param peakBytes most memory that a worker's process had taken, which begins anew with each process
 * @param mostBytes the largest of those; empty if nothing is known of them
 * @param rho of every (Ada)LIN, the mean over the channels, in the order in which an image passes them
 */
public record Rounds(long count, double seconds, String firstTime, String lastTime, Curve imagesPerSecond, Curve averagingPercent,
        Curve peakBytes, OptionalDouble mostBytes, Map<RhoLayer, Curve> rho) { }
