package io.ugatit.tensor;


import io.ugatit.tensor.AdamRates.AdamStep;
import io.ugatit.tensor.AttentionKernels.Classification;
import io.ugatit.tensor.AttentionKernels.Maxima;
import io.ugatit.tensor.LossKernels.Term;
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
        agree(side -> {
            for (int[] s : SHAPES) {
                int fits = Math.min(from, Math.min(s[2], s[3]) - 1);
                FeatureMaps x = side.gradient(s[0], s[1], s[2], s[3], fits);
                FeatureMaps out = side.absent(s[0], s[1], s[2], s[3], to);
                side.kernels.copy(x, out);
                side.compare(out);
                Tensor plain = side.absent(s[0], s[1], s[2] + 2L * to, s[3] + 2L * to);
                side.kernels.copy(x, FeatureMaps.of(plain, to));
                side.compare(plain);
                FeatureMaps back = side.absent(s[0], s[1], s[2], s[3], fits);
                side.kernels.copy(FeatureMaps.of(plain, to), back);
                side.compare(back);
                FeatureMaps sum = side.gradient(s[0], s[1], s[2], s[3], to);
                side.kernels.add(x, sum);
                side.compareGradient(sum);
            }
        });
    }

    @ParameterizedTest(name = "padding {0} to padding {1}")
    @MethodSource("paddings")
    void upsamplesAndBack(int from, int to) {
        agree(side -> {
            for (int[] s : SHAPES) {
                int fits = Math.min(from, Math.min(s[2], s[3]) - 1);
                FeatureMaps x = side.gradient(s[0], s[1], s[2], s[3], fits);
                FeatureMaps out = side.absent(s[0], s[1], 2 * s[2], 2 * s[3], to);
                side.kernels.upsample(x, out);
                side.compare(out);
                FeatureMaps dx = side.absentLike(x);
                side.kernels.upsampleBackward(side.gradient(s[0], s[1], 2 * s[2], 2 * s[3], to), dx);
                side.compareGradient(dx);
            }
        });
    }

    static Stream<Arguments> activations() {
        return Stream.of(Activation.values()).flatMap(activation -> Stream.of(Arguments.of(activation, 0, -1), Arguments.of(activation, 1, 0),
                Arguments.of(activation, 2, 1)));
    }

    /** Which normalisation, what it has for parameters. */
    private enum Kind { INSTANCE, ADAPTIVE, LEARNED, NOTHING, BIAS, SPECTRAL, SPECTRAL_AND_BIAS }

    @ParameterizedTest(name = "{0}, padding {1}, residual padded by {2} (-1: none)")
    @MethodSource("activations")
    void normalizesForwardAndBackward(Activation activation, int padding, int residualPadding) {
        for (Kind kind : Kind.values()) {
            agree(side -> {
                for (int[] s : SHAPES) {
                    normalize(side, s, kind, activation, padding, residualPadding);
                }
            });
        }
    }

    private static void normalize(Side side, int[] s, Kind kind, Activation activation, int padding, int residualPadding) {
        Kernels kernels = side.kernels;
        FeatureMaps y = side.maps(s[0], s[1], s[2], s[3], 0);
        Parameter rho = side.parameter(1, s[1], 1, 1);
        Parameter gamma = side.parameter(1, s[1], 1, 1);
        Parameter beta = side.parameter(1, s[1], 1, 1);
        Parameter bias = side.parameter(s[1]);
        Parameter weights = side.parameter(s[1], 3, 2, 2);
        SpectralPair pair = new SpectralPair(side.tensor(s[1]), side.resident(1, 3, 2, 2).reshape(12), kernels.values(side.tensor(new double[] {1.7}, 1)));
        Modulation modulation = kind == Kind.LEARNED ? kernels.modulation(gamma, beta, s[0])
                : kernels.modulation(side.tensor(s[0], s[1]), side.tensor(s[0], s[1]));
        Scaling scaling = switch (kind) {
            case INSTANCE -> kernels.instanceNorm(y);
            case ADAPTIVE, LEARNED -> kernels.layerInstanceNorm(y, rho, modulation);
            case NOTHING -> kernels.shift(y, null);
            case BIAS -> kernels.shift(y, bias);
            case SPECTRAL -> kernels.spectralNorm(y, weights, pair, null);
            case SPECTRAL_AND_BIAS -> kernels.spectralNorm(y, weights, pair, bias);
        };
        FeatureMaps residual = residualPadding < 0 ? null : side.gradient(s[0], s[1], s[2], s[3], residualPadding);
        FeatureMaps out = side.absent(s[0], s[1], s[2], s[3], padding);
        kernels.normalize(y, scaling, residual, activation, out);
        side.compare(out);
        // what the backward pass reads of out decides its slope: the same on both sides
        FeatureMaps given = side.maps(s[0], s[1], s[2], s[3], padding);
        FeatureMaps dOut = side.gradient(s[0], s[1], s[2], s[3], padding);
        for (boolean wantsParameters : new boolean[] {true, false}) {
            FeatureMaps dy = side.absent(s[0], s[1], s[2], s[3], 0);
            kernels.normalizeBackward(dOut, given, activation, y, scaling, wantsParameters || kind == Kind.ADAPTIVE || kind == Kind.LEARNED, dy);
            side.compareGradient(dy);
            side.compare(rho, bias, weights);
        }
        Tensor dGamma = side.absent(s[0], s[1]);
        Tensor dBeta = side.absent(s[0], s[1]);
        kernels.gradients(modulation, dGamma, dBeta);
        side.compare(dGamma);
        side.compare(dBeta);
        kernels.addGradients(modulation, gamma, beta);
        side.compare(gamma, beta);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 16})
    void aVarianceSurvivesAMeanAHundredTimesLargerThanTheDeviation(int channels) {
        agree(side -> {
            double[] values = DoubleStream.of(side.normal(2, channels, 16, 16)).map(value -> (float) (value + 100)).toArray();
            FeatureMaps y = side.laidOut(values, 2, channels, 16, 16, 0, true);
            FeatureMaps out = side.absentLike(y);
            side.kernels.normalize(y, side.kernels.instanceNorm(y), null, Activation.NONE, out);
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
                FeatureMaps out = side.absent(1, channels, 4, 5, 1);
                side.kernels.normalize(y, side.kernels.shift(y, null), null, activation, out);
                side.compare(out);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void poolsAndBack(int padding) {
        agree(side -> {
            for (int[] s : new int[][] {{1, 1, 4, 4}, {1, 3, 4, 5}, {2, 3, 7, 5}, {3, 17, 16, 9}, {1, 2, 64, 65}, {1, 16, 9, 4}, {2, 48, 4, 4}, {1, 33, 5, 5}}) {
                // coarse, so that the first of equals matters
                double[] coarse = DoubleStream.of(side.normal(s[0], s[1], s[2], s[3])).map(Math::rint).toArray();
                FeatureMaps x = side.laidOut(coarse, s[0], s[1], s[2], s[3], padding, false);
                Maxima maxima = side.kernels.maxima(x);
                side.compare(maxima.value());
                side.compare(maxima.index());
                side.compare(side.kernels.averages(x));
                Tensor sums = side.absent(s[0], 1, s[2], s[3]);
                side.kernels.sumOverChannels(x, sums);
                side.compare(sums);
                FeatureMaps dx = side.gradient(s[0], s[1], s[2], s[3], padding);
                side.kernels.addPoolingGradient(side.values(s[0] * s[1]), side.values(s[0] * s[1]), maxima, dx);
                side.kernels.addPoolingGradient(side.values(s[0] * s[1]), null, null, dx);
                side.compareGradient(dx);
            }
        });
    }

    @ParameterizedTest(name = "batch {0}, {1} channels, spectral norm {2}")
    @CsvSource({"1,4,false", "3,17,false", "1,300,true", "2,37,true"})
    void classifiesAndFoldsAttention(int batch, int channels, boolean normalized) {
        agree(side -> {
            SpectralPair pair = new SpectralPair(side.tensor(1), side.tensor(channels), side.kernels.values(side.tensor(new double[] {0.6}, 1)));
            Values logits = side.kernels.values(2 * batch);
            for (int column = 0; column < 2; column++) {
                Parameter weights = side.parameter(1, channels);
                Classification classification = new Classification(side.values(batch * channels), weights, normalized ? pair : null, logits, column);
                side.kernels.classify(classification);
                Values dLogits = side.values(2 * batch);
                side.compare(side.kernels.classifyBackward(classification, dLogits, true));
                side.compare(weights);
                side.compare(side.kernels.classifyBackward(classification, dLogits, false));
                side.compare(weights);
            }
            side.compare(logits);
            Parameter weights = side.parameter(channels, 2L * channels, 1, 1);
            Parameter average = side.parameter(1, channels);
            Parameter maximum = side.parameter(1, channels);
            Tensor folded = side.absent(channels, channels, 1, 1);
            side.kernels.foldAttention(weights, average, maximum, folded);
            side.compare(folded);
            side.kernels.foldAttentionBackward(side.tensor(channels, channels, 1, 1), weights, average, maximum);
            side.compare(weights, average, maximum);
        });
    }

    @ParameterizedTest(name = "({0},{1},{2},{2})")
    @CsvSource({"1,3,4", "5,7,1", "64,3,4", "33,129,1", "130,5,3", "40,70,4"})
    void iteratesThePowerOfAMatrix(int rows, int channels, int kernel) {
        agree(side -> {
            Parameter weights = side.parameter(rows, channels, kernel, kernel);
            Tensor u = side.resident(rows);
            Tensor v = side.resident(1, channels, kernel, kernel);
            Tensor matrix = weights.value().reshape(rows, v.length());
            for (int i = 0; i < 2; i++) {
                side.compare(side.kernels.iteratePower(matrix, u, v.reshape(v.length())));
                side.compare(side.kernels.singularValue(matrix, u, v.reshape(v.length())));
            }
            side.results().add(side.stored(u));
            side.results().add(side.stored(v));
        });
    }

    @ParameterizedTest(name = "batch {0}, {1} to {2}, {3}")
    @CsvSource({"1,4,3,NONE", "2,16,16,RELU", "5,37,21,RELU", "1,9000,7,RELU", "9,64,65,NONE"})
    void fullyConnects(int batch, int inputs, int outputs, Activation activation) {
        agree(side -> {
            Tensor x = side.tensor(batch, inputs);
            Parameter weights = side.parameter(outputs, inputs);
            Tensor y = side.absent(batch, outputs);
            side.kernels.linear(x, weights, activation, y);
            side.compare(y);
            Tensor given = side.tensor(batch, outputs);
            Tensor dx = side.absent(batch, inputs);
            side.kernels.linearBackward(x, weights, activation, given, side.tensor(batch, outputs), dx);
            side.compare(dx);
            side.compare(weights);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 5000, 60_000})
    void takesLossesAndTheirGradients(int length) {
        agree(side -> {
            Values terms = side.kernels.values(5);
            Tensor x = side.tensor(length);
            Tensor dx = side.absent(length);
            side.kernels.meanSquare(x, 0.3, 5, dx, new Term(terms, 4));
            side.compare(dx);
            side.kernels.meanAbsolute(x, side.tensor(length), 3, dx, new Term(terms, 3));
            side.compare(dx);
            int few = Math.min(length, 100);
            Values logits = side.values(few);
            Values dLogits = side.kernels.values(few);
            side.kernels.meanSquare(logits, 0, few, 1, 2, dLogits, new Term(terms, 2));
            side.compare(dLogits);
            side.kernels.meanSquare(logits, few / 2, few, -1, 2, dLogits, new Term(terms, 1));
            side.compare(dLogits);
            side.kernels.binaryCrossEntropy(logits, 1, 7, dLogits, new Term(terms, 0));
            side.compare(dLogits);
            side.compare(terms);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 37, 3000})
    void movesVectorsAndUpdatesThem(int length) {
        agree(side -> {
            Tensor x = side.tensor(length);
            Tensor y = side.tensor(length);
            side.kernels.add(x, y);
            side.compare(y);
            side.kernels.clip(y, -0.5, 0.25);
            side.compare(y);
            side.kernels.copy(x, y);
            side.compare(y);
            side.kernels.fill(y, 0.125);
            side.compare(y);
            side.compare(side.kernels.values(x));
            side.kernels.write(side.kernels.values(x), y);
            side.compare(y);
            Parameter parameters = side.parameter(length);
            Tensor first = side.resident(length);
            Tensor second = side.absent(length);
            side.kernels.fill(second, 0.04);
            AdamRates rates = side.kernels.adamRates();
            for (int step = 3; step < 5; step++) {
                Tensor gradients = side.tensor(length);
                rates.set(new AdamStep(1e-2, 0.5, 0.999, 1e-8, 0.1, step));
                side.kernels.adam(parameters.value(), gradients, first, second, rates);
                side.compare(first);
                side.compare(second);
                side.compare(parameters.value());
            }
        });
    }

    @Test
    void weightsComeBackAsTheyWent() {
        agree(side -> side.results().add(side.stored(side.resident(3, 5, 4, 4))));
    }
}
