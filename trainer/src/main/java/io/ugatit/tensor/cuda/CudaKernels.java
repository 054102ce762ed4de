package io.ugatit.tensor.cuda;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.AdamRates;
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
import io.ugatit.tensor.cuda.driver.DeviceMemories;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernels on a GPU. Maps of more than three channels lie (N,H,W,C), the channels rounded up to a multiple of four; a convolution's weights
 * (O,k,k,C). Sums are made in a fixed order, so a GPU gives the same bits in every run.
 */
public final class CudaKernels implements Kernels {
    /** Images, and the discriminators' one channel of patch logits. */
    private static final int MOST_PLAIN_CHANNELS = 3;
    private static final int CHANNEL_GROUP = 4;

    private final Lane lane;
    private final Precision precision;
    private final VectorPart vectors;
    private final MapPart maps;
    private final Convolutions convolutions;
    private final NormalizationPart normalizations;
    private final AttentionPart attention;
    private final SpectralPart spectral;
    private final LossPart losses;

    private CudaKernels(Lane lane, Precision precision, Convolutions convolutions) {
        this.lane = lane;
        this.precision = precision;
        this.vectors = new VectorPart(lane);
        this.maps = new MapPart(lane);
        this.convolutions = convolutions;
        this.normalizations = new NormalizationPart(lane);
        this.attention = new AttentionPart(lane);
        this.spectral = new SpectralPart(lane);
        this.losses = new LossPart(lane);
    }

    /**
     * Kernels on a GPU, with a stream and memory of their own. Convolutions are cuDNN's where it is installed
     * ({@link io.ugatit.tensor.cuda.cudnn.Cudnn}), otherwise own ones.
     *
     * @param gpu its number, as the driver counts
     * @throws io.ugatit.job.JobFailedException if the driver, the GPU or its memory does not allow it, or the precision takes cuDNN and it
     *     is not there; one line that says what to do
     */
    public static Compute compute(int gpu, Precision precision) {
        return compute(gpu, precision, new DeviceMemories(), new ConvolutionChoice(precision));
    }

    private static Compute compute(int gpu, Precision precision, DeviceMemories memories, ConvolutionChoice choice) {
        Lane lane = new Lane(CudaProgram.on(gpu), memories);
        try {
            return new Compute(new CudaKernels(lane, precision, choice.of(lane)), new CudaPool(lane.memory()),
                    () -> compute(gpu, precision, memories, choice));
        } catch (RuntimeException | Error e) {
            lane.closeAfter(e);
            throw e;
        }
    }

    @Override
    public String name() {
        return "cuda " + lane.program().context().device().name() + " " + precision + " " + convolutions.name();
    }

    @Override
    public int lanes(int channels) {
        return channels <= MOST_PLAIN_CHANNELS ? 1 : (channels + CHANNEL_GROUP - 1) / CHANNEL_GROUP * CHANNEL_GROUP;
    }

    @Override
    public void follow(Kernels others) {
        lane.follow(((CudaKernels) others).lane);
    }

    @Override
    public Recorder recorder() {
        return new CudaRecorder(lane);
    }

    @Override
    public void recycle() {
        lane.recycle();
    }

    @Override
    public void close() {
        convolutions.close();
        lane.close();
    }

    @Override
    public Tensor resident(INDArray vector) {
        return lane.resident(vector.length());
    }

    @Override
    public void convolveBackward(FeatureMaps x, Tensor weights, FeatureMaps dy, int stride, FeatureMaps dx, Tensor dWeights) {
        if (dWeights != null) {
            convolutions.addWeightGradient(x, dy, stride, dWeights);
        }
        if (dx != null) {
            convolutions.inputGradient(dy, weights, stride, dx);
        }
    }

    @Override
    public void load(INDArray from, Tensor to) {
        vectors.load(from, to);
    }

    @Override
    public void store(Tensor from, INDArray to) {
        vectors.store(from, to);
    }

    @Override
    public void write(INDArray from, Tensor to) {
        vectors.write(from, to);
    }

    @Override
    public void read(Tensor from, INDArray to) {
        vectors.read(from, to);
    }

    @Override
    public void fill(Tensor x, double value) {
        vectors.fill(x, value);
    }

    @Override
    public void copy(Tensor x, Tensor out) {
        vectors.copy(x, out);
    }

    @Override
    public void add(Tensor x, Tensor to) {
        vectors.add(x, to);
    }

    @Override
    public void interpolate(Tensor x, Tensor y, Tensor shares, Tensor out) {
        vectors.interpolate(x, y, shares, out);
    }

    @Override
    public void clip(Tensor x, double least, double most) {
        vectors.clip(x, least, most);
    }

    @Override
    public void linear(Tensor x, Parameter weights, Activation activation, Tensor y) {
        vectors.linear(x, weights, activation, y);
    }

    @Override
    public void linearBackward(Tensor x, Parameter weights, Activation activation, Tensor y, Tensor dy, Tensor dx) {
        vectors.linearBackward(x, weights, activation, y, dy, dx);
    }

    @Override
    public void adam(Tensor parameters, Tensor gradients, Tensor first, Tensor second, AdamRates rates) {
        vectors.adam(parameters, gradients, first, second, rates);
    }

    @Override
    public AdamRates adamRates() {
        return vectors.adamRates();
    }

    @Override
    public Values values(int length) {
        return vectors.zeros(length);
    }

    @Override
    public Values values(Tensor x) {
        return vectors.values(x);
    }

