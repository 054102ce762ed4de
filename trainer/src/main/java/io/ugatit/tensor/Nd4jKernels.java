package io.ugatit.tensor;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

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
 * The portable kernels: ND4J operations only, so they run on whatever device ND4J's backend has, and in double precision. They are the
 * check of every faster implementation. ND4J's own padding, standardisation and leaky ReLU are 10 to 500 times slower than the views and
 * pairwise operations used here.
 */
public final class Nd4jKernels implements Kernels {
    private static final int NCHW = 0;
    private static final int WEIGHTS_OIHW = 1;
    /** Elements updated at once, so that the decay needs no temporary as large as a network. */
    private static final long ADAM_PART = 1 << 22;

    private final DataType type;
    private final BufferPool scratch;

    /** @param type the type of all arrays, FLOAT or DOUBLE */
    public Nd4jKernels(DataType type) {
        this.type = type;
        this.scratch = new BufferPool(type);
    }

    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public void convolve(INDArray x, INDArray weights, int stride, INDArray y) {
        Nd4j.exec(convolution("conv2d", weights, stride).addInputs(x, weights).addOutputs(y).build());
    }

    @Override
    public void convolveBackward(INDArray x, INDArray weights, INDArray dy, int stride, INDArray dx, INDArray dWeights) {
        // ND4J has no operation for one of the two gradients alone that is as fast as the one for both
        INDArray dxOrScratch = dx != null ? dx : scratch.take(x.shape());
        INDArray dWeightsOrScratch = dWeights != null ? dWeights : scratch.take(weights.shape());
        Nd4j.exec(convolution("conv2d_bp", weights, stride).addInputs(x, weights, dy).addOutputs(dxOrScratch, dWeightsOrScratch).build());
        scratch.release(dx != null ? null : dxOrScratch, dWeights != null ? null : dWeightsOrScratch);
    }

    private static DynamicCustomOp.DynamicCustomOpsBuilder convolution(String op, INDArray weights, int stride) {
        int height = (int) weights.size(2);
        int width = (int) weights.size(3);
        return DynamicCustomOp.builder(op).addIntegerArguments(height, width, stride, stride, 0, 0, 1, 1, 0, NCHW, WEIGHTS_OIHW);
    }

    @Override
    public void pad(INDArray x, int padding, INDArray out) {
        interior(out, padding).assign(x);
        reflect(out, padding);
    }

    /** Fills the border of an array whose interior is there. */
    private static void reflect(INDArray padded, int padding) {
        long bottom = padded.size(2) - 1 - padding;
        long right = padded.size(3) - 1 - padding;
        for (int d = 1; d <= padding; d++) {
            row(padded, padding - d).assign(row(padded, padding + d));
            row(padded, bottom + d).assign(row(padded, bottom - d));
        }
        for (int d = 1; d <= padding; d++) {
            column(padded, padding - d).assign(column(padded, padding + d));
            column(padded, right + d).assign(column(padded, right - d));
        }
    }

    @Override
    public void fold(INDArray dOut, int padding, INDArray dx) {
        long bottom = dOut.size(2) - 1 - padding;
        long right = dOut.size(3) - 1 - padding;
        for (int d = 1; d <= padding; d++) {
            column(dOut, padding + d).addi(column(dOut, padding - d));
            column(dOut, right - d).addi(column(dOut, right + d));
        }
        for (int d = 1; d <= padding; d++) {
            row(dOut, padding + d).addi(row(dOut, padding - d));
            row(dOut, bottom - d).addi(row(dOut, bottom + d));
        }
        copyInterior(dOut, padding, dx);
    }

