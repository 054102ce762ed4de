package io.ugatit.tensor.host;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.host.HostKernels.Moments;
import io.ugatit.tensor.host.HostKernels.PlaneFactors;
import io.ugatit.tensor.host.HostKernels.PlaneSums;

/** {@link io.ugatit.tensor.Kernels#layerInstanceNorm}: an image's statistics follow from those of its planes. */
final class LayerInstanceScaling implements HostScaling {
    private final int channels;
    private final long pixels;
    private final Parameter rhoParameter;
    private final double[] rho;
    private final HostModulation modulation;
    private final double[] mean;
    private final double[] instanceFactor;
    private final double[] layerMean;
    private final double[] layerFactor;
    private final double[] scale;
    private final double[] shift;

    LayerInstanceScaling(Moments moments, FeatureMaps y, Parameter rho, HostModulation modulation) {
        int batch = y.images();
        this.channels = y.channels();
        this.pixels = y.pixels();
        this.rhoParameter = rho;
        this.rho = HostParameters.toArray(rho);
        this.modulation = modulation;
        this.mean = moments.mean();
        this.instanceFactor = new double[mean.length];
        this.layerMean = new double[batch];
        this.layerFactor = new double[batch];
        this.scale = new double[mean.length];
        this.shift = new double[mean.length];
        for (int n = 0; n < batch; n++) {
            layerStatistics(moments, n);
            for (int c = 0; c < channels; c++) {
                normalize(moments, n, c);
            }
        }
    }

    private void layerStatistics(Moments moments, int n) {
        double sum = 0;
        for (int p = n * channels; p < (n + 1) * channels; p++) {
            sum += moments.mean()[p];
        }
        layerMean[n] = sum / channels;
        double squares = 0;
        for (int p = n * channels; p < (n + 1) * channels; p++) {
            double offset = moments.mean()[p] - layerMean[n];
            squares += pixels * (moments.variance()[p] + offset * offset);
        }
        layerFactor[n] = 1 / Math.sqrt(squares / (channels * pixels - 1) + EPSILON);
    }

    private void normalize(Moments moments, int n, int c) {
        int p = n * channels + c;
        instanceFactor[p] = 1 / Math.sqrt(moments.variance()[p] * pixels / (pixels - 1) + EPSILON);
        double byInstance = rho[c] * instanceFactor[p];
        double byLayer = (1 - rho[c]) * layerFactor[n];
        scale[p] = modulation.gamma()[p] * (byInstance + byLayer);
        shift[p] = modulation.beta()[p] - modulation.gamma()[p] * (byInstance * mean[p] + byLayer * layerMean[n]);
    }

    @Override
    public double[] scale() {
        return scale;
    }

    @Override
    public double[] shift() {
        return shift;
    }

    @Override
    public PlaneFactors backward(PlaneSums sums) {
        double[] ofY = new double[mean.length];
        double[] constant = new double[mean.length];
        double[] dRho = new double[channels];
        for (int n = 0; n < layerMean.length; n++) {
            double layerG = 0;
            double layerGNormalized = 0;
            for (int c = 0; c < channels; c++) {
                int p = n * channels + c;
                double g = sums.g()[p];
                double gInstance = instanceFactor[p] * (sums.gy()[p] - mean[p] * g);
                double gLayer = layerFactor[n] * (sums.gy()[p] - layerMean[n] * g);
                double gamma = modulation.gamma()[p];
                modulation.dBeta()[p] += g;
                modulation.dGamma()[p] += rho[c] * gInstance + (1 - rho[c]) * gLayer;
                dRho[c] += gamma * (gInstance - gLayer);
                layerG += gamma * (1 - rho[c]) * g;
                layerGNormalized += gamma * (1 - rho[c]) * gLayer;
                double byInstance = gamma * rho[c] * instanceFactor[p];
                ofY[p] = -byInstance * instanceFactor[p] * gInstance / (pixels - 1);
                constant[p] = -byInstance * g / pixels - ofY[p] * mean[p];
            }
            double elements = (double) channels * pixels;
            double layerOfY = -layerFactor[n] * layerFactor[n] * layerGNormalized / (elements - 1);
            double layerConstant = -layerFactor[n] * layerG / elements - layerOfY * layerMean[n];
            for (int p = n * channels; p < (n + 1) * channels; p++) {
                ofY[p] += layerOfY;
                constant[p] += layerConstant;
            }
        }
        HostParameters.addGradient(rhoParameter, dRho);
        return new PlaneFactors(scale, ofY, constant);
    }
}
