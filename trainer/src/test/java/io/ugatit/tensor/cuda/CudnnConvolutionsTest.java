package io.ugatit.tensor.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.job.JobFailedException;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.cuda.driver.CudaGraph;
import io.ugatit.tensor.cuda.driver.DeviceMemories;
import io.ugatit.tensor.cuda.driver.OutOfDeviceMemoryException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Which convolutions are cuDNN's, and what becomes of its memory, on the stand-ins. */
class CudnnConvolutionsTest {
    /** An engine that is not deterministic. */
    private static final String WILL_NOT_DO = "0";
    private final Random random = new Random(3);

    @BeforeEach
    void use() {
        StandInCudnn.use();
    }

    @AfterEach
    void switchOff() {
        StandInCudnn.reset();
        StandInDriver.use();
        StandInDriver.leave();
    }

    /** A convolution of its own inputs, the same for the same seed. */
    private final class Layer {
        private static final int KERNEL = 3;
        private final Compute compute;
        private final FeatureMaps x;
        private final FeatureMaps y;
        private final FeatureMaps dx;
        private final FeatureMaps dy;
        private final Tensor weights;
        private final Tensor dWeights;

        Layer(Compute compute, int channels, int outputs, int unaligned) {
            this.compute = compute;
            long length = (long) outputs * KERNEL * KERNEL * channels;
            x = maps(channels, 6, 7, 1);
            dx = maps(channels, 6, 7, 1);
            y = maps(outputs, 6, 7, 0);
            dy = maps(outputs, 6, 7, 0);
            weights = vector(length + unaligned).slice(unaligned, unaligned + length).reshape(outputs, channels, KERNEL, KERNEL);
            dWeights = vector(length + unaligned).slice(unaligned, unaligned + length).reshape(outputs, channels, KERNEL, KERNEL);
        }

        private FeatureMaps maps(int channels, int height, int width, int padding) {
            FeatureMaps maps = compute.take(2, channels, height, width, padding);
            compute.kernels().write(noise(maps.data().length()), maps.data());
            return maps;
        }

        private Tensor vector(long length) {
            Tensor vector = compute.kernels().resident(Nd4j.create(DataType.FLOAT, length));
            compute.kernels().write(noise(length), vector);
            return vector;
        }

        private INDArray noise(long length) {
            INDArray noise = Nd4j.create(DataType.FLOAT, length);
            for (long i = 0; i < length; i++) {
                noise.putScalar(i, random.nextGaussian());
            }
            return noise;
        }

        private void run() {
            compute.kernels().convolve(x, weights, 1, y);
            compute.kernels().convolveBackward(x, weights, dy, 1, dx, dWeights);
        }

        private float[] read(Tensor tensor) {
            INDArray array = Nd4j.create(DataType.FLOAT, tensor.length());
            compute.kernels().read(tensor, array);
            return array.toFloatVector();
        }

        private float[][] results() {
            return new float[][] {read(y.data()), read(interior()), read(dWeights)};
        }

        /** Of the gradient, whose border is undefined. */
        private Tensor interior() {
            FeatureMaps interior = compute.take(dx.images(), dx.channels(), dx.height(), dx.width(), 0);
            compute.kernels().copy(dx, interior);
            return interior.data();
        }

        private void round() {
            for (Tensor tensor : new Tensor[] {x.data(), dy.data(), weights}) {
                INDArray array = Nd4j.createFromArray(read(tensor));
                for (long i = 0; i < array.length(); i++) {
                    array.putScalar(i, toBfloat16(array.getFloat(i)));
                }
                compute.kernels().write(array, tensor);
            }
        }
    }

