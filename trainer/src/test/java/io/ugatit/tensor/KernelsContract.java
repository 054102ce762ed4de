package io.ugatit.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.tensor.host.HostKernels.Moments;
import io.ugatit.tensor.host.HostKernels.Peaks;
import io.ugatit.tensor.host.HostKernels.PlaneFactors;
import io.ugatit.tensor.host.HostKernels.PlaneSums;
import io.ugatit.tensor.host.HostTensor;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every implementation of the kernels must do, held against plain loops. A subclass an implementation and type. */
public abstract class KernelsContract extends ConvolutionContract {
    /** Images, channels, height and width: sides of one, odd ones, channels around the lanes of vectors, batches. */
    private static final int[][] SHAPES = {{1, 1, 4, 5}, {2, 2, 5, 4}, {2, 3, 7, 5}, {1, 4, 4, 4}, {3, 5, 4, 17}, {1, 16, 9, 6},
        {2, 17, 5, 5}, {1, 33, 6, 11}, {3, 48, 4, 7}};

    protected KernelsContract(Compute compute) {
        super(compute);
    }

    private FeatureMaps random(int[] shape, int padding) {
        return random(shape[0], shape[1], shape[2], shape[3], padding);
    }

    static Stream<Arguments> paddings() {
        return Stream.of(0, 1, 3).flatMap(first -> Stream.of(0, 1, 3).map(second -> Arguments.of(first, second)));
    }

    @ParameterizedTest(name = "padding {0} to padding {1}")
    @MethodSource("paddings")
    void copiesTheInteriorFromAnyLayoutToAnyAndReflectsIt(int from, int to) {
        for (int[] shape : SHAPES) {
            FeatureMaps x = random(shape, from);
            FeatureMaps expectedOut = plain(shape[0], shape[1], shape[2], shape[3], to);
            expected.copy(x, expectedOut);

            FeatureMaps fromPlain = absentLike(expectedOut);
            kernels.copy(x, fromPlain);
            assertEqual(fromPlain, expectedOut);

            FeatureMaps fromOwn = absentLike(expectedOut);
            kernels.copy(givenGradient(x), fromOwn);
            assertEqual(fromOwn, expectedOut);

            FeatureMaps toPlain = plainLike(expectedOut);
            kernels.copy(givenGradient(x), toPlain);
            assertEqual(toPlain, expectedOut);

            FeatureMaps plainToPlain = plainLike(expectedOut);
            kernels.copy(x, plainToPlain);
            assertEqual(plainToPlain, expectedOut);
        }
    }

