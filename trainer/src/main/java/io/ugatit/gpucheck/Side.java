package io.ugatit.gpucheck;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One of two implementations that are given the same numbers and whose results are compared. It draws them itself, and both draw the same.
 * Maps go in and out as plain tensors, by the kernels' own copies. What is to be overwritten holds no numbers before.
 */
final class Side {
    private static final int SEED = 7;

    private final Compute compute;
    private final Kernels kernels;
    private final DataType type;
    private final Random random = new Random(SEED);
    private final List<Tensor> taken = new ArrayList<>();
    private final List<double[]> results = new ArrayList<>();

    Side(Compute compute) {
        this.compute = compute;
        this.kernels = compute.kernels();
        this.type = compute.pool().type();
    }

    Kernels kernels() {
        return kernels;
    }

    List<double[]> results() {
        return results;
    }

    /** Gives back everything but resident vectors, which live as long as the kernels. */
    void release() {
        compute.pool().release(taken.toArray(Tensor[]::new));
        taken.clear();
        kernels.recycle();
    }

    private INDArray array(double[] values, long... shape) {
        return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
    }

    /** Rounded to floats, so that both sides begin with the same. */
    double[] normal(long... shape) {
        int length = (int) LongStream.of(shape).reduce(1, Math::multiplyExact);
        return DoubleStream.generate(() -> (float) random.nextGaussian()).limit(length).toArray();
    }

    Tensor tensor(long... shape) {
        return tensor(normal(shape), shape);
    }

    Tensor tensor(double[] values, long... shape) {
        return keep(compute.write(array(values, shape)));
    }

    Tensor absent(long... shape) {
        Tensor tensor = keep(compute.pool().take(shape));
        kernels.fill(tensor, Double.NaN);
        return tensor;
    }

    private Tensor keep(Tensor tensor) {
        taken.add(tensor);
        return tensor;
    }

    Values values(int length) {
        return kernels.values(tensor(length));
    }

    Tensor resident(long... shape) {
        double[] values = normal(shape);
        Tensor tensor = kernels.resident(Nd4j.zeros(type, values.length)).reshape(shape);
        kernels.load(array(values, shape), tensor);
        return tensor;
    }

    /** With a gradient that is to be added to. */
    Parameter parameter(long... shape) {
        return new Parameter(resident(shape), resident(shape));
    }

    /** Maps of normally distributed numbers with their reflection as border. */
    FeatureMaps maps(int images, int channels, int height, int width, int padding) {
        return maps(normal(images, channels, height, width), images, channels, height, width, padding);
    }

    FeatureMaps maps(double[] interior, int images, int channels, int height, int width, int padding) {
        FeatureMaps maps = absentMaps(images, channels, height, width, padding);
        kernels.copy(FeatureMaps.of(tensor(interior, images, channels, height, width), 0), maps);
        return maps;
    }

    FeatureMaps absentMaps(int images, int channels, int height, int width, int padding) {
        FeatureMaps maps = compute.take(images, channels, height, width, padding);
        keep(maps.data());
        kernels.fill(maps.data(), Double.NaN);
        return maps;
    }

    /** Puts the maps with their border forward. */
    void compare(FeatureMaps maps) {
        compareInterior(maps.withoutPadding());
    }

    /** Puts the interior of the maps forward. */
    void compareInterior(FeatureMaps maps) {
        Tensor plain = absent(maps.images(), maps.channels(), maps.height(), maps.width());
        kernels.copy(maps, FeatureMaps.of(plain, 0));
        compare(plain);
    }

    void compare(Tensor tensor) {
        try (INDArray read = compute.read(tensor)) {
            results.add(read.reshape(read.length()).toDoubleVector());
        }
    }

    void compare(Values values) {
        results.add(kernels.read(values));
    }

    /** Puts the gradients of parameters forward. */
    void compare(Parameter... parameters) {
        for (Parameter parameter : parameters) {
            compareStored(parameter.gradient());
        }
    }

    /** Puts a resident tensor forward, in the host's order. */
    void compareStored(Tensor tensor) {
        try (INDArray array = Nd4j.create(type, tensor.shape())) {
            kernels.store(tensor, array);
            results.add(array.reshape(array.length()).toDoubleVector());
        }
    }
}
