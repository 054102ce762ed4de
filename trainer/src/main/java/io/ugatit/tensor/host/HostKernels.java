package io.ugatit.tensor.host;

import static io.ugatit.tensor.host.HostTensor.array;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Modulation;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Recorder;
import io.ugatit.tensor.Scaling;
import io.ugatit.tensor.SpectralPair;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernels that keep the numbers of planes on the host, in double precision, n-major. An implementation makes the passes over the maps; what
 * is computed of a few numbers a plane is here, the same for all.
 */
public abstract class HostKernels extends HostVectors implements Kernels {
    /** For arrays that a method gives back before it returns. */
    protected final ArrayPool scratch;
    private final AttentionFold attention;
    private final PowerIteration power;
    private final Classifier classifier;

    /** @param type the type of all arrays, FLOAT or DOUBLE */
    protected HostKernels(DataType type) {
        this.scratch = new ArrayPool(type);
        this.attention = new AttentionFold(scratch);
        this.power = new PowerIteration(this);
        this.classifier = new Classifier(power);
    }

    /** Kernels of one kind on one pool. */
    public static Compute compute(Supplier<HostKernels> kernels, DataType type) {
        return compute(kernels, new HostPool(type));
    }

    private static Compute compute(Supplier<HostKernels> kernels, HostPool pool) {
        return new Compute(kernels.get(), pool, () -> compute(kernels, pool));
    }

    /** {@link #convolve(FeatureMaps, Tensor, int, FeatureMaps)}, c-ordered and contiguous weights. */
    public abstract void convolve(FeatureMaps x, INDArray weights, int stride, FeatureMaps y);

    /** {@link #convolveBackward(FeatureMaps, Tensor, FeatureMaps, int, FeatureMaps, Tensor)}, c-ordered and contiguous weights. */
    public abstract void convolveBackward(FeatureMaps x, INDArray weights, FeatureMaps dy, int stride, FeatureMaps dx, INDArray dWeights);

    /**
     * {@code out = matrix vector}, or {@code out = matrix' vector}.
     *
     * @param matrix (R,C), c-ordered and contiguous
     * @param vector C elements, or R if transposed
     * @param out R elements, or C if transposed
     */
    public abstract void multiply(INDArray matrix, boolean transposed, INDArray vector, INDArray out);

    /**
     * {@code matrix += factor * u v'}.
     *
     * @param matrix (R,C), c-ordered and contiguous
     * @param u R elements
     * @param v C elements
     */
    public abstract void addOuterProduct(INDArray matrix, double factor, INDArray u, INDArray v);

    /** The largest value of every plane's interior and where it is, the first of equals. */
    public abstract Peaks peaks(FeatureMaps x);

    /** Of every plane's interior the value at a position, row by row. */
    public abstract double[] pick(FeatureMaps x, int[] index);

    /** {@link #addPoolingGradient(Values, Values, Maxima, FeatureMaps)}; {@code dMaximum} and {@code index} are null or not together. */
    public abstract void addPoolingGradient(double[] dMean, double[] dMaximum, int[] index, FeatureMaps dx);

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
        return SpectralScaling.of(power, y, weights, pair, bias);
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
    public final Modulation modulation(Tensor gamma, Tensor beta) {
        return HostModulation.of(array(gamma), array(beta));
    }

    @Override
    public final Modulation modulation(Parameter gamma, Parameter beta, int images) {
        return HostModulation.of(gamma, beta, images);
    }

    @Override
    public final void gradients(Modulation modulation, Tensor dGamma, Tensor dBeta) {
        HostModulation host = (HostModulation) modulation;
        write(host.dGamma(), dGamma);
        write(host.dBeta(), dBeta);
    }

    @Override
    public final void addGradients(Modulation modulation, Parameter gamma, Parameter beta) {
        ((HostModulation) modulation).addTo(gamma, beta);
    }

    @Override
    public final Values averages(FeatureMaps x) {
        return new HostValues(moments(x).mean());
    }

    @Override
    public final Maxima maxima(FeatureMaps x) {
        Peaks peaks = peaks(x);
        return new Maxima(new HostValues(peaks.value()), new HostValues(IntStream.of(peaks.index()).asDoubleStream().toArray()));
    }

    @Override
    public final Values pick(FeatureMaps x, Maxima maxima) {
        return new HostValues(pick(x, positions(maxima)));
    }

    @Override
    public final void addPoolingGradient(Values dMean, Values dMaximum, Maxima maxima, FeatureMaps dx) {
        addPoolingGradient(HostValues.of(dMean), dMaximum == null ? null : HostValues.of(dMaximum),
                maxima == null ? null : positions(maxima), dx);
    }

