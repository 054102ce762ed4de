package io.ugatit.tensor;

import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernels for the CPU: convolutions by ND4J's oneDNN, everything else fused into one pass over a plane, with Java's Vector API. A plane is
 * copied into the Java heap, where it stays in the first or second cache, and its result is copied back: two copies of memory that had to
 * be read and written anyway. Planes do not depend on each other, so no bit depends on the number of threads.
 */
final class CpuKernels implements Kernels {
    /** Fewer elements than this are not worth waking another thread. */
    private static final long PARALLEL_ELEMENTS = 1 << 16;
    /** Elements of a vector that are updated at once. */
    private static final int PART = 1 << 14;

    private final Nd4jKernels convolutions = new Nd4jKernels(DataType.FLOAT);

    @Override
    public String name() {
        return "cpu-vector" + VectorRows.vectorBits() + "+nd4j-onednn";
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
        Planes from = Planes.of(x, 0);
        Planes to = Planes.of(out, padding);
        forEachPlane(from, plane -> {
            float[] result = new float[to.shape().length()];
            copyRows(from.read(plane), from.shape(), result, to.shape());
            to.shape().reflect(result);
            to.write(plane, result);
        });
    }

    @Override
    public void fold(INDArray dOut, int padding, INDArray dx) {
        Planes from = Planes.of(dOut, padding);
        Planes to = Planes.of(dx, 0);
        forEachPlane(to, plane -> {
            float[] d = from.read(plane);
            from.shape().fold(d);
            float[] result = new float[to.shape().length()];
            copyRows(d, from.shape(), result, to.shape());
            to.write(plane, result);
        });
    }

    @Override
    public void copyInterior(INDArray padded, int padding, INDArray out) {
        Planes from = Planes.of(padded, padding);
        Planes to = Planes.of(out, 0);
        forEachPlane(to, plane -> {
            float[] result = new float[to.shape().length()];
            copyRows(from.read(plane), from.shape(), result, to.shape());
            to.write(plane, result);
        });
    }

    private static void copyRows(float[] from, PlaneShape fromShape, float[] to, PlaneShape toShape) {
        for (int i = 0; i < toShape.height(); i++) {
            System.arraycopy(from, fromShape.row(i), to, toShape.row(i), toShape.width());
        }
    }

    @Override
    public void addToInterior(INDArray x, INDArray padded, int padding) {
        Planes from = Planes.of(x, 0);
        Planes to = Planes.of(padded, padding);
        forEachPlane(from, plane -> {
            float[] values = from.read(plane);
            float[] sum = to.read(plane);
            for (int i = 0; i < from.shape().height(); i++) {
                int source = from.shape().row(i);
                int target = to.shape().row(i);
                for (int j = 0; j < from.shape().width(); j++) {
                    sum[target + j] += values[source + j];
                }
            }
            to.write(plane, sum);
        });
    }

    @Override
    public void upsample(INDArray x, int padding, INDArray out) {
        Planes from = Planes.of(x, 0);
        Planes to = Planes.of(out, padding);
        PlaneShape small = from.shape();
        PlaneShape large = to.shape();
        forEachPlane(from, plane -> {
            float[] values = from.read(plane);
            float[] result = new float[large.length()];
            for (int i = 0; i < small.height(); i++) {
                int source = small.row(i);
                int target = large.row(2 * i);
                for (int j = 0; j < small.width(); j++) {
                    result[target + 2 * j] = values[source + j];
                    result[target + 2 * j + 1] = values[source + j];
                }
                System.arraycopy(result, target, result, large.row(2 * i + 1), 2 * small.width());
            }
            large.reflect(result);
            to.write(plane, result);
        });
    }

    @Override
    public void upsampleBackward(INDArray dOut, int padding, INDArray dx) {
        Planes from = Planes.of(dOut, padding);
        Planes to = Planes.of(dx, 0);
        PlaneShape small = to.shape();
        PlaneShape large = from.shape();
        forEachPlane(to, plane -> {
            float[] d = from.read(plane);
            large.fold(d);
            float[] result = new float[small.length()];
            for (int i = 0; i < small.height(); i++) {
                int upper = large.row(2 * i);
                int lower = large.row(2 * i + 1);
                int target = small.row(i);
                for (int j = 0; j < small.width(); j++) {
                    result[target + j] = d[upper + 2 * j] + d[upper + 2 * j + 1] + d[lower + 2 * j] + d[lower + 2 * j + 1];
                }
            }
            to.write(plane, result);
        });
    }

