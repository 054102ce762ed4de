package io.ugatit.gpucheck;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Modulation;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Scaling;
import io.ugatit.tensor.SpectralPair;
import io.ugatit.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Normalisations with the activations that follow them. */
public final class NormalizationOperations {
    private static final int[][] SHAPES = {{1, 1, 3, 4}, {2, 3, 5, 4}, {1, 16, 8, 8}, {2, 17, 5, 5}, {1, 36, 19, 33}};

    private NormalizationOperations() { }

    /** Which normalisation, and what it has for parameters. */
    public enum Kind { INSTANCE, ADAPTIVE, LEARNED, NOTHING, BIAS, SPECTRAL, SPECTRAL_AND_BIAS }

    static List<Operation> all() {
        return Stream.of(Kind.values()).map(kind -> new Operation("normalisation " + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + " with every activation, and its gradient", side -> normalize(side, kind))).toList();
    }

    private static void normalize(Side side, Kind kind) {
        for (int[] shape : SHAPES) {
            for (Activation activation : Activation.values()) {
                normalize(side, shape, kind, activation, 1, 1);
            }
        }
    }

    /**
     * A normalisation, its gradient with and without those of parameters, and the gradients of gamma and beta.
     *
     * @param s images, channels, height, width
     * @param padding border of the output
     * @param residualPadding border of what is added, -1 for none
     */
    public static void normalize(Side side, int[] s, Kind kind, Activation activation, int padding, int residualPadding) {
        Kernels kernels = side.kernels();
        FeatureMaps y = side.maps(s[0], s[1], s[2], s[3], 0);
        Parameter rho = side.parameter(1, s[1], 1, 1);
        Parameter gamma = side.parameter(1, s[1], 1, 1);
        Parameter beta = side.parameter(1, s[1], 1, 1);
        Parameter bias = side.parameter(s[1]);
        Parameter weights = side.parameter(s[1], 3, 2, 2);
        SpectralPair pair = new SpectralPair(side.tensor(s[1]), side.resident(1, 3, 2, 2).reshape(12),
                kernels.values(side.tensor(new double[] {1.7}, 1)));
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
        FeatureMaps out = side.absentMaps(s[0], s[1], s[2], s[3], padding);
        kernels.normalize(y, scaling, residual, activation, out);
        side.compare(out);
        // what the backward pass reads of out decides its slope: the same on both sides
        FeatureMaps given = side.maps(s[0], s[1], s[2], s[3], padding);
        FeatureMaps dOut = side.gradient(s[0], s[1], s[2], s[3], padding);
        for (boolean wantsParameters : new boolean[] {true, false}) {
            FeatureMaps dy = side.absentMaps(s[0], s[1], s[2], s[3], 0);
            kernels.normalizeBackward(dOut, given, activation, y, scaling,
                    wantsParameters || kind == Kind.ADAPTIVE || kind == Kind.LEARNED, dy);
            side.compareInterior(dy);
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
}
