package io.ugatit.tensor.host;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Modulation;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Scaling;
import io.ugatit.tensor.SpectralPair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernels that keep the numbers of planes on the host, in double precision, n-major. An implementation makes the passes over the maps; what
 * is computed of a few numbers a plane is here, the same for all.
 */
public abstract class HostKernels implements Kernels {
    /** For arrays that a method gives back before it returns. */
    protected final BufferPool scratch;
    private final AttentionFold attention;

    /** @param type the type of all arrays, FLOAT or DOUBLE */
    protected HostKernels(DataType type) {
        this.scratch = new BufferPool(type);
        this.attention = new AttentionFold(scratch);
    }

    /** Mean and biased variance (the sum of squares divided by H*W) of the interior of every plane. */
    public abstract Moments moments(FeatureMaps x);

    /**
     * {@code out = activation(scale * y + shift + residual)}, scale and shift per plane, with a reflected border.
     *
     * @param y without a border
     * @param residual of y's shape, with any border, or null
     * @param out of y's shape, with any border
     */
    public abstract void affine(FeatureMaps y, double[] scale, double[] shift, FeatureMaps residual, Activation activation, FeatureMaps out);

    /**
     * The sums from which the gradients of {@link #affine}'s scale and shift follow, with {@code g = dOut * activation'}.
     *
     * @param out what {@code affine} wrote
     * @param y its input
     * @return per plane, the sum of g and the sum of g * y
     */
    public abstract PlaneSums affineSums(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y);

    /**
     * {@code dy = ofG * g + ofY * y + constant} with {@code g = dOut * activation'}, factors per plane: the gradient of any normalisation.
     *
     * @param out what {@code affine} wrote
     * @param y its input
     * @param dy of y's shape, without a border
     */
    public abstract void affineBackward(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y, PlaneFactors factors, FeatureMaps dy);

    @Override
    public final Scaling instanceNorm(FeatureMaps y) {
        return InstanceScaling.of(moments(y), y.pixels());
    }

    @Override
    public final Scaling layerInstanceNorm(FeatureMaps y, Parameter rho, Modulation modulation) {
        return new LayerInstanceScaling(moments(y), y, rho, (HostModulation) modulation);
    }

    @Override
    public final Scaling shift(FeatureMaps y, Parameter bias) {
        return ShiftScaling.of(y, bias);
    }

    @Override
    public final Scaling spectralNorm(FeatureMaps y, Parameter weights, SpectralPair pair, Parameter bias) {
        return SpectralScaling.of(this, y, weights, pair, bias);
    }

    @Override
    public final void normalize(FeatureMaps y, Scaling scaling, FeatureMaps residual, Activation activation, FeatureMaps out) {
        HostScaling host = (HostScaling) scaling;
        affine(y, host.scale(), host.shift(), residual, activation, out);
    }

    @Override
    public final void normalizeBackward(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y, Scaling scaling,
            boolean wantsParameters, FeatureMaps dy) {
        HostScaling host = (HostScaling) scaling;
        PlaneFactors factors = host.needsSums(wantsParameters) ? host.backward(affineSums(dOut, out, activation, y))
                : new PlaneFactors(host.scale(), null, null);
        affineBackward(dOut, out, activation, y, factors, dy);
    }

    @Override
    public final Modulation modulation(INDArray gamma, INDArray beta) {
        return HostModulation.of(gamma, beta);
    }

    @Override
    public final Modulation modulation(Parameter gamma, Parameter beta, int images) {
        return HostModulation.of(gamma, beta, images);
    }

    @Override
    public final void gradients(Modulation modulation, INDArray dGamma, INDArray dBeta) {
        HostModulation host = (HostModulation) modulation;
        write(host.dGamma(), dGamma);
        write(host.dBeta(), dBeta);
    }

    private static void write(double[] values, INDArray to) {
        to.assign(Parameter.array(values, to).reshape(to.shape()));
    }

    @Override
    public final void addGradients(Modulation modulation, Parameter gamma, Parameter beta) {
        ((HostModulation) modulation).addTo(gamma, beta);
    }

    @Override
    public final double[] averages(FeatureMaps x) {
        return moments(x).mean();
    }

    @Override
    public final INDArray sumOverChannels(FeatureMaps x) {
        INDArray plain = scratch.take(x.images(), x.channels(), x.height(), x.width());
        copy(x, FeatureMaps.of(plain, 0));
        INDArray sums = Broadcasting.sum(plain, 1);
        scratch.release(plain);
        return sums;
    }

    @Override
    public final void foldAttention(Parameter weights, Parameter average, Parameter maximum, INDArray folded) {
        attention.forward(weights, average, maximum, folded);
    }

    @Override
    public final void foldAttentionBackward(INDArray dFolded, Parameter weights, Parameter average, Parameter maximum) {
        attention.backward(dFolded, weights, average, maximum);
    }

    /**
     * Mean and biased variance of every plane.
     *
     * @param mean N*C values
     * @param variance N*C values, the sum of squares divided by H*W
     */
    public record Moments(double[] mean, double[] variance) { }

    /**
     * Two sums over every plane.
     *
     * @param g the sum of g
     * @param gy the sum of g * y
     */
    public record PlaneSums(double[] g, double[] gy) { }

    /**
     * What {@link #affineBackward} multiplies with, N*C values each.
     *
     * @param ofG factor of g
     * @param ofY factor of y, or null for zero
     * @param constant what is added, or null for zero
     */
    public record PlaneFactors(double[] ofG, double[] ofY, double[] constant) { }
}
