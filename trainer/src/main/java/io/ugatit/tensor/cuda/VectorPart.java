package io.ugatit.tensor.cuda;

import static io.ugatit.tensor.cuda.CudaTensor.address;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.AdamRates;
import io.ugatit.tensor.FloatMemory;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import io.ugatit.tensor.VectorKernels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link VectorKernels}: {@code vectors.cu} and {@code linear.cu}. */
final class VectorPart {
    private static final int LEAST_INPUTS = 4096;
    private static final int MOST_PARTS = 64;
    private static final int IMAGES_OF_BLOCK = 4;
    private static final int COLUMNS = 32;
    private static final int ROWS = 8;
    private static final int MOST_BLOCKS = 65535;
    private static final int CONVOLUTION_RANK = 4;

    private final Lane lane;

    VectorPart(Lane lane) {
        this.lane = lane;
    }

    void load(INDArray from, Tensor to) {
        long[] shape = to.shape();
        long window = window(shape);
        if (window == 1) {
            write(from, to);
        } else {
            lane.withScratch(to.length() * Float.BYTES, scratch -> {
                copyIn(from, scratch);
                swap(scratch, shape[0], shape[1], window, address(to));
            });
        }
    }

    void store(Tensor from, INDArray to) {
        long[] shape = from.shape();
        long window = window(shape);
        if (window == 1) {
            read(from, to);
        } else {
            lane.withScratch(from.length() * Float.BYTES, scratch -> {
                swap(address(from), shape[0], window, shape[1], scratch);
                copyOut(scratch, to);
            });
        }
    }

    /** Pixels of a convolution's window: what lies innermost on the host and between outputs and channels here. */
    private static long window(long[] shape) {
        return shape.length == CONVOLUTION_RANK ? shape[2] * shape[3] : 1;
    }

    private void swap(long from, long outer, long a, long b, long to) {
        lane.vector("swap_inner", outer * a * b).pointer(from).int64(outer).int32((int) a).int32((int) b).pointer(to).run();
    }

    void write(INDArray from, Tensor to) {
        copyIn(from, address(to));
    }

    private void copyIn(INDArray from, long to) {
        FloatMemory memory = new FloatMemory("array", from);
        lane.stream().copyToDevice(to, memory.address().address(), memory.length() * Float.BYTES);
    }

    void read(Tensor from, INDArray to) {
        copyOut(address(from), to);
    }

    private void copyOut(long from, INDArray to) {
        FloatMemory memory = new FloatMemory("array", to);
        lane.stream().copyToHost(memory.address().address(), from, memory.length() * Float.BYTES);
        lane.stream().synchronize();
        memory.written();
    }

    void fill(Tensor x, double value) {
        lane.vector("fill", x.length()).pointer(address(x)).int64(x.length()).float32((float) value).run();
    }

    void copy(Tensor x, Tensor out) {
        lane.stream().copyOnDevice(address(out), address(x), x.length() * Float.BYTES);
    }

    void add(Tensor x, Tensor to) {
        lane.vector("add", x.length()).pointer(address(x)).int64(x.length()).pointer(address(to)).run();
    }

    void interpolate(Tensor x, Tensor y, Tensor shares, Tensor out) {
        lane.vector("interpolate", x.length()).pointer(address(x)).pointer(address(y)).pointer(address(shares))
                .int64(x.length() / shares.length()).int64(x.length()).pointer(address(out)).run();
    }

    void clip(Tensor x, double least, double most) {
        lane.vector("clip", x.length()).pointer(address(x)).int64(x.length()).float32((float) least).float32((float) most).run();
    }

    void linear(Tensor x, Parameter weights, Activation activation, Tensor y) {
        int images = (int) x.size(0);
        int inputs = (int) x.size(1);
        int outputs = (int) y.size(1);
        int parts = Math.max(1, Math.min(MOST_PARTS, inputs / LEAST_INPUTS));
        lane.withScratch((long) parts * images * outputs * Double.BYTES, partial -> {
            lane.grid("linear", outputs, parts, Lane.ceilDiv(images, IMAGES_OF_BLOCK)).pointer(address(x)).pointer(CudaTensor.value(weights))
                    .int32(images).int32(inputs).int32(outputs).int32(parts).pointer(partial).run();
            lane.vector("linear_finish", (long) images * outputs).pointer(partial).int32(parts).int32(images).int32(outputs)
                    .int32(rectifies(activation)).pointer(address(y)).run();
        });
    }

    void linearBackward(Tensor x, Parameter weights, Activation activation, Tensor y, Tensor dy, Tensor dx) {
        int images = (int) x.size(0);
        int inputs = (int) x.size(1);
        int outputs = (int) dy.size(1);
        int rectifies = rectifies(activation);
        lane.grid("linear_backward_weights", Math.min(Lane.ceilDiv(inputs, 256), MOST_BLOCKS), Math.min(outputs, MOST_BLOCKS), 1)
                .pointer(address(x)).pointer(address(y)).pointer(address(dy)).int32(rectifies).int32(images).int32(inputs).int32(outputs)
                .pointer(CudaTensor.gradient(weights)).run();
        lane.grid("linear_backward_input", Lane.ceilDiv(inputs, COLUMNS), Lane.ceilDiv(images, IMAGES_OF_BLOCK), COLUMNS, ROWS)
                .pointer(CudaTensor.value(weights)).pointer(address(y)).pointer(address(dy)).int32(rectifies).int32(images).int32(inputs)
                .int32(outputs).int32(0).pointer(address(dx)).run();
    }

    private static int rectifies(Activation activation) {
        return switch (activation) {
            case NONE -> 0;
            case RELU -> 1;
            case LEAKY_RELU, TANH -> throw new IllegalArgumentException("a fully connected layer has the activation NONE or RELU, not "
                    + activation);
        };
    }

    void adam(Tensor parameters, Tensor gradients, Tensor first, Tensor second, AdamRates rates) {
        lane.vector("adam", parameters.length()).pointer(address(parameters)).pointer(address(gradients)).pointer(address(first))
                .pointer(address(second)).int64(parameters.length()).pointer(((CudaRates) rates).address()).run();
    }

    AdamRates adamRates() {
        return new CudaRates(lane);
    }

    Values zeros(int length) {
        CudaValues values = lane.values(length);
        lane.stream().fillBytes(values.address(), 0, (long) length * Double.BYTES);
        return values;
    }

    Values values(Tensor x) {
        CudaValues values = lane.values(Math.toIntExact(x.length()));
        lane.vector("values_of", x.length()).pointer(address(x)).int64(x.length()).int32(1).pointer(values.address()).run();
        return values;
    }

    void write(Values values, Tensor to) {
        lane.vector("floats_of", values.length()).pointer(CudaValues.address(values)).int64(values.length()).pointer(address(to)).run();
    }

    double[] read(Values values) {
        ByteBuffer numbers = ByteBuffer.allocateDirect(values.length() * Double.BYTES).order(ByteOrder.nativeOrder());
        lane.stream().copyToHost(numbers, CudaValues.address(values));
        lane.stream().synchronize();
        double[] read = new double[values.length()];
        numbers.asDoubleBuffer().get(read);
        return read;
    }
}
