package io.ugatit.tensor.host;

import static io.ugatit.tensor.host.HostTensor.array;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.AdamRates;
import io.ugatit.tensor.AdamRates.AdamStep;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import io.ugatit.tensor.VectorKernels;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** {@link VectorKernels} by ND4J's operations. */
abstract class HostVectors implements VectorKernels {

    /** {@link #adam(Tensor, Tensor, Tensor, Tensor, AdamRates)} of vectors. */
    public abstract void adam(INDArray parameters, INDArray gradients, INDArray first, INDArray second, AdamStep step);


    @Override
    public final Tensor resident(INDArray vector) {
        return new HostTensor(vector);
    }

    @Override
    public final void load(INDArray from, Tensor to) {
        move(from, array(to));
    }

    @Override
    public final void store(Tensor from, INDArray to) {
        move(array(from), to);
    }

    /** Copies unless the two are the same memory, as a resident vector and the host's are. */
    private static void move(INDArray from, INDArray to) {
        if (from.data().originalOffset() != to.data().originalOffset() || from.offset() != to.offset()
                || from.data().pointer().address() != to.data().pointer().address()) {
            to.assign(from.reshape('c', to.shape()));
        }
    }

    @Override
    public final void write(INDArray from, Tensor to) {
        INDArray array = array(to);
        array.assign(from.reshape('c', array.shape()));
    }

    @Override
    public final void read(Tensor from, INDArray to) {
        to.assign(array(from).reshape('c', to.shape()));
    }

    @Override
    public final void fill(Tensor x, double value) {
        array(x).assign(value);
    }

    @Override
    public final void copy(Tensor x, Tensor out) {
        array(out).assign(array(x.reshape(out.shape())));
    }

    @Override
    public final void add(Tensor x, Tensor to) {
        array(to).addi(array(x.reshape(to.shape())));
    }

    @Override
    public final void interpolate(Tensor x, Tensor y, Tensor shares, Tensor out) {
        long images = shares.length();
        double[] share = array(shares).toDoubleVector();
        INDArray from = array(x.reshape(images, x.length() / images));
        INDArray to = array(y.reshape(images, x.length() / images));
        INDArray between = array(out.reshape(images, x.length() / images));
        for (int n = 0; n < images; n++) {
            INDArray row = between.getRow(n);
            from.getRow(n).subi(to.getRow(n), row);
            row.muli(share[n]).addi(to.getRow(n));
        }
    }

    @Override
    public final void clip(Tensor x, double least, double most) {
        INDArray array = array(x);
        Nd4j.exec(DynamicCustomOp.builder("clipbyvalue").addInputs(array).addOutputs(array).addFloatingPointArguments(least, most).build());
    }

    @Override
    public final void linear(Tensor x, Parameter weights, Activation activation, Tensor y) {
        FullyConnected.forward(array(x), weights, activation, array(y));
    }

    @Override
    public final void linearBackward(Tensor x, Parameter weights, Activation activation, Tensor y, Tensor dy, Tensor dx) {
        FullyConnected.backward(array(x), weights, activation, array(y), array(dy), array(dx));
    }

    @Override
    public final void adam(Tensor parameters, Tensor gradients, Tensor first, Tensor second, AdamRates rates) {
        adam(array(parameters), array(gradients), array(first), array(second), ((HostRates) rates).step());
    }

    @Override
    public final AdamRates adamRates() {
        return new HostRates();
    }

    @Override
    public final Values values(int length) {
        return new HostValues(new double[length]);
    }

    @Override
    public final Values values(Tensor x) {
        return new HostValues(array(x).dup('c').reshape(x.length()).toDoubleVector());
    }

    @Override
    public final void write(Values values, Tensor to) {
        write(HostValues.of(values), to);
    }

    @Override
    public final double[] read(Values values) {
        return HostValues.of(values).clone();
    }

    static void write(double[] values, Tensor to) {
        INDArray array = array(to);
        array.assign(HostParameters.array(values, array).reshape(array.shape()));
    }
}
