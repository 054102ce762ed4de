package io.ugatit.tensor.host;

import io.ugatit.tensor.host.HostKernels.Moments;
import io.ugatit.tensor.host.HostKernels.PlaneFactors;
import io.ugatit.tensor.host.HostKernels.PlaneSums;

/** {@link io.ugatit.tensor.Kernels#instanceNorm}: its scale is the reciprocal of the deviation. */
record InstanceScaling(double[] scale, double[] shift, double[] mean, int pixels) implements HostScaling {

    static InstanceScaling of(Moments moments, int pixels) {
        int planes = moments.mean().length;
        double[] scale = new double[planes];
        double[] shift = new double[planes];
        for (int p = 0; p < planes; p++) {
            scale[p] = 1 / Math.sqrt(moments.variance()[p] + EPSILON);
            shift[p] = -moments.mean()[p] * scale[p];
        }
        return new InstanceScaling(scale, shift, moments.mean(), pixels);
    }

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