    /** To the nearest of 8 bits of mantissa, ties to even. */
    private static float toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
    }

    private Layer layer(Precision precision, int channels, int outputs, int unaligned) {
        random.setSeed(3);
        return new Layer(CudaKernels.compute(0, precision), channels, outputs, unaligned);
    }

    private static long runsOf(Layer layer) {
        long before = StandInCudnn.count("ugatitCudnnRuns");
        layer.run();
        return StandInCudnn.count("ugatitCudnnRuns") - before;
    }

    private static void assertSame(float[][] actual, float[][] expected) {
        assertSame(actual, expected, 1e-6f);
    }

    private static void assertSame(float[][] actual, float[][] expected, float tolerance) {
        for (int k = 0; k < expected.length; k++) {
            assertThat(actual[k]).as("result %d", k).hasSameSizeAs(expected[k]);
            float largest = 0;
            for (float value : expected[k]) {
                largest = Math.max(largest, Math.abs(value));
            }
            for (int i = 0; i < expected[k].length; i++) {
                assertThat(actual[k][i]).as("result %d, value %d", k, i).isCloseTo(expected[k][i], within(tolerance * largest));
            }
        }
    }

    private float[][] own(Precision precision, int channels, int outputs) {
        StandInDriver.use();
        Layer own = layer(precision, channels, outputs, 0);
        assertThat(runsOf(own)).isZero();
        StandInCudnn.use();
        return own.results();
    }

    @Test
    void theNameSaysWhoseConvolutionsTheyAre() {
        String gpu = "cuda CPU in the place of a GPU tf32 ";
        assertThat(CudaKernels.compute(0, Precision.TF32).kernels().name()).isEqualTo(gpu + "cudnn 9.5.3");
        StandInDriver.use();
        assertThat(CudaKernels.compute(0, Precision.TF32).kernels().name()).isEqualTo(gpu + "own convolutions");
    }

    @Test
    void siblingsAreOwnKernelsIfTheFirstAre() {
        StandInCudnn.set(StandInCudnn.CREATE, "1008@1");
        Compute first = CudaKernels.compute(0, Precision.FP32);
        Compute sibling = first.sibling();
        assertThat(first.kernels().name()).endsWith(" own convolutions");
        assertThat(sibling.kernels().name()).isEqualTo(first.kernels().name());
        sibling.close();
        first.close();
    }

    @Test
    void siblingsOfCudnnsAreNeverOwnKernels() {
        StandInCudnn.set(StandInCudnn.CREATE, "1008@2");
        Compute first = CudaKernels.compute(0, Precision.FP32);
        assertThatThrownBy(first::sibling).isExactlyInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("some convolutions on GPU 0 (CPU in the place of a GPU) are cuDNN's, and now cuDNN 9.5.3 does not"
                        + " start on GPU 0 (");
        Compute sibling = first.sibling();
        assertThat(sibling.kernels().name()).isEqualTo(first.kernels().name()).endsWith(" cudnn 9.5.3");
        sibling.close();
        first.close();
    }

    @Test
    void aSiblingThatFindsNoMemoryLeavesNothing() {
        StandInCudnn.set(StandInCudnn.CREATE, "4004@2");
        Compute first = CudaKernels.compute(0, Precision.FP32);
        long allocated = StandInDriver.count("ugatitAllocated");
        assertThatThrownBy(first::sibling).isInstanceOf(OutOfDeviceMemoryException.class);
        assertThat(StandInDriver.count("ugatitAllocated")).isEqualTo(allocated);
        first.close();
    }

    @Test
    void mapsWhoseChannelsFillTheirLanesAreCudnns() {
        Layer layer = layer(Precision.FP32, 8, 12, 0);
        assertThat(runsOf(layer)).isEqualTo(3);
        assertThat(StandInCudnn.count("ugatitCudnnEngine")).isEqualTo(5);
        assertSame(layer.results(), own(Precision.FP32, 8, 12));
    }

    @Test
    void plainMapsAndSurplusLanesAreNot() {
        assertThat(runsOf(layer(Precision.FP32, 3, 8, 0))).isZero();
        assertThat(runsOf(layer(Precision.FP32, 8, 1, 0))).isZero();
        assertThat(runsOf(layer(Precision.FP32, 5, 8, 0))).isZero();
        assertThat(runsOf(layer(Precision.FP32, 8, 7, 0))).isZero();
    }

    @Test
    void weightsThatLieAnywhereAreCopiedFirst() {
        Layer layer = layer(Precision.FP32, 8, 4, 1);
        assertThat(runsOf(layer)).isEqualTo(3);
        StandInDriver.use();
        Layer own = layer(Precision.FP32, 8, 4, 1);
        own.run();
        assertSame(layer.results(), own.results());
    }

    @Test
    void ownKernelsComputeWhatNoEngineWill() {
        StandInCudnn.set(StandInCudnn.PROPOSES, WILL_NOT_DO);
        StandInCudnn.set(StandInCudnn.FALLS_BACK, WILL_NOT_DO);
        Layer layer = layer(Precision.FP32, 8, 4, 0);
        assertThat(runsOf(layer)).isZero();
        assertSame(layer.results(), own(Precision.FP32, 8, 4));
    }

    @Test
    void bfloat16RoundsFactorsAndResults() {
        Layer layer = layer(Precision.BF16, 8, 4, 1);
        assertThat(runsOf(layer)).isEqualTo(3);
        StandInDriver.use();
        Layer rounded = layer(Precision.FP32, 8, 4, 1);
        rounded.round();
        rounded.run();
        float[][] expected = rounded.results();
        assertSame(layer.results(), expected, 1f / 256);
        assertThat(layer.results()[0][0]).isEqualTo(toBfloat16(expected[0][0]));
    }

    @Test
    void nothingIsLeftOfKernelsThatAreClosed() {
        long handles = StandInCudnn.count("ugatitCudnnHandles");
        long descriptors = StandInCudnn.count("ugatitCudnnDescriptors");
        Layer layer = layer(Precision.FP32, 8, 4, 0);
        layer.run();
        layer.run();
        assertThat(StandInCudnn.count("ugatitCudnnHandles")).isEqualTo(handles + 1);
        assertThat(StandInCudnn.count("ugatitCudnnDescriptors")).isGreaterThan(descriptors);
        layer.compute.kernels().close();
        assertThat(StandInCudnn.count("ugatitCudnnHandles")).isEqualTo(handles);
        assertThat(StandInCudnn.count("ugatitCudnnDescriptors")).isEqualTo(descriptors);
    }

    @Test
    void aCapturedGraphRepeatsThemWithoutAllocating() {
        Layer layer = layer(Precision.BF16, 8, 4, 0);
        Lane lane = new Lane(CudaProgram.on(0), new DeviceMemories());
        try (Convolutions convolutions = new ConvolutionChoice(Precision.BF16).of(lane)) {
            Runnable both = () -> {
                convolutions.convolve(layer.x, layer.weights, 1, layer.y);
                convolutions.addWeightGradient(layer.x, layer.dy, 1, layer.dWeights);
            };
            both.run();
            float[] expected = layer.read(layer.y.data());
            float[] once = layer.read(layer.dWeights);
            layer.compute.kernels().fill(layer.y.data(), Double.NaN);
            long allocated = lane.memory().allocatedBytes();
            long runs = StandInCudnn.count("ugatitCudnnRuns");
            try (CudaGraph graph = lane.stream().capture(both)) {
                assertThat(StandInCudnn.count("ugatitCudnnRuns")).isEqualTo(runs);
                lane.stream().launch(graph);
                lane.stream().synchronize();
            }
            assertThat(lane.memory().allocatedBytes()).isEqualTo(allocated);
            assertThat(StandInCudnn.count("ugatitCudnnRuns")).isEqualTo(runs + 2);
            assertThat(layer.read(layer.y.data())).isEqualTo(expected);
            assertThat(layer.read(layer.dWeights)).isNotEqualTo(once);
        }
        lane.close();
    }
}
