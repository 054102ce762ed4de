package io.ugatit.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.tensor.Kernels.Maxima;
import io.ugatit.tensor.Kernels.Moments;
import io.ugatit.tensor.Kernels.PlaneFactors;
import io.ugatit.tensor.Kernels.PlaneSums;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What every implementation of the kernels must do, held against plain loops. Outputs start as NaN, so that one that is added to, or not
 * written everywhere, shows. A subclass an implementation and type.
 */
abstract class KernelsContract {
    private static final double ABSENT = Double.NaN;
    private final Kernels expected = new LoopKernels();
    private final Kernels kernels;
    private final DataType type;
    private final double tolerance;
    private final Random random = new Random(7);

    KernelsContract(Kernels kernels, DataType type) {
        this.kernels = kernels;
        this.type = type;
        this.tolerance = type == DataType.DOUBLE ? 1e-12 : 2e-5;
    }

    private INDArray random(long... shape) {
        double[] values = new double[(int) Nd4j.zeros(DataType.BYTE, shape).length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Nd4j.createFromArray(values).castTo(type).reshape(shape);
    }

    private INDArray absent(long... shape) {
        return Nd4j.valueArrayOf(shape, ABSENT, type);
    }

    private double[] randomPlanes(INDArray x) {
        return random.doubles(x.size(0) * x.size(1), -2, 2).toArray();
    }

    private INDArray padded(INDArray x, int padding) {
        return absent(x.size(0), x.size(1), x.size(2) + 2L * padding, x.size(3) + 2L * padding);
    }

    private void assertSame(INDArray actual, INDArray expectedArray) {
        assertThat(actual.shape()).isEqualTo(expectedArray.shape());
        assertSame(actual.dup('c').reshape(actual.length()).toDoubleVector(), expectedArray.dup('c').reshape(actual.length()).toDoubleVector());
    }

    private void assertSame(double[] actual, double[] expectedValues) {
        double largest = 1;
        for (double value : expectedValues) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(actual).containsExactly(expectedValues, within(tolerance * largest));
    }

    static Stream<Arguments> convolutions() {
        Stream.Builder<Arguments> cases = Stream.builder();
        for (int kernel : new int[] {1, 3, 4, 7}) {
            for (int stride : new int[] {1, 2}) {
                cases.add(Arguments.of(kernel, stride, 1, 1, 1, 7, 7));
                cases.add(Arguments.of(kernel, stride, 1, 3, 5, 9, 12));
                cases.add(Arguments.of(kernel, stride, 2, 4, 3, 11, 8));
                cases.add(Arguments.of(kernel, stride, 3, 17, 16, 8, 15));
            }
        }
        return cases.build();
    }

    @ParameterizedTest(name = "kernel {0}, stride {1}, batch {2}, {3} to {4} channels, {5}x{6}")
    @MethodSource("convolutions")
    void convolves(int kernel, int stride, int batch, int inputs, int outputs, int height, int width) {
        INDArray x = random(batch, inputs, height, width);
        INDArray weights = random(outputs, inputs, kernel, kernel);
        long[] shape = {batch, outputs, (height - kernel) / stride + 1, (width - kernel) / stride + 1};
        INDArray y = absent(shape);
        INDArray expectedY = absent(shape);
        kernels.convolve(x, weights, stride, y);
        expected.convolve(x, weights, stride, expectedY);
        assertSame(y, expectedY);
    }

    @ParameterizedTest(name = "kernel {0}, stride {1}, batch {2}, {3} to {4} channels, {5}x{6}")
    @MethodSource("convolutions")
    void givesTheGradientsOfAConvolutionTogetherAndOneByOne(int kernel, int stride, int batch, int inputs, int outputs, int height,
            int width) {
        INDArray x = random(batch, inputs, height, width);
        INDArray weights = random(outputs, inputs, kernel, kernel);
        INDArray dy = random(batch, outputs, (height - kernel) / stride + 1, (width - kernel) / stride + 1);
        INDArray expectedDx = absent(x.shape());
        INDArray expectedDWeights = absent(weights.shape());
        expected.convolveBackward(x, weights, dy, stride, expectedDx, expectedDWeights);

        INDArray dx = absent(x.shape());
        INDArray dWeights = absent(weights.shape());
        kernels.convolveBackward(x, weights, dy, stride, dx, dWeights);
        assertSame(dx, expectedDx);
        assertSame(dWeights, expectedDWeights);

        INDArray dWeightsAlone = absent(weights.shape());
        kernels.convolveBackward(x, weights, dy, stride, null, dWeightsAlone);
        assertSame(dWeightsAlone, expectedDWeights);

        INDArray dxAlone = absent(x.shape());
        kernels.convolveBackward(absent(x.shape()), weights, dy, stride, dxAlone, null);
        assertSame(dxAlone, expectedDx);
    }

    @ParameterizedTest(name = "padding {0}, ({1},{2},{3},{4})")
    @CsvSource({"0,1,1,4,4", "1,1,1,2,2", "1,2,3,5,8", "2,1,1,3,3", "2,3,2,9,4", "3,1,3,4,4", "3,2,5,7,11"})
    void padsByReflectionAndFoldsBack(int padding, int batch, int channels, int height, int width) {
        INDArray x = random(batch, channels, height, width);
        INDArray out = padded(x, padding);
        INDArray expectedOut = padded(x, padding);
        kernels.pad(x, padding, out);
        expected.pad(x, padding, expectedOut);
        assertThat(out).isEqualTo(expectedOut);

        INDArray dOut = random(out.shape());
        INDArray dx = absent(x.shape());
        INDArray expectedDx = absent(x.shape());
        kernels.fold(dOut.dup(), padding, dx);
        expected.fold(dOut, padding, expectedDx);
        assertSame(dx, expectedDx);
        assertAdjoint(x, dx, out, dOut);
    }

    /** Of a linear map and its gradient: {@code <map(x), dOut> = <x, gradient(dOut)>}. */
    private void assertAdjoint(INDArray x, INDArray dx, INDArray out, INDArray dOut) {
        double outside = out.mul(dOut).sumNumber().doubleValue();
        double inside = x.mul(dx).sumNumber().doubleValue();
        assertThat(inside).isCloseTo(outside, within(tolerance * out.length()));
    }

    @Test
    void reflectionDoesNotRepeatTheEdge() {
        INDArray x = Nd4j.createFromArray(0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15).castTo(type).reshape(1, 1, 4, 4);
        INDArray out = absent(1, 1, 8, 8);
        kernels.pad(x, 2, out);
        assertThat(out.slice(0).slice(0).getRow(0).toDoubleVector()).containsExactly(10, 9, 8, 9, 10, 11, 10, 9);
        assertThat(out.slice(0).slice(0).getRow(7).toDoubleVector()).containsExactly(6, 5, 4, 5, 6, 7, 6, 5);
    }

    @ParameterizedTest(name = "padding {0}, ({1},{2},{3},{4})")
    @CsvSource({"0,1,1,2,2", "0,2,3,3,5", "1,1,1,2,3", "1,3,2,4,4", "2,1,4,5,3", "3,1,1,2,2", "3,2,3,3,6"})
    void upsamplesAndBack(int padding, int batch, int channels, int height, int width) {
        INDArray x = random(batch, channels, height, width);
        INDArray out = absent(batch, channels, 2L * height + 2L * padding, 2L * width + 2L * padding);
        INDArray expectedOut = out.dup();
        kernels.upsample(x, padding, out);
        expected.upsample(x, padding, expectedOut);
        assertThat(out).isEqualTo(expectedOut);

        INDArray dOut = random(out.shape());
        INDArray dx = absent(x.shape());
        INDArray expectedDx = absent(x.shape());
        kernels.upsampleBackward(dOut.dup(), padding, dx);
        expected.upsampleBackward(dOut, padding, expectedDx);
        assertSame(dx, expectedDx);
        assertAdjoint(x, dx, out, dOut);
    }

    @ParameterizedTest(name = "({0},{1},{2},{3})")
    @CsvSource({"1,1,1,3", "1,1,5,5", "2,3,7,4", "3,17,16,9", "1,2,64,65"})
    void takesMeanAndBiasedVarianceOfEveryPlane(int batch, int channels, int height, int width) {
        INDArray x = random(batch, channels, height, width).muli(3).addi(2);
        Moments moments = kernels.moments(x);
        Moments expectedMoments = expected.moments(x);
        assertSame(moments.mean(), expectedMoments.mean());
        assertSame(moments.variance(), expectedMoments.variance());
    }

    @Test
    void aVarianceSurvivesAMeanAHundredTimesLargerThanTheDeviation() {
        INDArray x = random(2, 3, 16, 16).addi(100);
        assertSame(kernels.moments(x).variance(), expected.moments(x).variance());
    }

    static Stream<Arguments> affineCases() {
        Stream.Builder<Arguments> cases = Stream.builder();
        for (Activation activation : Activation.values()) {
            for (int padding : new int[] {0, 1, 3}) {
                for (int residualPadding : new int[] {-1, 0, 1}) {
                    cases.add(Arguments.of(activation, padding, residualPadding));
                }
            }
        }
        return cases.build();
    }

    @ParameterizedTest(name = "{0}, padding {1}, residual padded by {2} (-1: none)")
    @MethodSource("affineCases")
    void scalesShiftsAddsActivatesAndPads(Activation activation, int padding, int residualPadding) {
        for (long[] shape : new long[][] {{1, 1, 4, 5}, {2, 3, 7, 5}, {3, 5, 4, 17}}) {
            INDArray y = random(shape);
            INDArray before = y.dup();
            double[] scale = randomPlanes(y);
            double[] shift = randomPlanes(y);
            INDArray residual = residualPadding < 0 ? null
                    : random(shape[0], shape[1], shape[2] + 2L * residualPadding, shape[3] + 2L * residualPadding);
            INDArray residualBefore = residual == null ? null : residual.dup();
            INDArray out = padded(y, padding);
            INDArray expectedOut = padded(y, padding);
            kernels.affine(y, scale, shift, residual, Math.max(0, residualPadding), activation, out, padding);
            expected.affine(y, scale, shift, residual, Math.max(0, residualPadding), activation, expectedOut, padding);
            assertSame(out, expectedOut);
            assertThat(y).as("the input is only read").isEqualTo(before);
            assertThat(residual).as("the residual is only read").isEqualTo(residualBefore);
        }
    }

    @ParameterizedTest(name = "{0}, padding {1}")
    @MethodSource("affineCases")
    void givesTheGradientBeforeScaleAndShiftWithItsSums(Activation activation, int padding) {
        for (long[] shape : new long[][] {{1, 1, 4, 5}, {2, 3, 7, 5}, {3, 5, 4, 17}}) {
            INDArray y = random(shape);
            INDArray out = padded(y, padding);
            expected.affine(y, randomPlanes(y), randomPlanes(y), null, 0, activation, out, padding);
            INDArray dOut = random(out.shape());
            INDArray outBefore = out.dup();
            INDArray g = absent(shape);
            INDArray expectedG = absent(shape);
            PlaneSums sums = kernels.affineBackward(dOut.dup(), out, padding, activation, y, g);
            PlaneSums expectedSums = expected.affineBackward(dOut, out, padding, activation, y, expectedG);
            assertSame(g, expectedG);
            assertSame(sums.g(), expectedSums.g());
            assertSame(sums.gy(), expectedSums.gy());
            assertThat(out).as("the output is only read").isEqualTo(outBefore);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Activation.class, names = {"RELU", "LEAKY_RELU"})
    void takesTheSlopeOfTheNegativeSideAtZero(Activation activation) {
        INDArray zeros = Nd4j.zeros(type, 1, 1, 2, 2);
        INDArray g = absent(1, 1, 2, 2);
        kernels.affineBackward(Nd4j.ones(type, 1, 1, 2, 2), zeros, 0, activation, zeros, g);
        assertSame(g, Nd4j.valueArrayOf(new long[] {1, 1, 2, 2}, activation == Activation.RELU ? 0 : 0.2, type));
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void notANumberStaysNotANumber(Activation activation) {
        INDArray y = random(1, 2, 4, 5);
        y.putScalar(new long[] {0, 1, 2, 2}, Double.NaN);
        INDArray out = absent(1, 2, 6, 7);
        kernels.affine(y, new double[] {1, 1}, new double[2], null, 0, activation, out, 1);
        assertThat(out.getDouble(0, 1, 3, 3)).as("a diverged network must not look healthy").isNaN();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void combinesGradientAndInput(boolean inPlace) {
        for (long[] shape : new long[][] {{1, 1, 3, 3}, {2, 3, 7, 5}, {3, 5, 4, 17}}) {
            INDArray g = random(shape);
            INDArray y = random(shape);
            double[] ofG = randomPlanes(y);
            for (PlaneFactors factors : new PlaneFactors[] {new PlaneFactors(ofG, null, null),
                new PlaneFactors(ofG, randomPlanes(y), null), new PlaneFactors(ofG, null, randomPlanes(y)),
                new PlaneFactors(ofG, randomPlanes(y), randomPlanes(y))}) {
                INDArray read = g.dup();
                INDArray out = inPlace ? read : absent(shape);
                INDArray expectedOut = absent(shape);
                INDArray yBefore = y.dup();
                kernels.combine(read, y, factors, out);
                expected.combine(g, y, factors, expectedOut);
                assertSame(out, expectedOut);
                assertThat(y).as("y is only read").isEqualTo(yBefore);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void addsToAndCopiesTheInterior(int padding) {
        for (long[] shape : new long[][] {{1, 1, 2, 3}, {2, 3, 7, 5}}) {
            INDArray x = random(shape);
            INDArray around = random(shape[0], shape[1], shape[2] + 2L * padding, shape[3] + 2L * padding);
            INDArray expectedAround = around.dup();
            kernels.addToInterior(x, around, padding);
            expected.addToInterior(x, expectedAround, padding);
            assertSame(around, expectedAround);

            INDArray interior = absent(shape);
            INDArray expectedInterior = absent(shape);
            kernels.copyInterior(around, padding, interior);
            expected.copyInterior(around, padding, expectedInterior);
            assertThat(interior).isEqualTo(expectedInterior);
        }
    }

    @ParameterizedTest(name = "({0},{1},{2},{3})")
    @CsvSource({"1,1,1,1", "1,1,3,3", "2,3,7,5", "3,17,16,9", "1,2,128,129"})
    void findsTheFirstMaximumOfEveryPlane(int batch, int channels, int height, int width) {
        INDArray coarse = Nd4j.createFromArray(random.ints((long) batch * channels * height * width, -9, -5).asDoubleStream().toArray())
                .castTo(type).reshape(batch, channels, height, width);
        for (INDArray x : new INDArray[] {random(batch, channels, height, width), coarse}) {
            Maxima maxima = kernels.maxima(x);
            Maxima expectedMaxima = expected.maxima(x);
            assertThat(maxima.value()).containsExactly(expectedMaxima.value());
            assertThat(maxima.index()).containsExactly(expectedMaxima.index());
        }
    }

    @ParameterizedTest(name = "({0},{1},{2},{3})")
    @CsvSource({"1,1,1,1", "1,1,3,3", "2,3,7,5", "3,17,16,9"})
    void addsTheGradientOfPooling(int batch, int channels, int height, int width) {
        INDArray x = random(batch, channels, height, width);
        double[] dMean = randomPlanes(x);
        double[] dMaximum = randomPlanes(x);
        INDArray dx = random(x.shape());
        INDArray expectedDx = dx.dup();
        Maxima maxima = expected.maxima(x);
        kernels.addPoolingGradient(dMean, dMaximum, maxima, dx);
        expected.addPoolingGradient(dMean, dMaximum, maxima, expectedDx);
        assertSame(dx, expectedDx);
    }
}
