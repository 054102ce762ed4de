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
final class NormalizationOperations {
    private static final int[][] SHAPES = {{1, 1, 3, 4}, {2, 3, 5, 4}, {1, 16, 8, 8}, {2, 17, 5, 5}, {1, 36, 19, 33}};

    private NormalizationOperations() { }

    private enum Kind { INSTANCE, ADAPTIVE, LEARNED, NOTHING, BIAS, SPECTRAL }

    static List<Operation> all() {
        return Stream.of(Kind.values()).map(kind -> new Operation("normalisation " + kind.name().toLowerCase(Locale.ROOT)
                + " with every activation, and its gradient", side -> normalize(side, kind))).toList();
    }

    private static void normalize(Side side, Kind kind) {
        for (int[] shape : SHAPES) {
            for (Activation activation : Activation.values()) {
                normalize(side, kind, shape, activation);
            }
        }
    }

    private static void normalize(Side side, Kind kind, int[] s, Activation activation) {
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
            case SPECTRAL -> kernels.spectralNorm(y, weights, pair, bias);
        };
        FeatureMaps out = side.absentMaps(s[0], s[1], s[2], s[3], 1);
        kernels.normalize(y, scaling, side.maps(s[0], s[1], s[2], s[3], 1), activation, out);
        side.compare(out);
        // what the gradient reads of the output decides a slope: the same on both sides
        FeatureMaps given = side.maps(s[0], s[1], s[2], s[3], 1);
        FeatureMaps dy = side.absentMaps(s[0], s[1], s[2], s[3], 0);
        kernels.normalizeBackward(side.maps(s[0], s[1], s[2], s[3], 1), given, activation, y, scaling, true, dy);
        side.compareInterior(dy);
        side.compare(rho, bias, weights);
        Tensor dGamma = side.absent(s[0], s[1]);
        Tensor dBeta = side.absent(s[0], s[1]);
        kernels.gradients(modulation, dGamma, dBeta);
        side.compare(dGamma);
        side.compare(dBeta);
        kernels.addGradients(modulation, gamma, beta);
        side.compare(gamma, beta);
    }
}
