package io.ugatit.tensor.cpu.convolution;

import static io.ugatit.tensor.cpu.pass.VectorRows.LANES;
import static io.ugatit.tensor.cpu.pass.VectorRows.SPECIES;
import static io.ugatit.tensor.host.HostTensor.memory;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.cpu.pass.InParallel;
import io.ugatit.tensor.cpu.pass.MapGeometry;
import io.ugatit.tensor.cpu.pass.VectorRows;
import java.nio.ByteBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Convolution of blocked maps to at most three output channels with stride 1: a generator's image, a discriminator's patch logits. Lanes are
 * input channels, so that all of a vector is used; they are summed at the end. Four pixels of three outputs are computed at a time, from
 * sums in registers.
 */
final class FewOutputsKernel {
    private static final int OUTPUTS = 3;
    private static final int PIXELS = 4;

    private FewOutputsKernel() { }

    /**
     * @param x (N,C,H,W), blocked, read with its border
     * @param weights at most three outputs
     * @param y plain, without a border
     */
    static void convolve(FeatureMaps x, Weights weights, FeatureMaps y) {
        MapGeometry from = MapGeometry.of(x.withoutPadding());
        MapGeometry to = MapGeometry.of(y);
        ByteBuffer source = memory(x);
        ByteBuffer target = memory(y);
        float[] arranged = arrange(weights);
        int blocks = from.blocks() / x.images();
        int[] taps = taps(from, blocks, weights.kernel());
        int pixels = to.width() < PIXELS ? 1 : PIXELS;
        // maps narrower than four pixels: one is computed four times
        int step = pixels == 1 ? 0 : from.pixelBytes();
        InParallel.forEach(x.images() * to.height(), (long) from.blocks() * from.blockFloats(), row -> {
            int image = row / to.height();
            int i = row % to.height();
            float[] sums = new float[OUTPUTS * PIXELS];
            for (int j = 0; j < to.width(); j += pixels) {
                // the last pixels are computed with those before them
                int first = Math.min(j, to.width() - pixels);
                sum(source, from.row(image * blocks, i) + first * from.pixelBytes(), step, taps, arranged, sums);
                for (int output = 0; output < weights.outputs(); output++) {
                    int out = to.row(image * weights.outputs() + output, i) + first * Float.BYTES;
                    for (int pixel = 0; pixel < pixels; pixel++) {
                        target.putFloat(out + pixel * Float.BYTES, sums[output * PIXELS + pixel]);
                    }
                }
            }
        });
    }

    /**
     * Adds to the gradient of the weights of one output channel.
     *
     * @param x (N,C,H,W), blocked, read with its border
     * @param dy plain, one channel, without a border
     * @param gradient of one output
     */
    static void addWeightGradient(FeatureMaps x, FeatureMaps dy, Weights gradient) {
        MapGeometry from = MapGeometry.of(x.withoutPadding());
        MapGeometry to = MapGeometry.of(dy);
        ByteBuffer source = memory(x);
        ByteBuffer gradients = memory(dy);
        int blocks = from.blocks() / x.images();
        int kernel = gradient.kernel();
        InParallel.forEach(blocks, (long) from.blocks() * from.blockFloats(), block -> {
            float[] lanes = new float[LANES];
            for (int tap = 0; tap < kernel * kernel; tap++) {
                Arrays.fill(lanes, 0);
                for (int image = 0; image < x.images(); image++) {
                    for (int i = 0; i < to.height(); i++) {
                        addRow(source, from.row(image * blocks + block, i + tap / kernel) + tap % kernel * from.pixelBytes(), gradients,
                                to.row(image, i), to.width(), lanes);
                    }
                }
                for (int lane = 0; lane < LANES && block * LANES + lane < gradient.inputs(); lane++) {
                    gradient.values()[(block * LANES + lane) * kernel * kernel + tap] += lanes[lane];
                }
            }
        });
    }

