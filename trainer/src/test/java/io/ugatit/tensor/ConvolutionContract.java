package io.ugatit.tensor;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What every implementation's convolution must do, held against plain loops. */
public abstract class ConvolutionContract extends KernelsFixture {
    private static final String NAME = "kernel {0}, stride {1}, padding {2}, batch {3}, {4} to {5} channels, {6}x{7}";

    protected ConvolutionContract(Compute compute) {
        super(compute);
    }

    /** Every kernel with every stride and padding, and every pair of channels with some of them. */
    static Stream<Arguments> everyKernel() {
        int[][] channels = {{1, 1}, {3, 5}, {4, 3}, {17, 16}, {2, 1}, {33, 48}, {5, 2}, {16, 17}, {48, 33}, {1, 4}, {16, 16}, {48, 1}};
        Stream.Builder<Arguments> cases = Stream.builder();
        int next = 0;
        for (int kernel : new int[] {1, 3, 4, 7}) {
            for (int stride : new int[] {1, 2}) {
                for (int padding : new int[] {0, 1, 3}) {
                    for (int[] shape : new int[][] {{1, 7, 7}, {2, 9, 12}, {3, 8, 11}}) {
                        int[] pair = channels[next++ % channels.length];
                        cases.add(Arguments.of(kernel, stride, padding, shape[0], pair[0], pair[1], shape[1], shape[2]));
                    }
                }
            }
        }
        return cases.build();
    }

    /** The networks' first and last layers: images of three channels, maps of one. */
    static Stream<Arguments> imagesAndLogits() {
        Stream.Builder<Arguments> cases = Stream.builder();
        for (int[] size : new int[][] {{8, 8}, {13, 9}, {16, 33}}) {
            cases.add(Arguments.of(7, 1, 3, 1, 3, 16, size[0], size[1]));
            cases.add(Arguments.of(7, 1, 3, 2, 3, 33, size[0], size[1]));
            cases.add(Arguments.of(7, 1, 3, 1, 16, 3, size[0], size[1]));
            cases.add(Arguments.of(7, 1, 3, 2, 33, 3, size[0], size[1]));
            cases.add(Arguments.of(7, 1, 3, 1, 17, 1, size[0], size[1]));
            cases.add(Arguments.of(4, 2, 1, 1, 3, 16, size[0], size[1]));
            cases.add(Arguments.of(4, 2, 1, 2, 3, 17, size[0], size[1]));
            cases.add(Arguments.of(4, 1, 1, 1, 48, 1, size[0], size[1]));
            cases.add(Arguments.of(4, 1, 1, 3, 5, 1, size[0], size[1]));
            cases.add(Arguments.of(4, 1, 1, 1, 16, 3, size[0], size[1]));
        }
        return cases.build();
    }

    /** Sizes around those of the tiles that fast algorithms cut maps into. */
    static Stream<Arguments> smallMaps() {
        Stream.Builder<Arguments> cases = Stream.builder();
        for (int size = 4; size <= 20; size++) {
            cases.add(Arguments.of(3, 1, 1, 1 + size % 2, 16, 32, size, size));
            cases.add(Arguments.of(3, 1, 1, 1, size % 2 == 0 ? 17 : 33, 16, size, 24 - size));
            cases.add(Arguments.of(3, 1, 0, 1, 16, 16, size, size));
        }
        return cases.build();
    }

    /** The same shapes in every run. */
    static Stream<Arguments> anyShape() {
        Random shapes = new Random(11);
        int[] kernels = {1, 3, 4, 7};
        int[] channels = {1, 2, 3, 4, 5, 16, 17, 33, 48};
        return Stream.generate(() -> {
            int height = 7 + shapes.nextInt(12);
            int width = 7 + shapes.nextInt(12);
            return Arguments.of(kernels[shapes.nextInt(4)], 1 + shapes.nextInt(2), shapes.nextInt(4), 1 + shapes.nextInt(3),
                    channels[shapes.nextInt(channels.length)], channels[shapes.nextInt(channels.length)], height, width);
        }).limit(40);
    }

    @ParameterizedTest(name = NAME)
    @MethodSource({"everyKernel", "imagesAndLogits", "smallMaps", "anyShape"})
    void convolves(int kernel, int stride, int padding, int batch, int inputs, int outputs, int height, int width) {
        FeatureMaps x = random(batch, inputs, height, width, padding);
        INDArray weights = input(outputs, inputs, kernel, kernel);
        FeatureMaps expectedY = plain(batch, outputs, size(height, kernel, stride, padding), size(width, kernel, stride, padding), 0);
        FeatureMaps y = absentLike(expectedY);
        kernels.convolve(given(x), weights, stride, y);
        expected.convolve(x, weights, stride, expectedY);
        assertSame(y, expectedY);
    }

    private static int size(int unpadded, int kernel, int stride, int padding) {
        return (unpadded + 2 * padding - kernel) / stride + 1;
    }

    @ParameterizedTest(name = NAME)
    @MethodSource({"everyKernel", "imagesAndLogits", "smallMaps", "anyShape"})
    void givesTheGradientsOfAConvolutionTogetherAndOneByOne(int kernel, int stride, int padding, int batch, int inputs, int outputs,
            int height, int width) {
        FeatureMaps x = random(batch, inputs, height, width, padding);
        INDArray weights = input(outputs, inputs, kernel, kernel);
        FeatureMaps dy = random(batch, outputs, size(height, kernel, stride, padding), size(width, kernel, stride, padding), 0);
        INDArray start = input(weights.shape());
        INDArray expectedDWeights = start.dup();
        FeatureMaps expectedDx = plainLike(x);
        expected.convolveBackward(x, weights, dy, stride, expectedDx, expectedDWeights);

        FeatureMaps dx = absentLike(x);
        INDArray dWeights = randomView(weights.shape()).assign(start);
        kernels.convolveBackward(given(x), weights, given(dy), stride, dx, dWeights);
        assertSameGradient(dx, expectedDx);
        assertSame(dWeights, expectedDWeights);

        INDArray dWeightsAlone = randomView(weights.shape()).assign(start);
        kernels.convolveBackward(given(x), weights, given(dy), stride, null, dWeightsAlone);
        assertSame(dWeightsAlone, expectedDWeights);

        FeatureMaps dxAlone = absentLike(x);
        kernels.convolveBackward(absentLike(x), weights, given(dy), stride, dxAlone, null);
        assertSameGradient(dxAlone, expectedDx);

        FeatureMaps y = plainLike(dy);
        expected.convolve(x, weights, stride, y);
        assertAdjoint(x, dx, y, dy);
    }
}
