package io.ugatit.report.sample;

/**
 * A generator's attention: one non-negative number a cell, in any scale, row by row.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 * @param values {@code height * width} finite numbers, row-major
 */
public record Heatmap(int height, int width, float[] values) {

    /** @throws IllegalArgumentException if the sizes do not fit the values or a value is not finite */
    public Heatmap {
        if (height < 1 || width < 1 || (long) height * width != values.length) {
            throw new IllegalArgumentException("A heatmap of " + width + " x " + height + " cannot have " + values.length + " values");
        }
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("A heatmap's values must be finite, one is " + value);
            }
        }
    }

    /**
     * The values moved and scaled to fill [0, 1].
     *
     * @return a new array of {@code height * width} values; all 0 if the values are all equal
     */
    float[] normalised() {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        float[] result = new float[values.length];
        if (max > min) {
            // in double: max - min of two finite floats may overflow a float
            double range = (double) max - min;
            for (int i = 0; i < values.length; i++) {
                result[i] = (float) (((double) values[i] - min) / range);
            }
        }
        return result;
    }
}
