package io.ugatit.tensor.host;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.SpectralPair;
import io.ugatit.tensor.host.HostKernels.PlaneFactors;
import io.ugatit.tensor.host.HostKernels.PlaneSums;
import java.util.Arrays;

/** {@link io.ugatit.tensor.Kernels#spectralNorm}: its scale is 1 / sigma. */
record SpectralScaling(PowerIteration power, double[] scale, double[] shift, Parameter weights, SpectralPair pair, Parameter bias, int channels)
        implements HostScaling {

    static SpectralScaling of(PowerIteration power, FeatureMaps y, Parameter weights, SpectralPair pair, Parameter bias) {
        double[] scale = new double[y.planes()];
        Arrays.fill(scale, 1 / HostValues.of(pair.sigma())[0]);
        return new SpectralScaling(power, scale, ShiftScaling.shift(y, bias), weights, pair, bias, y.channels());
    }

    @Override
    public boolean needsSums(boolean wantsParameters) {
        return wantsParameters;
    }

    @Override
    public PlaneFactors backward(PlaneSums sums) {
        power.addGradient(pair, HostParameters.gradient(weights), Arrays.stream(sums.gy()).sum());
        if (bias != null) {
            HostParameters.addGradient(bias, HostModulation.sumOverBatch(sums.g(), channels));
        }
        return new PlaneFactors(scale, null, null);
    }
}
