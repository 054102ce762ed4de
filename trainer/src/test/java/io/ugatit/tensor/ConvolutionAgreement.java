package io.ugatit.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ugatit.gpucheck.MapOperations;
import io.ugatit.gpucheck.Side;
import io.ugatit.tensor.choice.KernelChoice;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/** What every implementation's convolution must do, through the contract alone, held against the portable kernels in double precision. */
public abstract class ConvolutionAgreement {
    private final Compute compute;
    private final double tolerance;

    /** @param tolerance of the largest of results, relative */
    protected ConvolutionAgreement(Compute compute, double tolerance) {
        this.compute = compute;
        this.tolerance = tolerance;
    }

    @AfterEach
    void takeValuesBack() {
        compute.kernels().recycle();
    }

    /** Does the same on both sides and compares what they put forward. */
    final void agree(Consumer<Side> work) {
        Side actual = new LaidOutSide(compute);
        Side expected = new LaidOutSide(KernelChoice.portable(DataType.DOUBLE));
        work.accept(actual);
        work.accept(expected);
        List<double[]> results = actual.results();
        assertThat(results).hasSameSizeAs(expected.results()).isNotEmpty();
        for (int i = 0; i < results.size(); i++) {
            assertClose(i, results.get(i), expected.results().get(i));
        }
    }

    private void assertClose(int result, double[] actual, double[] expected) {
        assertThat(actual).as("result %d", result).hasSameSizeAs(expected);
        double allowed = tolerance * DoubleStream.of(expected).filter(Double::isFinite).map(Math::abs).reduce(1, Math::max);
        for (int i = 0; i < actual.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= allowed) && Double.compare(actual[i], expected[i]) != 0) {
                fail("result %d: value %d of %d is %s, but %s was expected, +-%s", result, i, actual.length, actual[i], expected[i], allowed);
            }
        }
    }

    @ParameterizedTest(name = "kernel {0}, stride {1}, padding {2}, batch {3}, {4} to {5} channels, {6}x{7}")
    @MethodSource({"io.ugatit.tensor.ConvolutionContract#everyKernel", "io.ugatit.tensor.ConvolutionContract#imagesAndLogits",
        "io.ugatit.tensor.ConvolutionContract#smallMaps", "io.ugatit.tensor.ConvolutionContract#anyShape", "largeProducts"})
    void convolves(int kernel, int stride, int padding, int batch, int inputs, int outputs, int height, int width) {
        agree(side -> MapOperations.convolve(side, kernel, stride, padding, batch, inputs, outputs, height, width));
    }

    /** Where tiles of 128 pay, and where a sum is cut into parts. */
    static Stream<Arguments> largeProducts() {
        return Stream.of(Arguments.of(3, 1, 1, 1, 100, 104, 12, 13), Arguments.of(1, 1, 0, 1, 128, 128, 16, 8),
                Arguments.of(4, 2, 1, 1, 64, 128, 20, 18), Arguments.of(7, 1, 3, 1, 3, 20, 33, 31), Arguments.of(7, 1, 3, 1, 20, 3, 33, 31),
                Arguments.of(4, 1, 1, 2, 132, 1, 9, 9));
    }
}
