package io.ugatit.gpucheck;

import io.ugatit.tensor.AttentionKernels.Maxima;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** Passes over maps, convolutions and pooling. */
final class MapOperations {
    private static final int[][] SHAPES = {{1, 1, 3, 4}, {2, 3, 5, 4}, {1, 16, 8, 8}, {2, 17, 5, 5}, {1, 68, 9, 33}};
    /** Kernel, stride, padding, images, channels in and out, height, width: images and logits, tiles of both sizes, sums in parts. */
    private static final int[][] CONVOLUTIONS = {{1, 1, 0, 1, 16, 16, 7, 9}, {3, 1, 1, 2, 17, 16, 9, 12}, {3, 2, 1, 1, 16, 32, 8, 11},
        {4, 2, 1, 2, 3, 17, 13, 9}, {4, 1, 1, 1, 48, 1, 9, 9}, {7, 1, 3, 1, 3, 20, 16, 15}, {7, 1, 3, 1, 20, 3, 16, 15},
        {3, 1, 1, 1, 100, 104, 12, 13}, {4, 2, 1, 1, 64, 128, 20, 18}};

    private MapOperations() { }

    static List<Operation> all() {
        List<Operation> all = new ArrayList<>(List.of(
                new Operation("copy and add of maps", MapOperations::copy),
                new Operation("upsampling and its gradient", MapOperations::upsample),
                new Operation("pooling and its gradient", MapOperations::pool)));
        for (int[] c : CONVOLUTIONS) {
            all.add(new Operation("convolution " + c[0] + "x" + c[0] + " by " + c[1] + ", " + c[4] + " to " + c[5] + " channels, " + c[6]
                    + "x" + c[7] + ", and its gradients", true, side -> convolve(side, c)));
        }
        return all;
    }

    private static void copy(Side side) {
        for (int[] s : SHAPES) {
            for (int padding = 0; padding <= 2; padding++) {
                FeatureMaps x = side.maps(s[0], s[1], s[2], s[3], padding);
                side.compare(x);
                FeatureMaps out = side.absentMaps(s[0], s[1], s[2], s[3], 2 - padding);
                side.kernels().copy(x, out);
                side.compare(out);
                side.kernels().add(side.maps(s[0], s[1], s[2], s[3], 1), out);
                side.compareInterior(out);
            }
        }
    }

    private static void upsample(Side side) {
        for (int[] s : SHAPES) {
            FeatureMaps out = side.absentMaps(s[0], s[1], 2 * s[2], 2 * s[3], 1);
            side.kernels().upsample(side.maps(s[0], s[1], s[2], s[3], 1), out);
            side.compare(out);
            FeatureMaps dx = side.absentMaps(s[0], s[1], s[2], s[3], 1);
            side.kernels().upsampleBackward(side.maps(s[0], s[1], 2 * s[2], 2 * s[3], 1), dx);
            side.compareInterior(dx);
        }
    }

    private static void pool(Side side) {
        Kernels kernels = side.kernels();
        for (int[] s : SHAPES) {
            int planes = s[0] * s[1];
            // coarse, so that the first of equals matters
            double[] coarse = DoubleStream.of(side.normal(s[0], s[1], s[2], s[3])).map(Math::rint).toArray();
            FeatureMaps x = side.maps(coarse, s[0], s[1], s[2], s[3], 1);
            Maxima maxima = kernels.maxima(x);
            side.compare(maxima.value());
            side.compare(maxima.index());
            side.compare(kernels.averages(x));
            Tensor sums = side.absent(s[0], 1, s[2], s[3]);
            kernels.sumOverChannels(x, sums);
            side.compare(sums);
            FeatureMaps dx = side.maps(s[0], s[1], s[2], s[3], 1);
            Values dMean = side.values(planes);
            kernels.addPoolingGradient(dMean, side.values(planes), maxima, dx);
            kernels.addPoolingGradient(dMean, null, null, dx);
            side.compareInterior(dx);
        }
    }

    private static void convolve(Side side, int[] c) {
        int rows = (c[6] + 2 * c[2] - c[0]) / c[1] + 1;
        int columns = (c[7] + 2 * c[2] - c[0]) / c[1] + 1;
        FeatureMaps x = side.maps(c[3], c[4], c[6], c[7], c[2]);
        Parameter weights = side.parameter(c[5], c[4], c[0], c[0]);
        FeatureMaps y = side.absentMaps(c[3], c[5], rows, columns, 0);
        side.kernels().convolve(x, weights.value(), c[1], y);
        side.compare(y);
        FeatureMaps dx = side.absentMaps(c[3], c[4], c[6], c[7], c[2]);
        side.kernels().convolveBackward(x, weights.value(), side.maps(c[3], c[5], rows, columns, 0), c[1], dx, weights.gradient());
        side.compareInterior(dx);
        side.compare(weights);
    }
}
