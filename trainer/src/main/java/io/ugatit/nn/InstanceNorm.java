package io.ugatit.nn;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Kernels.Moments;
import io.ugatit.tensor.Kernels.PlaneFactors;
import io.ugatit.tensor.Kernels.PlaneSums;

/**
 * Instance normalisation without parameters: {@code (y - mean) / sqrt(variance + 1e-5)} over every plane, biased variance, as PyTorch's
 * {@code InstanceNorm2d}.
 */
public final class InstanceNorm implements Normalization {

    @Override
    public Applied apply(Kernels kernels, FeatureMaps y) {
        Moments moments = kernels.moments(y);
        int planes = moments.mean().length;
        double[] scale = new double[planes];
        double[] shift = new double[planes];
        for (int p = 0; p < planes; p++) {
            scale[p] = 1 / Math.sqrt(moments.variance()[p] + EPSILON);
            shift[p] = -moments.mean()[p] * scale[p];
        }
        return new InstanceApplied(scale, shift, moments.mean(), y.pixels());
    }

    private record InstanceApplied(double[] scale, double[] shift, double[] mean, int pixels) implements Applied {
        @Override
        public PlaneFactors backward(PlaneSums sums) {
            double[] ofY = new double[scale.length];
            double[] constant = new double[scale.length];
            for (int p = 0; p < scale.length; p++) {
                double r = scale[p];
                double gNormalized = r * (sums.gy()[p] - mean[p] * sums.g()[p]);
                ofY[p] = -r * r * gNormalized / pixels;
                constant[p] = -r * sums.g()[p] / pixels - ofY[p] * mean[p];
            }
            return new PlaneFactors(scale, ofY, constant);
        }
    }
}