    private static void addRow(ByteBuffer x, int from, ByteBuffer dy, int at, int width, float[] sums) {
        FloatVector sum = FloatVector.fromArray(SPECIES, sums, 0);
        for (int j = 0; j < width; j++) {
            sum = VectorRows.load(x, from + j * LANES * Float.BYTES).fma(FloatVector.broadcast(SPECIES, dy.getFloat(at + j * Float.BYTES)), sum);
        }
        sum.intoArray(sums, 0);
    }

    /** Where the inputs of a window lie, seen from its first pixel, in the order of the arranged weights; bytes. */
    private static int[] taps(MapGeometry x, int blocks, int kernel) {
        int[] taps = new int[blocks * kernel * kernel];
        int next = 0;
        for (int block = 0; block < blocks; block++) {
            for (int k = 0; k < kernel; k++) {
                for (int l = 0; l < kernel; l++) {
                    taps[next++] = x.row(block, k) - x.row(0, 0) + l * x.pixelBytes();
                }
            }
        }
        return taps;
    }

    /** The weights as (blocks,k,k,three outputs,lanes), zero where there is no channel or output. */
    private static float[] arrange(Weights weights) {
        int blocks = (weights.inputs() + LANES - 1) / LANES;
        int area = weights.kernel() * weights.kernel();
        float[] arranged = new float[blocks * area * OUTPUTS * LANES];
        for (int output = 0; output < weights.outputs(); output++) {
            for (int input = 0; input < weights.inputs(); input++) {
                for (int k = 0; k < area; k++) {
                    arranged[((input / LANES * area + k) * OUTPUTS + output) * LANES + input % LANES] =
                            weights.values()[(output * weights.inputs() + input) * area + k];
                }
            }
        }
        return arranged;
    }

    /** The sums of four pixels, {@code step} bytes apart, for each of three outputs. One flat loop, so that all sums stay in registers. */
    private static void sum(ByteBuffer x, int at, int step, int[] taps, float[] weights, float[] sums) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector c2 = a0;
        FloatVector c3 = a0;
        for (int t = 0; t < taps.length; t++) {
            int from = at + taps[t];
            int w = t * OUTPUTS * LANES;
            FloatVector wa = FloatVector.fromArray(SPECIES, weights, w);
            FloatVector wb = FloatVector.fromArray(SPECIES, weights, w + LANES);
            FloatVector wc = FloatVector.fromArray(SPECIES, weights, w + 2 * LANES);
            FloatVector x0 = VectorRows.load(x, from);
            a0 = x0.fma(wa, a0);
            b0 = x0.fma(wb, b0);
            c0 = x0.fma(wc, c0);
            FloatVector x1 = VectorRows.load(x, from + step);
            a1 = x1.fma(wa, a1);
            b1 = x1.fma(wb, b1);
            c1 = x1.fma(wc, c1);
            FloatVector x2 = VectorRows.load(x, from + 2 * step);
            a2 = x2.fma(wa, a2);
            b2 = x2.fma(wb, b2);
            c2 = x2.fma(wc, c2);
            FloatVector x3 = VectorRows.load(x, from + 3 * step);
            a3 = x3.fma(wa, a3);
            b3 = x3.fma(wb, b3);
            c3 = x3.fma(wc, c3);
        }
        float[] lanes = new float[LANES];
        sums[0] = VectorRows.total(a0, lanes);
        sums[1] = VectorRows.total(a1, lanes);
        sums[2] = VectorRows.total(a2, lanes);
        sums[3] = VectorRows.total(a3, lanes);
        sums[4] = VectorRows.total(b0, lanes);
        sums[5] = VectorRows.total(b1, lanes);
        sums[6] = VectorRows.total(b2, lanes);
        sums[7] = VectorRows.total(b3, lanes);
        sums[8] = VectorRows.total(c0, lanes);
        sums[9] = VectorRows.total(c1, lanes);
        sums[10] = VectorRows.total(c2, lanes);
        sums[11] = VectorRows.total(c3, lanes);
    }
}