    @Override
    public void write(Values values, Tensor to) {
        vectors.write(values, to);
    }

    @Override
    public double[] read(Values values) {
        return vectors.read(values);
    }

    @Override
    public void copy(FeatureMaps x, FeatureMaps out) {
        maps.copy(x, out);
    }

    @Override
    public void add(FeatureMaps x, FeatureMaps to) {
        maps.add(x, to);
    }

    @Override
    public void convolve(FeatureMaps x, Tensor weights, int stride, FeatureMaps y) {
        convolutions.convolve(x, weights, stride, y);
    }

    @Override
    public void upsample(FeatureMaps x, FeatureMaps out) {
        maps.upsample(x, out);
    }

    @Override
    public void upsampleBackward(FeatureMaps dOut, FeatureMaps dx) {
        maps.upsampleBackward(dOut, dx);
    }

    @Override
    public Scaling instanceNorm(FeatureMaps y) {
        return normalizations.instanceNorm(y);
    }

    @Override
    public Scaling layerInstanceNorm(FeatureMaps y, Parameter rho, Modulation modulation) {
        return normalizations.layerInstanceNorm(y, rho, modulation);
    }

    @Override
    public Scaling shift(FeatureMaps y, Parameter bias) {
        return normalizations.shift(y, bias);
    }

    @Override
    public Scaling spectralNorm(FeatureMaps y, Parameter weights, SpectralPair pair, Parameter bias) {
        return normalizations.spectralNorm(y, weights, pair, bias);
    }

    @Override
    public void normalize(FeatureMaps y, Scaling scaling, FeatureMaps residual, Activation activation, FeatureMaps out) {
        normalizations.normalize(y, scaling, residual, activation, out);
    }

    @Override
    public void normalizeBackward(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y, Scaling scaling,
            boolean wantsParameters, FeatureMaps dy) {
        normalizations.normalizeBackward(dOut, out, activation, y, scaling, wantsParameters, dy);
    }

    @Override
    public Modulation modulation(Tensor gamma, Tensor beta) {
        return normalizations.modulation(gamma, beta);
    }

    @Override
    public Modulation modulation(Parameter gamma, Parameter beta, int images) {
        return normalizations.modulation(gamma, beta, images);
    }

    @Override
    public void gradients(Modulation modulation, Tensor dGamma, Tensor dBeta) {
        normalizations.gradients(modulation, dGamma, dBeta);
    }

    @Override
    public void addGradients(Modulation modulation, Parameter gamma, Parameter beta) {
        normalizations.addGradients(modulation, gamma, beta);
    }

    @Override
    public Values averages(FeatureMaps x) {
        return attention.averages(x);
    }

    @Override
    public Maxima maxima(FeatureMaps x) {
        return attention.maxima(x);
    }

    @Override
    public Values pick(FeatureMaps x, Maxima maxima) {
        return attention.pick(x, maxima);
    }

    @Override
    public void addPoolingGradient(Values dMean, Values dMaximum, Maxima maxima, FeatureMaps dx) {
        attention.addPoolingGradient(dMean, dMaximum, maxima, dx);
    }

    @Override
    public void sumOverChannels(FeatureMaps x, Tensor sums) {
        attention.sumOverChannels(x, sums);
    }

    @Override
    public void classify(Classification classification) {
        attention.classify(classification);
    }

    @Override
    public Values classifyBackward(Classification classification, Values dLogits, boolean wantsWeights) {
        return attention.classifyBackward(classification, dLogits, wantsWeights);
    }

    @Override
    public void foldAttention(Parameter weights, Parameter average, Parameter maximum, Tensor folded) {
        attention.foldAttention(weights, average, maximum, folded);
    }

    @Override
    public void foldAttentionBackward(Tensor dFolded, Parameter weights, Parameter average, Parameter maximum) {
        attention.foldAttentionBackward(dFolded, weights, average, maximum);
    }

    @Override
    public Values iteratePower(Tensor matrix, Tensor u, Tensor v) {
        return spectral.iteratePower(matrix, u, v);
    }

    @Override
    public Values singularValue(Tensor matrix, Tensor u, Tensor v) {
        return spectral.singularValue(matrix, u, v);
    }

    @Override
    public void meanSquare(Tensor x, double target, double weight, Tensor dx, Term term) {
        losses.meanSquare(x, target, weight, dx, term);
    }

    @Override
    public void meanSquare(Values x, int from, int to, double target, double weight, Values dx, Term term) {
        losses.meanSquare(x, from, to, target, weight, dx, term);
    }

    @Override
    public void meanRamp(Tensor x, Ramp ramp, double weight, Tensor dx, Term term) {
        losses.meanRamp(x, ramp, weight, dx, term);
    }

    @Override
    public void meanRamp(Values x, int from, int to, Ramp ramp, double weight, Values dx, Term term) {
        losses.meanRamp(x, from, to, ramp, weight, dx, term);
    }

    @Override
    public void meanLengthError(Tensor x, double weight, Tensor dx, Term term) {
        losses.meanLengthError(x, weight, dx, term);
    }

    @Override
    public void binaryCrossEntropy(Values x, double target, double weight, Values dx, Term term) {
        losses.binaryCrossEntropy(x, target, weight, dx, term);
    }

    @Override
    public void meanAbsolute(Tensor x, Tensor y, double weight, Tensor dx, Term term) {
        losses.meanAbsolute(x, y, weight, dx, term);
    }
}
