package io.ugatit.tensor.cpu.pass;

import static io.ugatit.tensor.cpu.pass.VectorRows.LANES;
import static io.ugatit.tensor.cpu.pass.VectorRows.SPECIES;

import io.ugatit.tensor.AdamRates.AdamStep;
import io.ugatit.tensor.FloatMemory;
import io.ugatit.tensor.Kernels;
import java.nio.ByteBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Matrix-vector products, rank-one updates and Adam on memory outside the Java heap, which is read once. */
public final class VectorAlgebra {
    /** Floats that are worked on at once: they fit a second-level cache, and their bytes an int. */
    private static final int PART = 1 << 16;

    private VectorAlgebra() { }

    /** The rows of a matrix, some of them in one slice of memory: a slice costs some objects. */
    private record Rows(FloatMemory memory, int count, int length, int ofBlock) {
        /** What to do with a row that starts at a byte of memory. */
        interface Action {
            void on(int row, ByteBuffer memory, int at);
        }

        static Rows of(INDArray matrix) {
            int length = Math.toIntExact(matrix.size(1));
            return new Rows(new FloatMemory("matrix", matrix), Math.toIntExact(matrix.size(0)), length, Math.max(1, PART / length));
        }

        int blocks() {
            return (count + ofBlock - 1) / ofBlock;
        }

        void forEachOf(int block, Action action) {
            int first = block * ofBlock;
            int rows = Math.min(ofBlock, count - first);
            ByteBuffer slice = memory.slice((long) first * length, rows * length);
            for (int i = 0; i < rows; i++) {
                action.on(first + i, slice, i * length * Float.BYTES);
            }
        }

        /** On as many threads as the caller may use. */
        void forEach(Action action) {
            InParallel.forEach(blocks(), (long) count * length, block -> forEachOf(block, action));
        }
    }

    /** A vector as a Java array. */
    static float[] read(INDArray vector) {
        float[] values = new float[Math.toIntExact(vector.length())];
        new FloatMemory("vector", vector).bytes().asFloatBuffer().get(values);
        return values;
    }

    /** Adds to a vector. */
    static void add(float[] values, INDArray vector) {
        float[] sums = read(vector);
        for (int i = 0; i < values.length; i++) {
            sums[i] += values[i];
        }
        write(sums, vector);
    }

    private static void write(float[] values, INDArray vector) {
        FloatMemory memory = new FloatMemory("vector", vector);
        memory.bytes().asFloatBuffer().put(values);
        memory.written();
    }

    /** {code out = matrix vector}. */
    public static void multiply(INDArray matrix, INDArray vector, INDArray out) {
        Rows rows = Rows.of(matrix);
        float[] factors = read(vector);
        float[] result = new float[rows.count()];
        rows.forEach((i, memory, at) -> result[i] = product(memory, at, factors));
        write(result, out);
    }

