package io.ugatit.tensor.host;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.SpectralPair;
import io.ugatit.tensor.host.HostKernels.PlaneFactors;
import io.ugatit.tensor.host.HostKernels.PlaneSums;
import java.util.Arrays;

/** {@link Kernels#spectralNorm}: its scale is 1 / sigma. */
record SpectralScaling(Kernels kernels, double[] scale, double[] shift, Parameter weights, SpectralPair pair, Parameter bias, int channels)
        implements HostScaling {

    static SpectralScaling of(Kernels kernels, FeatureMaps y, Parameter weights, SpectralPair pair, Parameter bias) {
        double[] scale = new double[y.planes()];
        Arrays.fill(scale, 1 / pair.sigma());
        return new SpectralScaling(kernels, scale, ShiftScaling.shift(y, bias), weights, pair, bias, y.channels());
    }

    @Override
    public boolean needsSums(boolean wantsParameters) {
        return wantsParameters;
    }

    @Override
    public PlaneFactors backward(PlaneSums sums) {
        pair.addGradient(kernels, weights.gradient(), Arrays.stream(sums.gy()).sum());
        if (bias != null) {
            bias.addGradient(HostModulation.sumOverBatch(sums.g(), channels));
        }
        return new PlaneFactors(scale, null, null);
    }
}
