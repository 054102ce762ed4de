package io.ugatit.tensor;

import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernels for the CPU: convolutions by ND4J's oneDNN, everything else fused into one pass over a plane, with Java's Vector API. A plane is
 * copied into the Java heap, where it stays in the first or second cache, and its result is copied back: two copies of memory that had to
 * be read and written anyway. Planes do not depend on each other, so no bit depends on the number of threads.
 */
final class CpuKernels implements Kernels {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** Fewer elements than this are not worth waking another thread. */
    private static final long PARALLEL_ELEMENTS = 1 << 16;
    /** Elements of a vector that are updated at once. */
    private static final int PART = 1 << 14;

    private final Nd4jKernels convolutions = new Nd4jKernels(DataType.FLOAT);

    @Override
    public String name() {
        return "cpu-vector" + SPECIES.vectorBitSize() + "+nd4j-onednn";
    }

    @Override
    public void convolve(INDArray x, INDArray weights, int stride, INDArray y) {
        convolutions.convolve(x, weights, stride, y);
    }

    @Override
    public void convolveBackward(INDArray x, INDArray weights, INDArray dy, int stride, INDArray dx, INDArray dWeights) {
        convolutions.convolveBackward(x, weights, dy, stride, dx, dWeights);
    }

    @Override
    public void pad(INDArray x, int padding, INDArray out) {
        FloatBuffer from = buffer(x);
        FloatBuffer to = buffer(out);
        PlaneShape inner = PlaneShape.of(x, 0);
        PlaneShape padded = PlaneShape.of(out, padding);
        forEachPlane(inner, plane -> {
            float[] result = new float[padded.length()];
            readRows(from, plane * inner.length(), inner, result, padded);
            padded.reflect(result);
            to.put(plane * padded.length(), result);
        });
    }

    @Override
    public void fold(INDArray dOut, int padding, INDArray dx) {
        FloatBuffer from = buffer(dOut);
        FloatBuffer to = buffer(dx);
        PlaneShape inner = PlaneShape.of(dx, 0);
        PlaneShape padded = PlaneShape.of(dOut, padding);
        forEachPlane(inner, plane -> {
            float[] d = new float[padded.length()];
            from.get(plane * padded.length(), d);
            padded.fold(d);
            writeRows(d, padded, to, plane * inner.length(), inner);
        });
    }

    @Override
    public void upsample(INDArray x, int padding, INDArray out) {
        FloatBuffer from = buffer(x);
        FloatBuffer to = buffer(out);
        PlaneShape inner = PlaneShape.of(x, 0);
        PlaneShape padded = PlaneShape.of(out, padding);
        forEachPlane(inner, plane -> {
            float[] small = new float[inner.length()];
            from.get(plane * inner.length(), small);
            float[] result = new float[padded.length()];
            for (int i = 0; i < inner.height(); i++) {
                int row = padded.row(2 * i);
                for (int j = 0; j < inner.width(); j++) {
                    float value = small[i * inner.width() + j];
                    result[row + 2 * j] = value;
                    result[row + 2 * j + 1] = value;
                }
                System.arraycopy(result, row, result, padded.row(2 * i + 1), 2 * inner.width());
            }
            padded.reflect(result);
            to.put(plane * padded.length(), result);
        });
    }

    @Override
    public void upsampleBackward(INDArray dOut, int padding, INDArray dx) {
        FloatBuffer from = buffer(dOut);
        FloatBuffer to = buffer(dx);
        PlaneShape inner = PlaneShape.of(dx, 0);
        PlaneShape padded = PlaneShape.of(dOut, padding);
        forEachPlane(inner, plane -> {
            float[] d = new float[padded.length()];
            from.get(plane * padded.length(), d);
            padded.fold(d);
            float[] result = new float[inner.length()];
            for (int i = 0; i < inner.height(); i++) {
                int upper = padded.row(2 * i);
                int lower = padded.row(2 * i + 1);
                for (int j = 0; j < inner.width(); j++) {
                    result[i * inner.width() + j] = d[upper + 2 * j] + d[upper + 2 * j + 1] + d[lower + 2 * j] + d[lower + 2 * j + 1];
                }
            }
            to.put(plane * inner.length(), result);
        });
    }

    @Override
    public Moments moments(INDArray x) {
        FloatBuffer from = buffer(x);
        PlaneShape shape = PlaneShape.of(x, 0);
        double[] mean = new double[shape.planes()];
        double[] variance = new double[shape.planes()];
        forEachPlane(shape, plane -> {
            float[] values = new float[shape.length()];
            from.get(plane * shape.length(), values);
            double sum = 0;
            for (int i = 0; i < shape.height(); i++) {
                sum += rowSum(values, i * shape.width(), shape.width());
            }
            double m = sum / shape.length();
            double squares = 0;
            for (int i = 0; i < shape.height(); i++) {
                squares += rowSquares(values, i * shape.width(), shape.width(), (float) m);
            }
            // the mean was rounded to single precision before it was subtracted
            double error = m - (float) m;
            mean[plane] = m;
            variance[plane] = squares / shape.length() - error * error;
        });
        return new Moments(mean, variance);
    }