    @Override
    public void upsample(INDArray x, int padding, INDArray out) {
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                everySecond(out, padding, i, j).assign(x);
            }
        }
        reflect(out, padding);
    }

    @Override
    public void upsampleBackward(INDArray dOut, int padding, INDArray dx) {
        INDArray unpadded = scratch.take(dx.size(0), dx.size(1), 2 * dx.size(2), 2 * dx.size(3));
        fold(dOut, padding, unpadded);
        dx.assign(everySecond(unpadded, 0, 0, 0));
        dx.addi(everySecond(unpadded, 0, 0, 1));
        dx.addi(everySecond(unpadded, 0, 1, 0));
        dx.addi(everySecond(unpadded, 0, 1, 1));
        scratch.release(unpadded);
    }

    private static INDArray everySecond(INDArray padded, int padding, int row, int column) {
        return padded.get(all(), all(), interval(padding + row, 2, padded.size(2) - padding),
                interval(padding + column, 2, padded.size(3) - padding));
    }

    @Override
    public Moments moments(INDArray x) {
        INDArray planes = planes(x);
        INDArray mean = scratch.take(planes.size(0));
        INDArray variance = scratch.take(planes.size(0));
        Nd4j.exec(DynamicCustomOp.builder("moments").addInputs(planes).addOutputs(mean, variance).addIntegerArguments(1).build());
        Moments moments = new Moments(mean.toDoubleVector(), variance.toDoubleVector());
        scratch.release(mean, variance);
        return moments;
    }

    @Override
    public void affine(INDArray y, double[] scale, double[] shift, INDArray residual, int residualPadding, Activation activation,
            INDArray out, int padding) {
        INDArray result = padding == 0 ? out : scratch.take(y.shape());
        result.assign(y);
        INDArray planes = planes(result);
        multiplyPlanes(planes, scale);
        addToPlanes(planes, shift);
        if (residual != null) {
            result.addi(interior(residual, residualPadding));
        }
        activate(activation, result);
        if (padding > 0) {
            pad(result, padding, out);
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
    public PlaneSums affineBackward(INDArray dOut, INDArray out, int padding, Activation activation, INDArray y, INDArray g) {
        fold(dOut, padding, g);
        INDArray work = scratch.take(y.shape());
        if (activation != Activation.NONE) {
            copyInterior(out, padding, work);
            derivative(activation, work);
            g.muli(work);
        }
        g.muli(y, work);
        PlaneSums sums = new PlaneSums(planeSums(g), planeSums(work));
        scratch.release(work);
        return sums;
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

    private double[] planeSums(INDArray x) {
        return planes(x).sum(1).toDoubleVector();
    }

    @Override
    public void combine(INDArray g, INDArray y, PlaneFactors factors, INDArray out) {
        if (out != g) {
            out.assign(g);
        }
        INDArray planes = planes(out);
        multiplyPlanes(planes, factors.ofG());
        if (factors.ofY() != null) {
            INDArray work = scratch.take(y.shape());
            work.assign(y);
            multiplyPlanes(planes(work), factors.ofY());
            out.addi(work);
            scratch.release(work);
        }
        if (factors.constant() != null) {
            addToPlanes(planes, factors.constant());
        }
    }

    @Override
    public void addToInterior(INDArray x, INDArray padded, int padding) {
        interior(padded, padding).addi(x);
    }

    @Override
    public void copyInterior(INDArray padded, int padding, INDArray out) {
        out.assign(interior(padded, padding));
    }

    @Override
    public Maxima maxima(INDArray x) {
        INDArray planes = planes(x);
        return new Maxima(planes.max(1).toDoubleVector(), planes.argMax(1).toIntVector());
    }

    @Override
    public void addPoolingGradient(double[] dMean, double[] dMaximum, Maxima maxima, INDArray dx) {
        INDArray planes = planes(dx);
        double[] everywhere = new double[dMean.length];
        for (int p = 0; p < dMean.length; p++) {
            everywhere[p] = dMean[p] / planes.size(1);
        }
        addToPlanes(planes, everywhere);
        for (int p = 0; p < dMaximum.length; p++) {
            planes.putScalar(p, maxima.index()[p], planes.getDouble(p, maxima.index()[p]) + dMaximum[p]);
        }
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
        planes.muliColumnVector(column(factors));
    }

    private void addToPlanes(INDArray planes, double[] summands) {
        planes.addiColumnVector(column(summands));
    }

    private INDArray column(double[] values) {
        return Nd4j.createFromArray(values).castTo(type).reshape(values.length, 1);
    }

    private static INDArray planes(INDArray x) {
        return x.reshape(x.size(0) * x.size(1), x.size(2) * x.size(3));
    }

    private static INDArray interior(INDArray padded, int padding) {
        if (padding == 0) {
            return padded;
        }
        INDArrayIndex rows = interval(padding, padded.size(2) - padding);
        INDArrayIndex columns = interval(padding, padded.size(3) - padding);
        return padded.get(all(), all(), rows, columns);
    }

    private static INDArray row(INDArray x, long index) {
        return x.get(all(), all(), interval(index, index + 1), all());
    }

    private static INDArray column(INDArray x, long index) {
        return x.get(all(), all(), all(), interval(index, index + 1));
    }
}