    @Override
    public Moments moments(INDArray x) {
        Planes from = Planes.of(x, 0);
        PlaneShape shape = from.shape();
        double[] mean = new double[shape.planes()];
        double[] variance = new double[shape.planes()];
        forEachPlane(from, plane -> {
            float[] values = from.read(plane);
            double sum = 0;
            for (int i = 0; i < shape.height(); i++) {
                sum += VectorRows.sum(values, shape.row(i), shape.width());
            }
            double exact = sum / shape.length();
            float rounded = (float) exact;
            double squares = 0;
            for (int i = 0; i < shape.height(); i++) {
                squares += VectorRows.squares(values, shape.row(i), shape.width(), rounded);
            }
            mean[plane] = exact;
            // the squares are those of the distances to the rounded mean
            variance[plane] = squares / shape.length() - (exact - rounded) * (exact - rounded);
        });
        return new Moments(mean, variance);
    }

    @Override
    public void affine(INDArray y, double[] scale, double[] shift, INDArray residual, int residualPadding, Activation activation,
            INDArray out, int padding) {
        Planes from = Planes.of(y, 0);
        Planes added = residual == null ? null : Planes.of(residual, residualPadding);
        Planes to = Planes.of(out, padding);
        PlaneShape shape = from.shape();
        forEachPlane(from, plane -> {
            float[] values = from.read(plane);
            float[] shortcut = added == null ? null : added.read(plane);
            float[] result = new float[to.shape().length()];
            for (int i = 0; i < shape.height(); i++) {
                VectorRows.affine(values, shape.row(i), shape.width(), (float) scale[plane], (float) shift[plane], shortcut,
                        shortcut == null ? 0 : added.shape().row(i), activation, result, to.shape().row(i));
            }
            to.shape().reflect(result);
            to.write(plane, result);
        });
    }

    @Override
    public PlaneSums affineBackward(INDArray dOut, INDArray out, int padding, Activation activation, INDArray y, INDArray g) {
        Planes gradients = Planes.of(dOut, padding);
        Planes outputs = Planes.of(out, padding);
        Planes inputs = Planes.of(y, 0);
        Planes to = Planes.of(g, 0);
        PlaneShape shape = inputs.shape();
        double[] sumG = new double[shape.planes()];
        double[] sumGy = new double[shape.planes()];
        forEachPlane(inputs, plane -> {
            float[] d = gradients.read(plane);
            gradients.shape().fold(d);
            float[] o = outputs.read(plane);
            float[] values = inputs.read(plane);
            float[] result = new float[shape.length()];
            for (int i = 0; i < shape.height(); i++) {
                int row = shape.row(i);
                VectorRows.derivative(d, o, outputs.shape().row(i), shape.width(), activation, result, row);
                sumG[plane] += VectorRows.sum(result, row, shape.width());
                sumGy[plane] += VectorRows.product(result, values, row, shape.width());
            }
            to.write(plane, result);
        });
        return new PlaneSums(sumG, sumGy);
    }

    @Override
    public void combine(INDArray g, INDArray y, PlaneFactors factors, INDArray out) {
        Planes gradients = Planes.of(g, 0);
        Planes inputs = factors.ofY() == null ? null : Planes.of(y, 0);
        Planes to = Planes.of(out, 0);
        forEachPlane(gradients, plane -> {
            float[] result = gradients.read(plane);
            float[] values = inputs == null ? new float[0] : inputs.read(plane);
            VectorRows.combine(result, (float) factors.ofG()[plane], values, inputs == null ? 0 : (float) factors.ofY()[plane],
                    factors.constant() == null ? 0 : (float) factors.constant()[plane]);
            to.write(plane, result);
        });
    }

    @Override
    public Maxima maxima(INDArray x) {
        Planes from = Planes.of(x, 0);
        double[] value = new double[from.shape().planes()];
        int[] index = new int[from.shape().planes()];
        forEachPlane(from, plane -> {
            float[] values = from.read(plane);
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
        Planes planes = Planes.of(dx, 0);
        forEachPlane(planes, plane -> {
            float[] values = planes.read(plane);
            VectorRows.combine(values, 1, new float[0], 0, (float) (dMean[plane] / values.length));
            values[maxima.index()[plane]] += (float) dMaximum[plane];
            planes.write(plane, values);
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
            adam(parameter, read(g, from, count), mean, square, step);
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
    private static void adam(float[] parameter, float[] gradient, float[] mean, float[] square, AdamStep step) {
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

    private static void forEachPlane(Planes planes, Action action) {
        forEach(planes.shape().planes(), (long) planes.shape().planes() * planes.shape().length(), action);
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
}