    /** To the last bit. */
    private void assertEqual(FeatureMaps actual, FeatureMaps expectedMaps) {
        assertSame(actual, expectedMaps);
        assertThat(MemoryOrder.withBorder(actual)).isEqualTo(MemoryOrder.withBorder(expectedMaps));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16, 17})
    void reflectionDoesNotRepeatTheEdge(int channels) {
        INDArray pixels = Nd4j.arange(16).castTo(type).reshape(1, 1, 4, 4);
        FeatureMaps x = HostTensor.maps(Nd4j.repeat(pixels, channels).reshape('c', 1, channels, 4, 4), 0);
        FeatureMaps out = absent(1, channels, 4, 4, 2);
        kernels.copy(x, out);
        double[] values = MemoryOrder.withBorder(out);
        for (int channel = 0; channel < channels; channel++) {
            assertThat(Arrays.copyOfRange(values, 64 * channel, 64 * channel + 8)).containsExactly(10, 9, 8, 9, 10, 11, 10, 9);
            assertThat(Arrays.copyOfRange(values, 64 * channel + 56, 64 * channel + 64)).containsExactly(6, 5, 4, 5, 6, 7, 6, 5);
        }
    }

    @ParameterizedTest(name = "padding {0} to padding {1}")
    @MethodSource("paddings")
    void addsTheInterior(int from, int to) {
        for (int[] shape : SHAPES) {
            FeatureMaps x = random(shape, from);
            FeatureMaps sum = random(shape, to);
            FeatureMaps actual = laidOut(sum);
            kernels.add(givenGradient(x), actual);
            expected.add(x, sum);
            assertSameGradient(actual, sum);
        }
    }

    @ParameterizedTest(name = "padding {0} to padding {1}, ({2},{3},{4},{5})")
    @CsvSource({"0,0,1,1,2,2", "0,0,2,3,3,5", "1,1,1,1,2,3", "0,1,3,2,4,4", "0,2,1,4,5,3", "0,3,1,1,2,2", "0,3,2,3,3,6", "1,1,1,16,8,8",
        "0,1,2,17,3,4", "3,1,1,33,4,5", "0,1,1,48,5,2", "1,0,3,5,7,9"})
    void upsamplesAndBack(int from, int to, int batch, int channels, int height, int width) {
        FeatureMaps x = random(batch, channels, height, width, from);
        FeatureMaps expectedOut = plain(batch, channels, 2 * height, 2 * width, to);
        FeatureMaps out = absentLike(expectedOut);
        kernels.upsample(givenGradient(x), out);
        expected.upsample(x, expectedOut);
        assertEqual(out, expectedOut);

        FeatureMaps dOut = random(batch, channels, 2 * height, 2 * width, to);
        FeatureMaps dx = absentLike(x);
        FeatureMaps expectedDx = plainLike(x);
        kernels.upsampleBackward(givenGradient(dOut), dx);
        expected.upsampleBackward(dOut, expectedDx);
        assertSameGradient(dx, expectedDx);
        assertAdjoint(x, dx, out, dOut);
    }

    @ParameterizedTest(name = "padding {0}, ({1},{2},{3},{4})")
    @CsvSource({"0,1,1,1,3", "0,1,1,5,5", "1,2,3,7,4", "0,3,17,16,9", "3,1,2,64,65", "0,1,16,33,8", "1,2,33,5,7", "0,1,48,4,4",
        "0,2,4,1,1"})
    void takesMeanAndBiasedVarianceOfEveryPlane(int padding, int batch, int channels, int height, int width) {
        FeatureMaps x = random(batch, channels, height, width, padding);
        HostTensor.array(x.data()).muli(3).addi(2);
        Moments moments = kernels.moments(givenGradient(x));
        Moments expectedMoments = expected.moments(x);
        assertSame(moments.mean(), expectedMoments.mean());
        assertSame(moments.variance(), expectedMoments.variance());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 16})
    void aVarianceSurvivesAMeanAHundredTimesLargerThanTheDeviation(int channels) {
        FeatureMaps x = random(2, channels, 16, 16, 0);
        HostTensor.array(x.data()).addi(100);
        assertSame(kernels.moments(given(x)).variance(), expected.moments(x).variance());
    }

    static Stream<Arguments> affineCases() {
        return Stream.of(Activation.values()).flatMap(activation -> Stream.of(0, 1, 3).flatMap(padding ->
                Stream.of(-1, 0, 1).map(residualPadding -> Arguments.of(activation, padding, residualPadding))));
    }

    @ParameterizedTest(name = "{0}, padding {1}, residual padded by {2} (-1: none)")
    @MethodSource("affineCases")
    void scalesShiftsAddsActivatesAndReflects(Activation activation, int padding, int residualPadding) {
        for (int[] shape : SHAPES) {
            FeatureMaps y = random(shape, 0);
            double[] scale = randomPlanes(y);
            double[] shift = randomPlanes(y);
            FeatureMaps residual = residualPadding < 0 ? null : random(shape, residualPadding);
            FeatureMaps expectedOut = plain(shape[0], shape[1], shape[2], shape[3], padding);
            FeatureMaps out = absentLike(expectedOut);
            kernels.affine(given(y), scale, shift, residual == null ? null : givenGradient(residual), activation, out);
            expected.affine(y, scale, shift, residual, activation, expectedOut);
            assertSame(out, expectedOut);
        }
    }

    static Stream<Arguments> activationsAndPaddings() {
        return Stream.of(Activation.values()).flatMap(activation ->
                Stream.of(0, 1, 3).map(padding -> Arguments.of(activation, padding)));
    }

    @ParameterizedTest(name = "{0}, padding {1}")
    @MethodSource("activationsAndPaddings")
    void givesTheSumsAndTheGradientBeforeScaleAndShift(Activation activation, int padding) {
        for (int[] shape : SHAPES) {
            FeatureMaps y = random(shape, 0);
            FeatureMaps out = plain(shape[0], shape[1], shape[2], shape[3], padding);
            expected.affine(y, randomPlanes(y), randomPlanes(y), null, activation, out);
            FeatureMaps dOut = random(shape, padding);
            PlaneSums sums = kernels.affineSums(givenGradient(dOut), given(out), activation, given(y));
            PlaneSums expectedSums = expected.affineSums(dOut, out, activation, y);
            assertSame(sums.g(), expectedSums.g());
            assertSame(sums.gy(), expectedSums.gy());

            double[] ofG = randomPlanes(y);
            for (PlaneFactors factors : new PlaneFactors[] {new PlaneFactors(ofG, null, null),
                new PlaneFactors(ofG, randomPlanes(y), null), new PlaneFactors(ofG, null, randomPlanes(y)),
                new PlaneFactors(ofG, randomPlanes(y), randomPlanes(y))}) {
                FeatureMaps dy = absentLike(y);
                FeatureMaps expectedDy = plainLike(y);
                kernels.affineBackward(givenGradient(dOut), given(out), activation, given(y), factors, dy);
                expected.affineBackward(dOut, out, activation, y, factors, expectedDy);
                assertSame(dy, expectedDy);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Activation.class, names = {"RELU", "LEAKY_RELU"})
    void takesTheSlopeOfTheNegativeSideAtZero(Activation activation) {
        FeatureMaps zeros = given(HostTensor.maps(Nd4j.zeros(type, 1, 16, 2, 2), 0));
        FeatureMaps ones = given(HostTensor.maps(Nd4j.ones(type, 1, 16, 2, 2), 0));
        double slope = activation == Activation.RELU ? 0 : 0.2;
        PlaneSums sums = kernels.affineSums(ones, zeros, activation, ones);
        assertSame(sums.g(), DoubleStream.generate(() -> 4 * slope).limit(16).toArray());

        FeatureMaps dy = absent(1, 16, 2, 2, 0);
        kernels.affineBackward(ones, zeros, activation, ones, new PlaneFactors(Nd4j.ones(16).toDoubleVector(), null, null), dy);
        assertSame(dy, HostTensor.maps(Nd4j.valueArrayOf(new long[] {1, 16, 2, 2}, slope, type), 0));
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void notANumberStaysNotANumber(Activation activation) {
        for (int channels : new int[] {2, 16}) {
            FeatureMaps y = random(1, channels, 4, 5, 0);
            HostTensor.array(y).putScalar(new long[] {0, 1, 2, 2}, Double.NaN);
            FeatureMaps out = absent(1, channels, 4, 5, 1);
            kernels.affine(given(y), Nd4j.ones(channels).toDoubleVector(), new double[channels], null, activation, out);
            assertThat(MemoryOrder.interior(out)[20 + 2 * 5 + 2]).as("a diverged network must not look healthy").isNaN();
        }
    }

    @ParameterizedTest(name = "padding {0}, ({1},{2},{3},{4})")
    @CsvSource({"0,1,1,1,1", "0,1,1,3,3", "1,2,3,7,5", "0,3,17,16,9", "3,1,2,128,129", "1,1,16,9,4", "0,1,33,5,5", "0,2,48,3,4"})
    void findsTheFirstMaximumOfEveryPlane(int padding, int batch, int channels, int height, int width) {
        INDArray coarse = Nd4j.createFromArray(random.ints((long) batch * channels * height * width, -9, -5).asDoubleStream().toArray())
                .castTo(type).reshape(batch, channels, height, width);
        for (FeatureMaps x : new FeatureMaps[] {random(batch, channels, height, width, padding), bordered(coarse, padding)}) {
            Peaks peaks = kernels.peaks(givenGradient(x));
            Peaks expectedPeaks = expected.peaks(x);
            assertThat(peaks.value()).containsExactly(expectedPeaks.value());
            assertThat(peaks.index()).containsExactly(expectedPeaks.index());
            FeatureMaps other = random(batch, channels, height, width, padding);
            assertThat(kernels.pick(givenGradient(other), peaks.index())).containsExactly(expected.pick(other, peaks.index()));
        }
    }

    @ParameterizedTest(name = "padding {0}, ({1},{2},{3},{4})")
    @CsvSource({"0,1,1,1,1", "1,2,3,7,5", "0,3,17,16,9", "3,1,16,128,129", "1,2,33,4,4", "0,1,48,6,5"})
    void sumsOverChannels(int padding, int batch, int channels, int height, int width) {
        FeatureMaps x = random(batch, channels, height, width, padding);
        INDArray sums = randomView(batch, 1, height, width);
        kernels.sumOverChannels(givenGradient(x), new HostTensor(sums));
        double[] values = MemoryOrder.interior(x);
        int pixels = height * width;
        for (int i = 0; i < batch * pixels; i++) {
            double sum = 0;
            for (int channel = 0; channel < channels; channel++) {
                sum += values[(i / pixels * channels + channel) * pixels + i % pixels];
            }
            assertThat(sums.getDouble(i / pixels, 0, i % pixels / width, i % width)).as("pixel %d", i).isCloseTo(sum, within(1e-5 * channels));
        }
    }

    @ParameterizedTest(name = "padding {0}, ({1},{2},{3},{4})")
    @CsvSource({"0,1,1,1,1", "0,1,1,3,3", "1,2,3,7,5", "0,3,17,16,9", "3,1,16,5,9", "1,2,33,4,4", "0,1,48,6,5"})
    void addsTheGradientOfPooling(int padding, int batch, int channels, int height, int width) {
        FeatureMaps x = random(batch, channels, height, width, padding);
        int[] index = expected.peaks(x).index();
        double[] dMean = randomPlanes(x);
        double[] dMaximum = randomPlanes(x);
        FeatureMaps dx = random(batch, channels, height, width, padding);
        FeatureMaps actual = laidOut(dx);
        kernels.addPoolingGradient(dMean, dMaximum, index, actual);
        expected.addPoolingGradient(dMean, dMaximum, index, dx);
        assertSameGradient(actual, dx);

        kernels.addPoolingGradient(dMean, null, (int[]) null, actual);
        expected.addPoolingGradient(dMean, null, (int[]) null, dx);
        assertSameGradient(actual, dx);
    }

    @ParameterizedTest(name = "({0},{1})")
    @CsvSource({"1,1", "1,37", "37,1", "5,7", "16,16", "17,33", "64,27", "33,129", "16,432", "130,70"})
    void multipliesMatricesWithVectorsAndAddsOuterProducts(int rows, int columns) {
        INDArray matrix = input(rows, columns);
        for (boolean transposed : new boolean[] {false, true}) {
            int in = transposed ? rows : columns;
            int out = transposed ? columns : rows;
            for (long[] shape : new long[][] {{out}, {out, 1}}) {
                INDArray vector = input(shape.length == 1 ? new long[] {in} : new long[] {in, 1});
                INDArray product = randomView(shape).assign(Double.NaN);
                INDArray expectedProduct = Nd4j.create(type, shape);
                kernels.multiply(matrix, transposed, vector, product);
                expected.multiply(matrix, transposed, vector, expectedProduct);
                assertSame(product, expectedProduct);
            }
        }
        INDArray sum = randomView(rows, columns);
        INDArray expectedSum = sum.dup();
        for (double factor : new double[] {0.3, -2}) {
            INDArray u = factor < 0 ? input(rows) : input(rows, 1);
            INDArray v = factor < 0 ? input(columns) : input(columns, 1);
            kernels.addOuterProduct(sum, factor, u, v);
            expected.addOuterProduct(expectedSum, factor, u, v);
            assertSame(sum, expectedSum);
        }
    }
}
