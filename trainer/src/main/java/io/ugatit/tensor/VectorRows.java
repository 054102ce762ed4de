package io.ugatit.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Arithmetic on rows of pixels with Java's Vector API. Sums are of single precision along a row; adding rows up is the caller's. */
final class VectorRows {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private VectorRows() { }

    /** Bits of the vectors that this machine computes with. */
    static int vectorBits() {
        return SPECIES.vectorBitSize();
    }

    /** The sum of {@code width} values. */
    static double sum(float[] values, int from, int width) {
        FloatVector sums = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            sums = sums.add(FloatVector.fromArray(SPECIES, values, from + j));
        }
        double sum = sums.reduceLanes(VectorOperators.ADD);
        for (; j < width; j++) {
            sum += values[from + j];
        }
        return sum;
    }

    /** The sum of the squares of {@code width} values less a mean. */
    static double squares(float[] values, int from, int width, float mean) {
        FloatVector sums = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            FloatVector offset = FloatVector.fromArray(SPECIES, values, from + j).sub(mean);
            sums = offset.fma(offset, sums);
        }
        double sum = sums.reduceLanes(VectorOperators.ADD);
        for (; j < width; j++) {
            float offset = values[from + j] - mean;
            sum += offset * offset;
        }
        return sum;
    }

    /** {@code out = activation(scale * y + shift + residual)}; a residual of null is zero. */
    static void affine(float[] y, int from, int width, float scale, float shift, float[] residual, int residualFrom,
            Activation activation, float[] out, int to) {
        FloatVector shifts = FloatVector.broadcast(SPECIES, shift);
        FloatVector scales = FloatVector.broadcast(SPECIES, scale);
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, y, from + j).fma(scales, shifts);
            if (residual != null) {
                v = v.add(FloatVector.fromArray(SPECIES, residual, residualFrom + j));
            }
            if (activation == Activation.RELU) {
                v = v.max(0);
            } else if (activation == Activation.LEAKY_RELU) {
                v = v.max(v.mul((float) Activation.LEAK));
            }
            v.intoArray(out, to + j);
        }
        for (; j < width; j++) {
            float v = Math.fma(y[from + j], scale, shift) + (residual != null ? residual[residualFrom + j] : 0);
            out[to + j] = switch (activation) {
                case NONE, TANH -> v;
                case RELU -> Math.max(v, 0);
                case LEAKY_RELU -> Math.max(v, (float) Activation.LEAK * v);
            };
        }
        if (activation == Activation.TANH) {
            for (j = 0; j < width; j++) {
                out[to + j] = (float) Math.tanh(out[to + j]);
            }
        }
    }

    /** {@code g = d * activation'}, from the activation's output. */
    static void derivative(float[] d, float[] out, int from, int width, Activation activation, float[] g, int to) {
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, d, from + j);
            FloatVector o = FloatVector.fromArray(SPECIES, out, from + j);
            switch (activation) {
                case NONE -> v.intoArray(g, to + j);
                case RELU -> FloatVector.zero(SPECIES).blend(v, positive(o)).intoArray(g, to + j);
                case LEAKY_RELU -> v.mul((float) Activation.LEAK).blend(v, positive(o)).intoArray(g, to + j);
                case TANH -> v.mul(o.mul(o).neg().add(1)).intoArray(g, to + j);
            }
        }
        for (; j < width; j++) {
            float o = out[from + j];
            g[to + j] = d[from + j] * switch (activation) {
                case NONE -> 1;
                case RELU -> o > 0 ? 1 : 0;
                case LEAKY_RELU -> o > 0 ? 1 : (float) Activation.LEAK;
                case TANH -> 1 - o * o;
            };
        }
    }

    private static VectorMask<Float> positive(FloatVector values) {
        return values.compare(VectorOperators.GT, 0);
    }

    /** The inner product of two rows of the same place and {@code width}. */
    static double product(float[] a, float[] b, int from, int width) {
        FloatVector sums = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            sums = FloatVector.fromArray(SPECIES, a, from + j).fma(FloatVector.fromArray(SPECIES, b, from + j), sums);
        }
        double sum = sums.reduceLanes(VectorOperators.ADD);
        for (; j < width; j++) {
            sum += a[from + j] * b[from + j];
        }
        return sum;
    }

    /** {@code g = ofG * g + ofY * y + constant}, everywhere; a y without elements is zero. */
    static void combine(float[] g, float ofG, float[] y, float ofY, float constant) {
        FloatVector constants = FloatVector.broadcast(SPECIES, constant);
        int j = 0;
        for (; j <= g.length - LANES; j += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, g, j).fma(FloatVector.broadcast(SPECIES, ofG), constants);
            if (y.length > 0) {
                v = FloatVector.fromArray(SPECIES, y, j).fma(FloatVector.broadcast(SPECIES, ofY), v);
            }
            v.intoArray(g, j);
        }
        for (; j < g.length; j++) {
            float v = Math.fma(g[j], ofG, constant);
            g[j] = y.length > 0 ? Math.fma(y[j], ofY, v) : v;
        }
    }
}