    private static int[] positions(Maxima maxima) {
        return DoubleStream.of(HostValues.of(maxima.index())).mapToInt(index -> (int) index).toArray();
    }

    @Override
    public void sumOverChannels(FeatureMaps x, Tensor sums) {
        INDArray plain = scratch.take(x.images(), x.channels(), x.height(), x.width());
        copy(x, HostTensor.maps(plain, 0));
        array(sums).assign(Broadcasting.sum(plain, 1));
        scratch.release(plain);
    }

    @Override
    public final void classify(Classification classification) {
        classifier.forward(classification);
    }

    @Override
    public final Values classifyBackward(Classification classification, Values dLogits, boolean wantsWeights) {
        return new HostValues(classifier.backward(classification, HostValues.of(dLogits), wantsWeights));
    }

    @Override
    public void foldAttention(Parameter weights, Parameter average, Parameter maximum, Tensor folded) {
        attention.forward(weights, average, maximum, array(folded));
    }

    @Override
    public void foldAttentionBackward(Tensor dFolded, Parameter weights, Parameter average, Parameter maximum) {
        attention.backward(array(dFolded), weights, average, maximum);
    }

    @Override
    public final void convolve(FeatureMaps x, Tensor weights, int stride, FeatureMaps y) {
        convolve(x, array(weights), stride, y);
    }

    @Override
    public final void convolveBackward(FeatureMaps x, Tensor weights, FeatureMaps dy, int stride, FeatureMaps dx, Tensor dWeights) {
        convolveBackward(x, array(weights), dy, stride, dx, dWeights == null ? null : array(dWeights));
    }

    @Override
    public final Values iteratePower(Tensor matrix, Tensor u, Tensor v) {
        return one(power.iterate(array(matrix), array(u), array(v)));
    }

    @Override
    public final Values singularValue(Tensor matrix, Tensor u, Tensor v) {
        return one(power.singularValue(array(matrix), array(u), array(v)));
    }

    private static Values one(double value) {
        return new HostValues(new double[] {value});
    }

    @Override
    public final void meanSquare(Tensor x, double target, double weight, Tensor dx, Term term) {
        set(term, Losses.meanSquare(array(x), target, weight, array(dx)));
    }

    @Override
    public final void meanSquare(Values x, int from, int to, double target, double weight, Values dx, Term term) {
        set(term, Losses.meanSquare(HostValues.of(x), from, to, target, weight, HostValues.of(dx)));
    }

    @Override
    public final void meanRamp(Tensor x, Ramp ramp, double weight, Tensor dx, Term term) {
        double[] numbers = HostValues.of(values(x));
        double[] gradient = new double[numbers.length];
        set(term, Losses.meanRamp(numbers, 0, numbers.length, ramp, weight, gradient));
        write(gradient, dx);
    }

    @Override
    public final void meanRamp(Values x, int from, int to, Ramp ramp, double weight, Values dx, Term term) {
        set(term, Losses.meanRamp(HostValues.of(x), from, to, ramp, weight, HostValues.of(dx)));
    }

    @Override
    public final void meanLengthError(Tensor x, double weight, Tensor dx, Term term) {
        double[] numbers = HostValues.of(values(x));
        double[] gradient = new double[numbers.length];
        set(term, Losses.meanLengthError(numbers, (int) x.size(0), weight, gradient));
        write(gradient, dx);
    }

    @Override
    public final void binaryCrossEntropy(Values x, double target, double weight, Values dx, Term term) {
        set(term, Losses.binaryCrossEntropy(HostValues.of(x), target, weight, HostValues.of(dx)));
    }

    @Override
    public final void meanAbsolute(Tensor x, Tensor y, double weight, Tensor dx, Term term) {
        set(term, Losses.meanAbsolute(array(x), array(y), weight, array(dx)));
    }

    private static void set(Term term, double value) {
        HostValues.of(term.values())[term.index()] = value;
    }

    @Override
    public final void follow(Kernels others) {
        // the host computes before it returns
    }

    @Override
    public final Recorder recorder() {
        return Recorder.NONE;
    }

    @Override
    public final void recycle() {
        // Java's garbage collection does
    }

    @Override
    public void close() {
        scratch.close();
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

    /**
     * The largest value of every plane.
     *
     * @param value N*C values
     * @param index its position in the plane's interior, row by row; the first of equals
     */
    public record Peaks(double[] value, int[] index) { }
}
