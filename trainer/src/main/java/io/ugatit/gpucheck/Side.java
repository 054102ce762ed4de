package io.ugatit.gpucheck;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One of two implementations that are given the same numbers and whose results are compared. It draws them itself, and both draw the same.
 * Maps go in and out as plain tensors, by the kernels' own copies, unless a subclass knows better. What is to be overwritten holds no numbers before.
 */
public class Side {
    private static final int SEED = 7;
    private static final int AROUND = 4;

    private final Compute compute;
    private final Kernels kernels;
    private final DataType type;
    private final Random random = new Random(SEED);
    private final List<Tensor> taken = new ArrayList<>();
    private final List<double[]> results = new ArrayList<>();

    /** @param compute the implementation */
    public Side(Compute compute) {
        this.compute = compute;
        this.kernels = compute.kernels();
        this.type = compute.pool().type();
    }

    /** The implementation. */
    public Kernels kernels() {
        return kernels;
    }

    /** What was put forward so far. */
    public List<double[]> results() {
        return results;
    }

    /** Gives back everything but resident vectors, which live as long as the kernels. */
    public void release() {
        compute.pool().release(taken.toArray(Tensor[]::new));
        taken.clear();
        kernels.recycle();
    }

    /** An array of the implementation's type. */
    protected final INDArray array(double[] values, long... shape) {
        return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
    }

    /** Normally distributed, and rounded to floats, so that both sides begin with the same. */
    public final double[] normal(long... shape) {
        int length = (int) LongStream.of(shape).reduce(1, Math::multiplyExact);
        return DoubleStream.generate(() -> (float) random.nextGaussian()).limit(length).toArray();
    }

    /** A tensor of normally distributed numbers. */
    public final Tensor tensor(long... shape) {
        return tensor(normal(shape), shape);
    }

    /** A tensor of these numbers. */
    public final Tensor tensor(double[] values, long... shape) {
        return keep(compute.write(array(values, shape)));
    }

    /** A tensor that holds no numbers. */
    public final Tensor absent(long... shape) {
        Tensor tensor = keep(compute.pool().take(shape));
        kernels.fill(tensor, Double.NaN);
        return tensor;
    }

    private Tensor keep(Tensor tensor) {
        taken.add(tensor);
        return tensor;
    }

    /** So many normally distributed numbers. */
    public final Values values(int length) {
        return kernels.values(tensor(length));
    }

    /** Part of a longer resident vector, as a graph's are, around which there are no numbers. */
    public final Tensor resident(long... shape) {
        double[] values = normal(shape);
        Tensor tensor = kernels.resident(Nd4j.valueArrayOf(new long[] {values.length + 2L * AROUND}, Double.NaN, type))
                .slice(AROUND, AROUND + values.length).reshape(shape);
        kernels.load(array(values, shape), tensor);
        return tensor;
    }

    /** With a gradient that is to be added to. */
    public final Parameter parameter(long... shape) {
        return new Parameter(resident(shape), resident(shape));
    }

    /** Maps of normally distributed numbers with their reflection as border. */
    public final FeatureMaps maps(int images, int channels, int height, int width, int padding) {
        return laidOut(normal(images, channels, height, width), images, channels, height, width, padding, true);
    }

    /** Maps whose border is not a number: what reads it shows. */
    public final FeatureMaps gradient(int images, int channels, int height, int width, int padding) {
        return laidOut(normal(images, channels, height, width), images, channels, height, width, padding, false);
    }

    /** Maps of these numbers; their border is the reflection, or else not a number. */
    public FeatureMaps laidOut(double[] interior, int images, int channels, int height, int width, int padding, boolean reflects) {
        FeatureMaps maps = absentMaps(images, channels, height, width, padding);
        if (reflects) {
            kernels.copy(FeatureMaps.of(tensor(interior, images, channels, height, width), 0), maps);
        } else {
            Tensor bordered = tensor(bordered(interior, images * channels, height, width, padding), images, channels,
                    height + 2L * padding, width + 2L * padding);
            kernels.copy(FeatureMaps.of(bordered, 0), maps.withoutPadding());
        }
        return maps;
    }

    private static double[] bordered(double[] interior, int planes, int height, int width, int padding) {
        int columns = width + 2 * padding;
        int plane = (height + 2 * padding) * columns;
        double[] bordered = new double[planes * plane];
        Arrays.fill(bordered, Double.NaN);
        for (int row = 0; row < planes * height; row++) {
            int to = row / height * plane + (row % height + padding) * columns + padding;
            System.arraycopy(interior, row * width, bordered, to, width);
        }
        return bordered;
    }

    /** Maps that hold no numbers. */
    public final FeatureMaps absentMaps(int images, int channels, int height, int width, int padding) {
        FeatureMaps maps = compute.take(images, channels, height, width, padding);
        keep(maps.data());
        kernels.fill(maps.data(), Double.NaN);
        return maps;
    }

    /** Maps of the same shape that hold no numbers. */
    public final FeatureMaps absentLike(FeatureMaps x) {
        return absentMaps(x.images(), x.channels(), x.height(), x.width(), x.padding());
    }

    /** Puts the maps with their border forward. */
    public void compare(FeatureMaps maps) {
        compareInterior(maps.withoutPadding());
    }

    /** Puts the interior of the maps forward. */
    public void compareInterior(FeatureMaps maps) {
        Tensor plain = absent(maps.images(), maps.channels(), maps.height(), maps.width());
        kernels.copy(maps, FeatureMaps.of(plain, 0));
        compare(plain);
    }

    /** A tensor's elements on the host. */
    protected final double[] read(Tensor tensor) {
        try (INDArray read = compute.read(tensor)) {
            return read.reshape(read.length()).toDoubleVector();
        }
    }

    /** Puts a tensor forward. */
    public final void compare(Tensor tensor) {
        results.add(read(tensor));
    }

    /** Puts values forward. */
    public final void compare(Values values) {
        results.add(kernels.read(values));
    }

    /** Puts the gradients of parameters forward. */
    public final void compare(Parameter... parameters) {
        for (Parameter parameter : parameters) {
            compareStored(parameter.gradient());
        }
    }

    /** Puts a resident tensor forward, in the host's order. */
    public final void compareStored(Tensor tensor) {
        try (INDArray array = Nd4j.create(type, tensor.shape())) {
            kernels.store(tensor, array);
            results.add(array.reshape(array.length()).toDoubleVector());
        }
    }
}
