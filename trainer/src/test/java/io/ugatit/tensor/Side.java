package io.ugatit.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One of two implementations that are given the same inputs and whose results are compared. It draws its inputs itself: both sides draw the
 * same. Everything goes in and out through the contract, so an implementation may keep its numbers wherever it wants.
 */
final class Side {
    final Compute compute;
    final Kernels kernels;
    private final DataType type;
    private final Random random = new Random(7);
    private final List<double[]> results = new ArrayList<>();

    Side(Compute compute) {
        this.compute = compute;
        this.kernels = compute.kernels();
        this.type = compute.pool().type();
    }

    List<double[]> results() {
        return results;
    }

    private INDArray array(double[] values, long... shape) {
        return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
    }

    double[] normal(long... shape) {
        // rounded to floats, so that both sides begin with the same numbers
        int length = (int) LongStream.of(shape).reduce(1, Math::multiplyExact);
        return DoubleStream.generate(() -> (float) random.nextGaussian()).limit(length).toArray();
    }

    Tensor tensor(long... shape) {
        return tensor(normal(shape), shape);
    }

    Tensor tensor(double[] values, long... shape) {
        return compute.write(array(values, shape));
    }

    Values values(int length) {
        return kernels.values(tensor(length));
    }

    /** A parameter with a gradient that is to be added to; like a graph's, parts of longer vectors. */
    Parameter parameter(long... shape) {
        return new Parameter(resident(shape), resident(shape));
    }

    Tensor resident(long... shape) {
        double[] values = normal(shape);
        Tensor tensor = kernels.resident(Nd4j.valueArrayOf(new long[] {values.length + 8L}, Double.NaN, type))
                .slice(4, 4 + values.length).reshape(shape);
        kernels.load(array(values, shape), tensor);
        return tensor;
    }

    /** Maps with normally distributed values and their reflection as border. */
    FeatureMaps maps(int images, int channels, int height, int width, int padding) {
        return laidOut(normal(images, channels, height, width), images, channels, height, width, padding, true);
    }

    /** Maps whose border is not a number: what reads it shows. */
    FeatureMaps gradient(int images, int channels, int height, int width, int padding) {
        return laidOut(normal(images, channels, height, width), images, channels, height, width, padding, false);
    }

    FeatureMaps laidOut(double[] interior, int images, int channels, int height, int width, int padding, boolean border) {
        FeatureMaps maps = compute.take(images, channels, height, width, padding);
        kernels.write(array(MemoryOrder.laidOut(interior, maps, border), maps.data().length()), maps.data());
        return maps;
    }

    /** Maps to be written, whose values are not numbers. */
    FeatureMaps absent(int images, int channels, int height, int width, int padding) {
        FeatureMaps maps = compute.take(images, channels, height, width, padding);
        kernels.fill(maps.data(), Double.NaN);
        return maps;
    }

    FeatureMaps absentLike(FeatureMaps x) {
        return absent(x.images(), x.channels(), x.height(), x.width(), x.padding());
    }

    Tensor absent(long... shape) {
        Tensor tensor = compute.pool().take(shape);
        kernels.fill(tensor, Double.NaN);
        return tensor;
    }

    private double[] memory(Tensor tensor) {
        INDArray array = Nd4j.create(type, tensor.length());
        kernels.read(tensor, array);
        return array.toDoubleVector();
    }

    /** Compares maps with their border, and that surplus lanes are zero. */
    void compare(FeatureMaps maps) {
        double[] memory = memory(maps.data());
        results.add(MemoryOrder.withBorder(memory, maps));
        results.add(new double[] {DoubleStream.of(MemoryOrder.surplus(memory, maps, true)).map(Math::abs).sum()});
    }

    /** Compares the interior of maps, and that surplus lanes are zero there. */
    void compareGradient(FeatureMaps maps) {
        double[] memory = memory(maps.data());
        results.add(MemoryOrder.interior(memory, maps));
        results.add(new double[] {DoubleStream.of(MemoryOrder.surplus(memory, maps, false)).map(Math::abs).sum()});
    }

    void compare(Values values) {
        results.add(kernels.read(values));
    }

    void compare(Tensor tensor) {
        results.add(memory(tensor));
    }

    /** Compares the gradients of parameters in the host's order. */
    void compare(Parameter... parameters) {
        for (Parameter parameter : parameters) {
            results.add(stored(parameter.gradient()));
        }
    }

    /** A parameter's numbers in the host's order. */
    double[] stored(Tensor tensor) {
        INDArray array = Nd4j.create(type, tensor.shape());
        kernels.store(tensor, array);
        return array.reshape(array.length()).toDoubleVector();
    }
}