    private static double rowSum(float[] values, int from, int width) {
        FloatVector sums = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            sums = sums.add(FloatVector.fromArray(SPECIES, values, from + j));
        }
        double sum = sums.reduceLanes(VectorOperators.ADD);
        for (; j < width; j++) {
            sum += values[from + j];
        }
        return sum;
    }

    private static double rowSquares(float[] values, int from, int width, float mean) {
        FloatVector sums = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            FloatVector offset = FloatVector.fromArray(SPECIES, values, from + j).sub(mean);
            sums = offset.fma(offset, sums);
        }
        double sum = sums.reduceLanes(VectorOperators.ADD);
        for (; j < width; j++) {
            float offset = values[from + j] - mean;
            sum += offset * offset;
        }
        return sum;
    }

    @Override
    public void affine(INDArray y, double[] scale, double[] shift, INDArray residual, int residualPadding, Activation activation,
            INDArray out, int padding) {
        FloatBuffer from = buffer(y);
        FloatBuffer added = residual == null ? null : buffer(residual);
        FloatBuffer to = buffer(out);
        PlaneShape inner = PlaneShape.of(y, 0);
        PlaneShape padded = PlaneShape.of(out, padding);
        PlaneShape residualShape = residual == null ? null : PlaneShape.of(residual, residualPadding);
        forEachPlane(inner, plane -> {
            float[] values = new float[inner.length()];
            from.get(plane * inner.length(), values);
            float[] shortcut = null;
            if (added != null) {
                shortcut = new float[residualShape.length()];
                added.get(plane * residualShape.length(), shortcut);
            }
            float[] result = new float[padded.length()];
            for (int i = 0; i < inner.height(); i++) {
                affineRow(values, i * inner.width(), inner.width(), (float) scale[plane], (float) shift[plane], shortcut,
                        shortcut == null ? 0 : residualShape.row(i), activation, result, padded.row(i));
            }
            padded.reflect(result);
            to.put(plane * padded.length(), result);
        });
    }

    private static void affineRow(float[] y, int from, int width, float scale, float shift, float[] residual, int residualFrom,
            Activation activation, float[] out, int to) {
        FloatVector shifts = FloatVector.broadcast(SPECIES, shift);
        FloatVector scales = FloatVector.broadcast(SPECIES, scale);
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, y, from + j).fma(scales, shifts);
            if (residual != null) {
                v = v.add(FloatVector.fromArray(SPECIES, residual, residualFrom + j));
            }
            if (activation == Activation.RELU) {
                v = v.max(0);
            } else if (activation == Activation.LEAKY_RELU) {
                v = v.max(v.mul((float) Activation.LEAK));
            }
            v.intoArray(out, to + j);
        }
        for (; j < width; j++) {
            float v = Math.fma(y[from + j], scale, shift) + (residual != null ? residual[residualFrom + j] : 0);
            out[to + j] = switch (activation) {
                case NONE, TANH -> v;
                case RELU -> Math.max(v, 0);
                case LEAKY_RELU -> Math.max(v, (float) Activation.LEAK * v);
            };
        }
        if (activation == Activation.TANH) {
            for (j = 0; j < width; j++) {
                out[to + j] = (float) Math.tanh(out[to + j]);
            }
        }
    }

    @Override
    public PlaneSums affineBackward(INDArray dOut, INDArray out, int padding, Activation activation, INDArray y, INDArray g) {
        FloatBuffer fromD = buffer(dOut);
        FloatBuffer fromOut = buffer(out);
        FloatBuffer fromY = buffer(y);
        FloatBuffer to = buffer(g);
        PlaneShape inner = PlaneShape.of(y, 0);
        PlaneShape padded = PlaneShape.of(out, padding);
        double[] sumG = new double[inner.planes()];
        double[] sumGy = new double[inner.planes()];
        forEachPlane(inner, plane -> {
            float[] d = new float[padded.length()];
            fromD.get(plane * padded.length(), d);
            padded.fold(d);
            float[] o = new float[padded.length()];
            if (activation != Activation.NONE) {
                fromOut.get(plane * padded.length(), o);
            }
            float[] values = new float[inner.length()];
            fromY.get(plane * inner.length(), values);
            float[] result = new float[inner.length()];
            for (int i = 0; i < inner.height(); i++) {
                int row = i * inner.width();
                derivativeRow(d, o, padded.row(i), inner.width(), activation, result, row);
                sumG[plane] += rowSum(result, row, inner.width());
                sumGy[plane] += rowProduct(result, values, row, inner.width());
            }
            to.put(plane * inner.length(), result);
        });
        return new PlaneSums(sumG, sumGy);
    }

    private static void derivativeRow(float[] d, float[] out, int from, int width, Activation activation, float[] g, int to) {
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, d, from + j);
            FloatVector o = FloatVector.fromArray(SPECIES, out, from + j);
            switch (activation) {
                case NONE -> v.intoArray(g, to + j);
                case RELU -> FloatVector.zero(SPECIES).blend(v, positive(o)).intoArray(g, to + j);
                case LEAKY_RELU -> v.mul((float) Activation.LEAK).blend(v, positive(o)).intoArray(g, to + j);
                case TANH -> v.mul(o.mul(o).neg().add(1)).intoArray(g, to + j);
            }
        }
        for (; j < width; j++) {
            float o = out[from + j];
            g[to + j] = d[from + j] * switch (activation) {
                case NONE -> 1;
                case RELU -> o > 0 ? 1 : 0;
                case LEAKY_RELU -> o > 0 ? 1 : (float) Activation.LEAK;
                case TANH -> 1 - o * o;
            };
        }
    }

    private static VectorMask<Float> positive(FloatVector values) {
        return values.compare(VectorOperators.GT, 0);
    }

    private static double rowProduct(float[] a, float[] b, int from, int width) {
        FloatVector sums = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            sums = FloatVector.fromArray(SPECIES, a, from + j).fma(FloatVector.fromArray(SPECIES, b, from + j), sums);
        }
        double sum = sums.reduceLanes(VectorOperators.ADD);
        for (; j < width; j++) {
            sum += a[from + j] * b[from + j];
        }
        return sum;
    }

    @Override
    public void combine(INDArray g, INDArray y, PlaneFactors factors, INDArray out) {
        FloatBuffer fromG = buffer(g);
        FloatBuffer fromY = factors.ofY() == null ? null : buffer(y);
        FloatBuffer to = buffer(out);
        PlaneShape shape = PlaneShape.of(g, 0);
        forEachPlane(shape, plane -> {
            float[] result = new float[shape.length()];
            fromG.get(plane * shape.length(), result);
            float[] values = new float[fromY == null ? 0 : shape.length()];
            if (fromY != null) {
                fromY.get(plane * shape.length(), values);
            }
            combinePlane(result, (float) factors.ofG()[plane], values, fromY == null ? 0 : (float) factors.ofY()[plane],
                    factors.constant() == null ? 0 : (float) factors.constant()[plane]);
            to.put(plane * shape.length(), result);
        });
    }

    private static void combinePlane(float[] g, float ofG, float[] y, float ofY, float constant) {
        FloatVector constants = FloatVector.broadcast(SPECIES, constant);
        int j = 0;
        for (; j <= g.length - LANES; j += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, g, j).fma(FloatVector.broadcast(SPECIES, ofG), constants);
            if (y.length > 0) {
                v = FloatVector.fromArray(SPECIES, y, j).fma(FloatVector.broadcast(SPECIES, ofY), v);
            }
            v.intoArray(g, j);
        }
        for (; j < g.length; j++) {
            float v = Math.fma(g[j], ofG, constant);
            g[j] = y.length > 0 ? Math.fma(y[j], ofY, v) : v;
        }
    }

    @Override
    public void addToInterior(INDArray x, INDArray padded, int padding) {
        FloatBuffer from = buffer(x);
        FloatBuffer to = buffer(padded);
        PlaneShape inner = PlaneShape.of(x, 0);
        PlaneShape outer = PlaneShape.of(padded, padding);
        forEachPlane(inner, plane -> {
            float[] values = new float[inner.length()];
            from.get(plane * inner.length(), values);
            float[] sum = new float[outer.length()];
            to.get(plane * outer.length(), sum);
            for (int i = 0; i < inner.height(); i++) {
                int row = outer.row(i);
                for (int j = 0; j < inner.width(); j++) {
                    sum[row + j] += values[i * inner.width() + j];
                }
            }
            to.put(plane * outer.length(), sum);
        });
    }

    @Override
    public void copyInterior(INDArray padded, int padding, INDArray out) {
        FloatBuffer from = buffer(padded);
        FloatBuffer to = buffer(out);
        PlaneShape inner = PlaneShape.of(out, 0);
        PlaneShape outer = PlaneShape.of(padded, padding);
        forEachPlane(inner, plane -> {
            float[] values = new float[outer.length()];
            from.get(plane * outer.length(), values);
            writeRows(values, outer, to, plane * inner.length(), inner);
        });
    }

    @Override
    public Maxima maxima(INDArray x) {
        FloatBuffer from = buffer(x);
        PlaneShape shape = PlaneShape.of(x, 0);
        double[] value = new double[shape.planes()];
        int[] index = new int[shape.planes()];
        forEachPlane(shape, plane -> {
            float[] values = new float[shape.length()];
            from.get(plane * shape.length(), values);
            int best = 0;
            for (int i = 1; i < values.length; i++) {
                best = values[i] > values[best] ? i : best;
            }
            value[plane] = values[best];
            index[plane] = best;
        });
        return new Maxima(value, index);
    }

    @Override
    public void addPoolingGradient(double[] dMean, double[] dMaximum, Maxima maxima, INDArray dx) {
        FloatBuffer buffer = buffer(dx);
        PlaneShape shape = PlaneShape.of(dx, 0);
        forEachPlane(shape, plane -> {
            float[] values = new float[shape.length()];
            buffer.get(plane * shape.length(), values);
            combinePlane(values, 1, new float[0], 0, (float) (dMean[plane] / shape.length()));
            values[maxima.index()[plane]] += (float) dMaximum[plane];
            buffer.put(plane * shape.length(), values);
        });
    }

    @Override
    public void adam(INDArray parameters, INDArray gradients, INDArray first, INDArray second, AdamStep step) {
        FloatMemory p = new FloatMemory("parameters", parameters);
        FloatMemory g = new FloatMemory("gradients", gradients);
        FloatMemory m = new FloatMemory("first moments", first);
        FloatMemory v = new FloatMemory("second moments", second);
        int parts = Math.toIntExact((p.length() + PART - 1) / PART);
        forEach(parts, p.length(), part -> {
            long from = (long) part * PART;
            int count = (int) Math.min(PART, p.length() - from);
            float[] parameter = read(p, from, count);
            float[] mean = read(m, from, count);
            float[] square = read(v, from, count);
            adamPart(parameter, read(g, from, count), mean, square, step);
            p.slice(from, count).asFloatBuffer().put(parameter);
            m.slice(from, count).asFloatBuffer().put(mean);
            v.slice(from, count).asFloatBuffer().put(square);
        });
    }

    private static float[] read(FloatMemory memory, long from, int count) {
        float[] values = new float[count];
        memory.slice(from, count).asFloatBuffer().get(values);
        return values;
    }

    /** Plain loops without branches and reductions, which the compiler vectorises by itself. */
    private static void adamPart(float[] parameter, float[] gradient, float[] mean, float[] square, AdamStep step) {
        float decay = (float) step.weightDecay();
        float beta1 = (float) step.beta1();
        float beta2 = (float) step.beta2();
        float rate = (float) step.correctedRate();
        float rootFactor = (float) (1 / step.secondCorrection());
        float epsilon = (float) step.epsilon();
        for (int i = 0; i < parameter.length; i++) {
            float g = gradient[i] + decay * parameter[i];
            mean[i] = beta1 * mean[i] + (1 - beta1) * g;
            square[i] = beta2 * square[i] + (1 - beta2) * g * g;
        }
        for (int i = 0; i < parameter.length; i++) {
            parameter[i] -= rate * mean[i] / ((float) Math.sqrt(square[i]) * rootFactor + epsilon);
        }
    }

    /** An action on one plane or part, by its number. */
    private interface Action {
        void on(int number);
    }

    private static void forEachPlane(PlaneShape shape, Action action) {
        forEach(shape.planes(), (long) shape.planes() * shape.length(), action);
    }

    private static void forEach(int count, long elements, Action action) {
        if (elements < PARALLEL_ELEMENTS || Threads.inUse() == 1) {
            for (int i = 0; i < count; i++) {
                action.on(i);
            }
        } else {
            IntStream.range(0, count).parallel().forEach(action::on);
        }
    }

    private static void readRows(FloatBuffer from, int offset, PlaneShape inner, float[] to, PlaneShape padded) {
        for (int i = 0; i < inner.height(); i++) {
            from.get(offset + i * inner.width(), to, padded.row(i), inner.width());
        }
    }

    private static void writeRows(float[] from, PlaneShape padded, FloatBuffer to, int offset, PlaneShape inner) {
        for (int i = 0; i < inner.height(); i++) {
            to.put(offset + i * inner.width(), from, padded.row(i), inner.width());
        }
    }

    private static FloatBuffer buffer(INDArray array) {
        return new FloatMemory("array", array).slice(0, Math.toIntExact(array.length())).asFloatBuffer();
    }
}
