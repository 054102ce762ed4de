package io.ugatit.nn;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Kernels.PlaneFactors;
import io.ugatit.tensor.Kernels.PlaneSums;
import java.util.Arrays;

/** Leaves the maps as they are: for the generator's last convolution. */
public final class NoNormalization implements Normalization {

    @Override
    public Applied apply(Kernels kernels, FeatureMaps y) {
        double[] one = new double[y.planes()];
        Arrays.fill(one, 1);
        return new Identity(one, new double[one.length]);
    }

    private record Identity(double[] scale, double[] shift) implements Applied {
        @Override
        public PlaneFactors backward(PlaneSums sums) {
            return new PlaneFactors(scale, null, null);
        }
    }
}
