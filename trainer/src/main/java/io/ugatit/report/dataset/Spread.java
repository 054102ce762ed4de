package io.ugatit.report.dataset;

/**
 * How values are distributed.
 *
 * @param mean their mean
 * @param deviation their standard deviation
 * @param min the least
 * @param low 5 % are at most this
 * @param lower 25 % are at most this
 * @param median half are at most this
 * @param upper 75 % are at most this
 * @param high 95 % are at most this
 * @param max the greatest
 */
public record Spread(
        double mean, double deviation, double min, double low, double lower, double median, double upper, double high, double max) {}