    private static float product(ByteBuffer memory, int row, float[] factors) {
        FloatVector sum0 = FloatVector.zero(SPECIES);
        FloatVector sum1 = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j + 2 * LANES <= factors.length; j += 2 * LANES) {
            sum0 = VectorRows.load(memory, row + j * Float.BYTES).fma(FloatVector.fromArray(SPECIES, factors, j), sum0);
            sum1 = VectorRows.load(memory, row + (j + LANES) * Float.BYTES)
                    .fma(FloatVector.fromArray(SPECIES, factors, j + LANES), sum1);
        }
        float sum = VectorRows.total(sum0.add(sum1), new float[LANES]);
        for (; j < factors.length; j++) {
            sum += memory.getFloat(row + j * Float.BYTES) * factors[j];
        }
        return sum;
    }

    /** {code out = matrix' vector}. */
    public static void multiplyTransposed(INDArray matrix, INDArray vector, INDArray out) {
        Rows rows = Rows.of(matrix);
        float[] factors = read(vector);
        float[] result = new float[rows.length()];
        for (int block = 0; block < rows.blocks(); block++) {
            rows.forEachOf(block, (i, memory, at) -> addMultiple(factors[i], memory, at, result));
        }
        write(result, out);
    }

    private static void addMultiple(float factor, ByteBuffer memory, int row, float[] sum) {
        FloatVector factors = FloatVector.broadcast(SPECIES, factor);
        int j = 0;
        for (; j + LANES <= sum.length; j += LANES) {
            VectorRows.load(memory, row + j * Float.BYTES).fma(factors, FloatVector.fromArray(SPECIES, sum, j)).intoArray(sum, j);
        }
        for (; j < sum.length; j++) {
            sum[j] += factor * memory.getFloat(row + j * Float.BYTES);
        }
    }

    /** {code matrix += factor * u v'}. */
    public static void addOuterProduct(INDArray matrix, double factor, INDArray u, INDArray v) {
        Rows rows = Rows.of(matrix);
        float[] left = read(u);
        float[] right = read(v);
        rows.forEach((i, memory, at) -> addMultiple((float) factor * left[i], right, memory, at));
        rows.memory().written();
    }

    private static void addMultiple(float factor, float[] values, ByteBuffer memory, int row) {
        FloatVector factors = FloatVector.broadcast(SPECIES, factor);
        int j = 0;
        for (; j + LANES <= values.length; j += LANES) {
            int at = row + j * Float.BYTES;
            VectorRows.store(FloatVector.fromArray(SPECIES, values, j).fma(factors, VectorRows.load(memory, at)), memory, at);
        }
        for (; j < values.length; j++) {
            int at = row + j * Float.BYTES;
            memory.putFloat(at, memory.getFloat(at) + factor * values[j]);
        }
    }

    /** {link Kernels#adam}. */
    public static void adam(INDArray parameters, INDArray gradients, INDArray first, INDArray second, AdamStep step) {
        FloatMemory p = new FloatMemory("parameters", parameters);
        FloatMemory g = new FloatMemory("gradients", gradients);
        FloatMemory m = new FloatMemory("first moments", first);
        FloatMemory v = new FloatMemory("second moments", second);
        int parts = Math.toIntExact((p.length() + PART - 1) / PART);
        InParallel.forEach(parts, p.length(), part -> {
            long from = (long) part * PART;
            int count = (int) Math.min(PART, p.length() - from);
            adam(p.slice(from, count), g.slice(from, count), m.slice(from, count), v.slice(from, count), count, step);
        });
        for (FloatMemory memory : Arrays.asList(p, m, v)) {
            memory.written();
        }
    }

    private static void adam(ByteBuffer p, ByteBuffer g, ByteBuffer m, ByteBuffer v, int count, AdamStep step) {
        AdamFactors factors = AdamFactors.of(step);
        int whole = count / LANES * LANES * Float.BYTES;
        for (int j = 0; j < whole; j += LANES * Float.BYTES) {
            FloatVector parameter = VectorRows.load(p, j);
            FloatVector gradient = parameter.fma(factors.decay(), VectorRows.load(g, j));
            FloatVector mean = VectorRows.load(m, j).mul(factors.beta1()).add(gradient.mul(factors.rest1()));
            FloatVector square = VectorRows.load(v, j).mul(factors.beta2()).add(gradient.mul(gradient).mul(factors.rest2()));
            VectorRows.store(mean, m, j);
            VectorRows.store(square, v, j);
            VectorRows.store(parameter.sub(mean.mul(factors.rate()).div(square.sqrt().mul(factors.rootFactor()).add(factors.epsilon()))),
                    p, j);
        }
        if (count % LANES != 0) {
            VectorMask<Float> rest = SPECIES.indexInRange(0, count % LANES);
            FloatVector parameter = VectorRows.load(p, whole, rest);
            FloatVector gradient = parameter.fma(factors.decay(), VectorRows.load(g, whole, rest));
            FloatVector mean = VectorRows.load(m, whole, rest).mul(factors.beta1()).add(gradient.mul(factors.rest1()));
            FloatVector square = VectorRows.load(v, whole, rest).mul(factors.beta2()).add(gradient.mul(gradient).mul(factors.rest2()));
            VectorRows.store(mean, m, whole, rest);
            VectorRows.store(square, v, whole, rest);
            FloatVector change = mean.mul(factors.rate()).div(square.sqrt().mul(factors.rootFactor()).add(factors.epsilon()));
            VectorRows.store(parameter.sub(change), p, whole, rest);
        }
    }

    private record AdamFactors(FloatVector decay, float beta1, float rest1, float beta2, float rest2, float rate, float rootFactor,
            float epsilon) {

        static AdamFactors of(AdamStep step) {
            return new AdamFactors(FloatVector.broadcast(SPECIES, (float) step.weightDecay()), (float) step.beta1(),
                    1 - (float) step.beta1(), (float) step.beta2(), 1 - (float) step.beta2(), (float) step.correctedRate(),
                    (float) (1 / step.secondCorrection()), (float) step.epsilon());
        }
    }
}
