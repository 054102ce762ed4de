package io.ugatit.tensor.nd4j;

import static io.ugatit.tensor.host.HostTensor.array;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.AdamRates.AdamStep;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.host.Broadcasting;
import io.ugatit.tensor.host.HostKernels;
import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.custom.Max;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;

/**
 * The portable kernels: ND4J operations on plain maps only, so they run on whatever device ND4J's backend has, and in double precision.
 * They are the check of every faster implementation. ND4J's own padding, standardisation and leaky ReLU are 10 to 500 times slower than
 * the views and pairwise operations used here.
 */
public final class Nd4jKernels extends HostKernels {
    private static final int NCHW = 0;
    private static final int WEIGHTS_OIHW = 1;
    /** Elements updated at once, so that the decay needs no temporary as large as a network. */
    private static final long ADAM_PART = 1 << 22;

    private final DataType type;

    /** @param type the type of all arrays, FLOAT or DOUBLE */
    public Nd4jKernels(DataType type) {
        super(type);
        this.type = type;
    }

    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public int lanes(int channels) {
        return 1;
    }

    @Override
    public void copy(FeatureMaps x, FeatureMaps out) {
        interior(out).assign(interior(x));
        reflect(out);
    }

    @Override
    public void add(FeatureMaps x, FeatureMaps to) {
        interior(to).addi(interior(x));
    }

    @Override
    public void convolve(FeatureMaps x, INDArray weights, int stride, FeatureMaps y) {
        Nd4j.exec(convolution("conv2d", weights, stride).addInputs(array(x), weights).addOutputs(array(y)).build());
    }

    @Override
    public void convolveBackward(FeatureMaps x, INDArray weights, FeatureMaps dy, int stride, FeatureMaps dx, INDArray dWeights) {
        // ND4J has no operation for one of the two gradients alone that is as fast as the one for both
        INDArray dPadded = dx != null ? array(dx) : scratch.take(array(x).shape());
        INDArray sum = scratch.take(weights.shape());
        Nd4j.exec(convolution("conv2d_bp", weights, stride).addInputs(array(x), weights, array(dy)).addOutputs(dPadded, sum).build());
        if (dWeights != null) {
            dWeights.addi(sum);
        }
        if (dx != null) {
            fold(dx);
        } else {
            scratch.release(dPadded);
        }
        scratch.release(sum);
    }

    private static DynamicCustomOp.DynamicCustomOpsBuilder convolution(String op, INDArray weights, int stride) {
        int height = (int) weights.size(2);
        int width = (int) weights.size(3);
        return DynamicCustomOp.builder(op).addIntegerArguments(height, width, stride, stride, 0, 0, 1, 1, 0, NCHW, WEIGHTS_OIHW);
    }

    /** Fills the border of maps whose interior is there. */
    private static void reflect(FeatureMaps maps) {
        INDArray padded = array(maps);
        int padding = maps.padding();
        int bottom = padding + maps.height() - 1;
        int right = padding + maps.width() - 1;
        for (int d = 1; d <= padding; d++) {
            row(padded, padding - d).assign(row(padded, padding + d));
            row(padded, bottom + d).assign(row(padded, bottom - d));
        }
        for (int d = 1; d <= padding; d++) {
            column(padded, padding - d).assign(column(padded, padding + d));
            column(padded, right + d).assign(column(padded, right - d));
        }
    }

    /** The gradient of {@link #reflect}, in place: adds the gradient of the border to that of the pixels it is a reflection of. */
    private static void fold(FeatureMaps gradient) {
        INDArray padded = array(gradient);
        int padding = gradient.padding();
        int bottom = padding + gradient.height() - 1;
        int right = padding + gradient.width() - 1;
        for (int d = 1; d <= padding; d++) {
            column(padded, padding + d).addi(column(padded, padding - d));
            column(padded, right - d).addi(column(padded, right + d));
        }
        for (int d = 1; d <= padding; d++) {
            row(padded, padding + d).addi(row(padded, padding - d));
            row(padded, bottom - d).addi(row(padded, bottom + d));
        }
    }

