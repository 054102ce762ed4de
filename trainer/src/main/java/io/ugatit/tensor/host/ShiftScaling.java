package io.ugatit.tensor.host;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.host.HostKernels.PlaneFactors;
import io.ugatit.tensor.host.HostKernels.PlaneSums;
import java.util.Arrays;

/** {@link io.ugatit.tensor.Kernels#shift}. */
record ShiftScaling(double[] scale, double[] shift, Parameter bias, int channels) implements HostScaling {

    static ShiftScaling of(FeatureMaps y, Parameter bias) {
        double[] ones = new double[y.planes()];
        Arrays.fill(ones, 1);
        return new ShiftScaling(ones, shift(y, bias), bias, y.channels());
    }

    /** The bias of every plane, zero without one. */
    static double[] shift(FeatureMaps y, Parameter bias) {
        return bias == null ? new double[y.planes()] : HostModulation.repeat(HostParameters.toArray(bias), y.images());
    }

    @Override
    public boolean needsSums(boolean wantsParameters) {
        return wantsParameters && bias != null;
    }

    @Override
    public PlaneFactors backward(PlaneSums sums) {
        HostParameters.addGradient(bias, HostModulation.sumOverBatch(sums.g(), channels));
        return new PlaneFactors(scale, null, null);
    }
}
