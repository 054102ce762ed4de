package io.ugatit.tensor;


import io.ugatit.gpucheck.MapOperations;
import io.ugatit.gpucheck.NormalizationOperations;
import io.ugatit.gpucheck.NormalizationOperations.Kind;
import io.ugatit.gpucheck.VectorOperations;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every implementation must do, through the contract alone, held against the portable kernels in double precision. Outputs start as
 * NaN, borders of gradients are NaN, and what is added to starts with values.
 */
public abstract class KernelsAgreement extends ConvolutionAgreement {
    private static final int[][] SHAPES = {{1, 1, 3, 4}, {2, 3, 5, 4}, {1, 4, 6, 6}, {2, 5, 7, 5}, {1, 16, 8, 8}, {2, 17, 5, 5}, {1, 36, 6, 11},
        {3, 48, 4, 7}, {1, 68, 9, 33}};

    /** @param tolerance of the largest of results, relative */
    protected KernelsAgreement(Compute compute, double tolerance) {
        super(compute, tolerance);
    }

    static Stream<Arguments> paddings() {
        return Stream.of(0, 1, 3).flatMap(first -> Stream.of(0, 1, 2).map(second -> Arguments.of(first, second)));
    }

    @ParameterizedTest(name = "padding {0} to padding {1}")
    @MethodSource("paddings")
    void copiesAddsAndReflectsMaps(int from, int to) {
        agree(side -> Stream.of(SHAPES).forEach(shape -> MapOperations.copy(side, shape, from, to)));
    }

    @ParameterizedTest(name = "padding {0} to padding {1}")
    @MethodSource("paddings")
    void upsamplesAndBack(int from, int to) {
        agree(side -> Stream.of(SHAPES).forEach(shape -> MapOperations.upsample(side, shape, from, to)));
    }

    static Stream<Arguments> activations() {
        return Stream.of(Activation.values()).flatMap(activation -> Stream.of(Arguments.of(activation, 0, -1), Arguments.of(activation, 1, 0),
                Arguments.of(activation, 2, 1)));
    }

    @ParameterizedTest(name = "{0}, padding {1}, residual padded by {2} (-1: none)")
    @MethodSource("activations")
    void normalizesForwardAndBackward(Activation activation, int padding, int residualPadding) {
        for (Kind kind : Kind.values()) {
            agree(side -> Stream.of(SHAPES)
                    .forEach(shape -> NormalizationOperations.normalize(side, shape, kind, activation, padding, residualPadding)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 16})
    void aVarianceSurvivesAMeanAHundredTimesLargerThanTheDeviation(int channels) {
        agree(side -> {
            double[] values = DoubleStream.of(side.normal(2, channels, 16, 16)).map(value -> (float) (value + 100)).toArray();
            FeatureMaps y = side.laidOut(values, 2, channels, 16, 16, 0, true);
            FeatureMaps out = side.absentLike(y);
            side.kernels().normalize(y, side.kernels().instanceNorm(y), null, Activation.NONE, out);
            side.compare(out);
        });
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void notANumberStaysNotANumber(Activation activation) {
        agree(side -> {
            for (int channels : new int[] {2, 16}) {
                double[] values = side.normal(1, channels, 4, 5);
                values[2 * 5 + 2] = Double.NaN;
                FeatureMaps y = side.laidOut(values, 1, channels, 4, 5, 0, true);
                FeatureMaps out = side.absentMaps(1, channels, 4, 5, 1);
                side.kernels().normalize(y, side.kernels().shift(y, null), null, activation, out);
                side.compare(out);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void poolsAndBack(int padding) {
        int[][] shapes = {{1, 1, 4, 4}, {1, 3, 4, 5}, {2, 3, 7, 5}, {3, 17, 16, 9}, {1, 2, 64, 65}, {1, 16, 9, 4}, {2, 48, 4, 4}, {1, 33, 5, 5}};
        agree(side -> Stream.of(shapes).forEach(shape -> MapOperations.pool(side, shape, padding)));
    }

    @ParameterizedTest(name = "batch {0}, {1} channels, spectral norm {2}")
    @CsvSource({"1,4,false", "3,17,false", "1,300,true", "2,37,true"})
    void classifiesAndFoldsAttention(int batch, int channels, boolean normalized) {
        agree(side -> VectorOperations.classify(side, batch, channels, normalized));
    }

    @ParameterizedTest(name = "({0},{1},{2},{2})")
    @CsvSource({"1,3,4", "5,7,1", "64,3,4", "33,129,1", "130,5,3", "40,70,4"})
    void iteratesThePowerOfAMatrix(int rows, int channels, int kernel) {
        agree(side -> VectorOperations.iterate(side, rows, channels, kernel));
    }

    @ParameterizedTest(name = "batch {0}, {1} to {2}, {3}")
    @CsvSource({"1,4,3,NONE", "2,16,16,RELU", "5,37,21,RELU", "1,9000,7,RELU", "9,64,65,NONE"})
    void fullyConnects(int batch, int inputs, int outputs, Activation activation) {
        agree(side -> VectorOperations.connect(side, batch, inputs, outputs, activation));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 5000, 60_000})
    void takesLossesAndTheirGradients(int length) {
        agree(side -> VectorOperations.lose(side, length));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 37, 3000})
    void movesVectorsAndUpdatesThem(int length) {
        agree(side -> {
            VectorOperations.move(side, length);
            VectorOperations.update(side, length);
        });
    }

    @Test
    void weightsComeBackAsTheyWent() {
        agree(side -> side.compareStored(side.resident(3, 5, 4, 4)));
    }
}