    @Override
    public void upsample(FeatureMaps x, FeatureMaps out) {
        INDArray pixels = interior(x);
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                everySecond(out, i, j).assign(pixels);
            }
        }
        reflect(out);
    }

    @Override
    public void upsampleBackward(FeatureMaps dOut, FeatureMaps dx) {
        INDArray sum = interior(dx);
        sum.assign(everySecond(dOut, 0, 0));
        sum.addi(everySecond(dOut, 0, 1));
        sum.addi(everySecond(dOut, 1, 0));
        sum.addi(everySecond(dOut, 1, 1));
    }

    /** Of the interior, every second row from {@code row} on and every second column from {@code column} on. */
    private static INDArray everySecond(FeatureMaps maps, int row, int column) {
        int padding = maps.padding();
        return array(maps).get(all(), all(), interval(padding + row, 2, padding + maps.height()),
                interval(padding + column, 2, padding + maps.width()));
    }

    @Override
    public Moments moments(FeatureMaps x) {
        INDArray pixels = takeInterior(x);
        INDArray mean = scratch.take(x.planes());
        INDArray variance = scratch.take(x.planes());
        Nd4j.exec(DynamicCustomOp.builder("moments").addInputs(planes(pixels)).addOutputs(mean, variance).addIntegerArguments(1).build());
        Moments moments = new Moments(mean.toDoubleVector(), variance.toDoubleVector());
        scratch.release(pixels, mean, variance);
        return moments;
    }

    @Override
    public void affine(FeatureMaps y, double[] scale, double[] shift, FeatureMaps residual, Activation activation, FeatureMaps out) {
        INDArray result = out.padding() == 0 ? array(out) : scratch.take(array(y).shape());
        result.assign(array(y));
        INDArray planes = planes(result);
        multiplyPlanes(planes, scale);
        addToPlanes(planes, shift);
        if (residual != null) {
            result.addi(interior(residual));
        }
        activate(activation, result);
        if (out.padding() > 0) {
            interior(out).assign(result);
            reflect(out);
            scratch.release(result);
        }
    }

    private void activate(Activation activation, INDArray x) {
        switch (activation) {
            case NONE -> { }
            case RELU -> Nd4j.exec(new RectifiedLinear(x, x));
            case LEAKY_RELU -> {
                INDArray leaked = scratch.take(x.shape());
                x.muli(Activation.LEAK, leaked);
                Nd4j.exec(new Max(x, leaked, x));
                scratch.release(leaked);
            }
            case TANH -> Nd4j.exec(new Tanh(x, x));
        }
    }

    @Override
    public PlaneSums affineSums(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y) {
        INDArray g = scratch.take(array(y).shape());
        gradientBeforeActivation(dOut, out, activation, g);
        double[] sums = planeSums(g);
        g.muli(array(y));
        PlaneSums both = new PlaneSums(sums, planeSums(g));
        scratch.release(g);
        return both;
    }

    @Override
    public void affineBackward(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y, PlaneFactors factors,
            FeatureMaps dy) {
        INDArray result = array(dy);
        gradientBeforeActivation(dOut, out, activation, result);
        INDArray planes = planes(result);
        multiplyPlanes(planes, factors.ofG());
        if (factors.ofY() != null) {
            INDArray work = takeInterior(y);
            multiplyPlanes(planes(work), factors.ofY());
            result.addi(work);
            scratch.release(work);
        }
        if (factors.constant() != null) {
            addToPlanes(planes, factors.constant());
        }
    }

    /** {@code g = dOut * activation'}. */
    private void gradientBeforeActivation(FeatureMaps dOut, FeatureMaps out, Activation activation, INDArray g) {
        g.assign(interior(dOut));
        if (activation != Activation.NONE) {
            INDArray work = takeInterior(out);
            derivative(activation, work);
            g.muli(work);
            scratch.release(work);
        }
    }

    /** Replaces outputs of the activation by its derivative there. */
    private static void derivative(Activation activation, INDArray out) {
        switch (activation) {
            case NONE -> out.assign(1);
            case RELU -> Nd4j.exec(new Step(out, 0));
            case LEAKY_RELU -> {
                Nd4j.exec(new Step(out, 0));
                out.muli(1 - Activation.LEAK).addi(Activation.LEAK);
            }
            case TANH -> out.muli(out).rsubi(1);
        }
    }

    private static double[] planeSums(INDArray x) {
        return planes(x).sum(1).toDoubleVector();
    }

    @Override
    public Peaks peaks(FeatureMaps x) {
        INDArray pixels = takeInterior(x);
        INDArray planes = planes(pixels);
        Peaks peaks = new Peaks(planes.max(1).toDoubleVector(), planes.argMax(1).toIntVector());
        scratch.release(pixels);
        return peaks;
    }

    @Override
    public double[] pick(FeatureMaps x, int[] index) {
        INDArray pixels = takeInterior(x);
        INDArray planes = planes(pixels);
        double[] picked = new double[index.length];
        for (int p = 0; p < index.length; p++) {
            picked[p] = planes.getDouble(p, index[p]);
        }
        scratch.release(pixels);
        return picked;
    }

    @Override
    public void addPoolingGradient(double[] dMean, double[] dMaximum, int[] index, FeatureMaps dx) {
        // the border may change, too: nobody reads that of a gradient
        INDArray planes = planes(array(dx));
        addToPlanes(planes, DoubleStream.of(dMean).map(d -> d / dx.pixels()).toArray());
        if (dMaximum != null) {
            int rowLength = dx.width() + 2 * dx.padding();
            for (int p = 0; p < dMaximum.length; p++) {
                int row = dx.padding() + index[p] / dx.width();
                int column = dx.padding() + index[p] % dx.width();
                long position = (long) row * rowLength + column;
                planes.putScalar(p, position, planes.getDouble(p, position) + dMaximum[p]);
            }
        }
    }

    @Override
    public void multiply(INDArray matrix, boolean transposed, INDArray vector, INDArray out) {
        Nd4j.gemm(matrix, vector.reshape('c', vector.length(), 1), out.reshape('c', out.length(), 1), transposed, false, 1, 0);
    }

    @Override
    public void addOuterProduct(INDArray matrix, double factor, INDArray u, INDArray v) {
        Nd4j.gemm(u.reshape('c', u.length(), 1), v.reshape('c', 1, v.length()), matrix, false, false, factor, 1);
    }

    @Override
    public void adam(INDArray parameters, INDArray gradients, INDArray first, INDArray second, AdamStep step) {
        for (long from = 0; from < parameters.length(); from += ADAM_PART) {
            INDArrayIndex part = interval(from, Math.min(parameters.length(), from + ADAM_PART));
            adamPart(parameters.get(part), gradients.get(part), first.get(part), second.get(part), step);
        }
    }

    private void adamPart(INDArray parameters, INDArray gradients, INDArray first, INDArray second, AdamStep step) {
        try (INDArray decay = parameters.mul(step.weightDecay())) {
            gradients.addi(decay);
        }
        // ND4J adds epsilon before it corrects the second moment's bias, PyTorch after
        double epsilon = step.epsilon() * step.secondCorrection();
        Nd4j.exec(new AdamUpdater(gradients, second, first, step.learningRate(), step.beta1(), step.beta2(), epsilon,
                Math.toIntExact(step.step() - 1)));
        parameters.subi(gradients);
    }

    private void multiplyPlanes(INDArray planes, double[] factors) {
        Broadcasting.multiply(planes, column(factors));
    }

    private void addToPlanes(INDArray planes, double[] summands) {
        Broadcasting.add(planes, column(summands));
    }

    private INDArray column(double[] values) {
        return Nd4j.createFromArray(values).castTo(type).reshape(values.length, 1);
    }

    private static INDArray planes(INDArray x) {
        return x.reshape(x.size(0) * x.size(1), x.size(2) * x.size(3));
    }

    /** The interior as a view. */
    private static INDArray interior(FeatureMaps maps) {
        int padding = maps.padding();
        if (padding == 0) {
            return array(maps);
        }
        return array(maps).get(all(), all(), interval(padding, padding + maps.height()), interval(padding, padding + maps.width()));
    }

    /** A contiguous copy of the interior, taken from the scratch memory. */
    private INDArray takeInterior(FeatureMaps maps) {
        return scratch.take(maps.images(), maps.channels(), maps.height(), maps.width()).assign(interior(maps));
    }

    private static INDArray row(INDArray x, long index) {
        return x.get(all(), all(), interval(index, index + 1), all());
    }

    private static INDArray column(INDArray x, long index) {
        return x.get(all(), all(), all(), interval(index, index + 1));
    }
}
