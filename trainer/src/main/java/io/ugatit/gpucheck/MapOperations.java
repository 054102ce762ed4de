package io.ugatit.gpucheck;

import io.ugatit.tensor.AttentionKernels.Maxima;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Passes over maps, convolutions and pooling. */
public final class MapOperations {
    private static final int[][] SHAPES = {{1, 1, 3, 4}, {2, 3, 5, 4}, {1, 16, 8, 8}, {2, 17, 5, 5}, {1, 68, 9, 33}};
    /** Kernel, stride, padding, images, channels in and out, height, width: images and logits, tiles of both sizes, sums in parts. */
    private static final int[][] CONVOLUTIONS = {{1, 1, 0, 1, 16, 16, 7, 9}, {3, 1, 1, 2, 17, 16, 9, 12}, {3, 2, 1, 1, 16, 32, 8, 11},
        {4, 2, 1, 2, 3, 17, 13, 9}, {4, 1, 1, 1, 48, 1, 9, 9}, {7, 1, 3, 1, 3, 20, 16, 15}, {7, 1, 3, 1, 20, 3, 16, 15},
        {3, 1, 1, 1, 100, 104, 12, 13}, {4, 2, 1, 1, 64, 128, 20, 18}};

    private MapOperations() { }

    static List<Operation> all() {
        List<Operation> all = new ArrayList<>(List.of(
                new Operation("copy and add of maps", side -> {
                    for (int[] shape : SHAPES) {
                        copy(side, shape, 0, 2);
                        copy(side, shape, 1, 1);
                        copy(side, shape, 2, 0);
                    }
                }),
                new Operation("upsampling and its gradient", side -> Stream.of(SHAPES).forEach(shape -> upsample(side, shape, 1, 1))),
                new Operation("pooling and its gradient", side -> Stream.of(SHAPES).forEach(shape -> pool(side, shape, 1)))));
        for (int[] c : CONVOLUTIONS) {
            all.add(new Operation("convolution " + c[0] + "x" + c[0] + " by " + c[1] + ", " + c[4] + " to " + c[5] + " channels, " + c[6]
                    + "x" + c[7] + ", and its gradients", true, side -> convolve(side, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7])));
        }
        return all;
    }

    /**
     * Copies between maps of the kernels' layout and plain ones, and adds.
     *
     * @param s images, channels, height, width
     * @param from border of what is copied, as far as it fits
     * @param to border of the copy
     */
    public static void copy(Side side, int[] s, int from, int to) {
        Kernels kernels = side.kernels();
        int fits = Math.min(from, Math.min(s[2], s[3]) - 1);
        FeatureMaps x = side.gradient(s[0], s[1], s[2], s[3], fits);
        FeatureMaps out = side.absentMaps(s[0], s[1], s[2], s[3], to);
        kernels.copy(x, out);
        side.compare(out);
        Tensor plain = side.absent(s[0], s[1], s[2] + 2L * to, s[3] + 2L * to);
        kernels.copy(x, FeatureMaps.of(plain, to));
        side.compare(plain);
        FeatureMaps back = side.absentMaps(s[0], s[1], s[2], s[3], fits);
        kernels.copy(FeatureMaps.of(plain, to), back);
        side.compare(back);
        FeatureMaps sum = side.gradient(s[0], s[1], s[2], s[3], to);
        kernels.add(x, sum);
        side.compareInterior(sum);
    }

    /**
     * Doubles height and width, and the gradient.
     *
     * @param s images, channels, height, width
     * @param from border of the small maps, as far as it fits
     * @param to border of the large maps
     */
    public static void upsample(Side side, int[] s, int from, int to) {
        int fits = Math.min(from, Math.min(s[2], s[3]) - 1);
        FeatureMaps x = side.gradient(s[0], s[1], s[2], s[3], fits);
        FeatureMaps out = side.absentMaps(s[0], s[1], 2 * s[2], 2 * s[3], to);
        side.kernels().upsample(x, out);
        side.compare(out);
        FeatureMaps dx = side.absentLike(x);
        side.kernels().upsampleBackward(side.gradient(s[0], s[1], 2 * s[2], 2 * s[3], to), dx);
        side.compareInterior(dx);
    }

    /**
     * Averages, maxima, values in their places, the sum over channels, and the gradient of pooling.
     *
     * @param s images, channels, height, width
     */
    public static void pool(Side side, int[] s, int padding) {
        Kernels kernels = side.kernels();
        int planes = s[0] * s[1];
        // coarse, so that the first of equals matters
        double[] coarse = DoubleStream.of(side.normal(s[0], s[1], s[2], s[3])).map(Math::rint).toArray();
        FeatureMaps x = side.laidOut(coarse, s[0], s[1], s[2], s[3], padding, false);
        Maxima maxima = kernels.maxima(x);
        side.compare(maxima.value());
        side.compare(maxima.index());
        side.compare(kernels.averages(x));
        side.compare(kernels.pick(side.gradient(s[0], s[1], s[2], s[3], padding), maxima));
        Tensor sums = side.absent(s[0], 1, s[2], s[3]);
        kernels.sumOverChannels(x, sums);
        side.compare(sums);
        FeatureMaps dx = side.gradient(s[0], s[1], s[2], s[3], padding);
        kernels.addPoolingGradient(side.values(planes), side.values(planes), maxima, dx);
        kernels.addPoolingGradient(side.values(planes), null, null, dx);
        side.compareInterior(dx);
    }

    /** A convolution, and its gradients together and one alone. */
    public static void convolve(Side side, int kernel, int stride, int padding, int batch, int inputs, int outputs, int height, int width) {
        Kernels kernels = side.kernels();
        FeatureMaps x = side.maps(batch, inputs, height, width, padding);
        Parameter weights = side.parameter(outputs, inputs, kernel, kernel);
        int rows = (height + 2 * padding - kernel) / stride + 1;
        int columns = (width + 2 * padding - kernel) / stride + 1;
        FeatureMaps y = side.absentMaps(batch, outputs, rows, columns, 0);
        kernels.convolve(x, weights.value(), stride, y);
        side.compare(y);
        FeatureMaps dy = side.maps(batch, outputs, rows, columns, 0);
        FeatureMaps dx = side.absentLike(x);
        kernels.convolveBackward(x, weights.value(), dy, stride, dx, weights.gradient());
        side.compareInterior(dx);
        side.compare(weights);
        FeatureMaps alone = side.absentLike(x);
        kernels.convolveBackward(side.absentLike(x), weights.value(), dy, stride, alone, null);
        side.compareInterior(alone);
    }
}
