package io.ugatit.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.tensor.host.HostKernels;
import io.ugatit.tensor.host.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Inputs for kernels and comparison with the reference. Outputs start as NaN, so that one that is added to, or not written everywhere,
 * shows; borders of gradients are NaN, so that reading them shows; and after every test the inputs must be what they were.
 */
public abstract class KernelsFixture {
    private static final double ABSENT = Double.NaN;
    private static final int BEFORE = 3;
    private static final int AFTER = 5;

    final LoopKernels expected = new LoopKernels();
    final Compute compute;
    protected final HostKernels kernels;
    final DataType type;
    final Random random = new Random(7);
    private final double tolerance;
    private final List<Input> inputs = new ArrayList<>();
    private final List<INDArray> guarded = new ArrayList<>();

    private record Input(INDArray array, double[] before) { }

    protected KernelsFixture(Compute compute) {
        this.compute = compute;
        this.kernels = (HostKernels) compute.kernels();
        this.type = compute.pool().type();
        this.tolerance = type == DataType.DOUBLE ? 1e-12 : 2e-5;
    }

    @AfterEach
    void inputsAreOnlyRead() {
        for (Input input : inputs) {
            assertThat(MemoryOrder.memory(input.array())).as("inputs are only read").isEqualTo(input.before());
        }
    }

    @AfterEach
    void nothingIsWrittenAroundAnArray() {
        for (INDArray whole : guarded) {
            double[] values = whole.toDoubleVector();
            for (int i = 0; i < BEFORE + AFTER; i++) {
                assertThat(values[i < BEFORE ? i : values.length - 1 - i + BEFORE]).as("what lies around an array").isNaN();
            }
        }
    }

    private INDArray onlyRead(INDArray array) {
        inputs.add(new Input(array, MemoryOrder.memory(array)));
        return array;
    }

    /** Normally distributed values in a view into the middle of a longer vector, as parameters and their gradients are. */
    INDArray randomView(long... shape) {
        int length = (int) LongStream.of(shape).reduce(1, Math::multiplyExact);
        INDArray whole = Nd4j.valueArrayOf(new long[] {BEFORE + length + AFTER}, ABSENT, type);
        INDArray view = whole.get(NDArrayIndex.interval(BEFORE, BEFORE + length));
        view.assign(gaussians(length));
        guarded.add(whole);
        return view.reshape('c', shape);
    }

    /** As {@link #randomView}, and must not change. */
    INDArray input(long... shape) {
        return onlyRead(randomView(shape));
    }

    private INDArray gaussians(int length) {
        return Nd4j.createFromArray(DoubleStream.generate(random::nextGaussian).limit(length).toArray()).castTo(type);
    }

    double[] randomPlanes(FeatureMaps x) {
        return random.doubles(x.planes(), -2, 2).toArray();
    }

    /** Plain maps of normally distributed values with a reflected border: the reference's input. */
    FeatureMaps random(int images, int channels, int height, int width, int padding) {
        INDArray values = gaussians(images * channels * height * width);
        return bordered(values.reshape('c', images, channels, height, width), padding);
    }

    /** Plain maps of these values with a reflected border. */
    FeatureMaps bordered(INDArray interior, int padding) {
        FeatureMaps x = HostTensor.maps(interior, 0);
        FeatureMaps bordered = plain(x.images(), x.channels(), x.height(), x.width(), padding);
        expected.copy(x, bordered);
        return bordered;
    }

    /** Plain maps without values. */
    FeatureMaps plain(int images, int channels, int height, int width, int padding) {
        return HostTensor.maps(Nd4j.valueArrayOf(new long[] {images, channels, height + 2L * padding, width + 2L * padding}, ABSENT, type),
                padding);
    }

    FeatureMaps plainLike(FeatureMaps x) {
        return plain(x.images(), x.channels(), x.height(), x.width(), x.padding());
    }

    /** Maps for the kernels to write, without values. */
    FeatureMaps absent(int images, int channels, int height, int width, int padding) {
        FeatureMaps maps = compute.take(images, channels, height, width, padding);
        HostTensor.array(maps.data()).assign(ABSENT);
        return maps;
    }

    FeatureMaps absentLike(FeatureMaps x) {
        return absent(x.images(), x.channels(), x.height(), x.width(), x.padding());
    }

    /** Plain maps as the kernels want them, to be changed. */
    FeatureMaps laidOut(FeatureMaps plain) {
        FeatureMaps maps = absentLike(plain);
        MemoryOrder.layOut(plain, maps);
        return maps;
    }

    /** Plain maps as the kernels want them; must not change. */
    FeatureMaps given(FeatureMaps plain) {
        FeatureMaps maps = laidOut(plain);
        onlyRead(HostTensor.array(maps.data()));
        return maps;
    }

    /** Plain maps as the kernels want them, but whose border is undefined; must not change. */
    FeatureMaps givenGradient(FeatureMaps plain) {
        FeatureMaps maps = laidOut(plain);
        MemoryOrder.fillBorder(maps, ABSENT);
        onlyRead(HostTensor.array(maps.data()));
        return maps;
    }

    void assertSame(FeatureMaps actual, FeatureMaps expectedMaps) {
        assertZero(MemoryOrder.surplus(actual, true));
        assertSame(MemoryOrder.withBorder(actual), MemoryOrder.withBorder(expectedMaps));
    }

    /** Ignores the border. */
    void assertSameGradient(FeatureMaps actual, FeatureMaps expectedMaps) {
        assertZero(MemoryOrder.surplus(actual, false));
        assertSame(MemoryOrder.interior(actual), MemoryOrder.interior(expectedMaps));
    }

    private static void assertZero(double[] surplus) {
        assertThat(DoubleStream.of(surplus).filter(value -> value != 0)).as("lanes beyond the last channel").isEmpty();
    }

    void assertSame(INDArray actual, INDArray expectedArray) {
        assertSame(MemoryOrder.memory(actual), MemoryOrder.memory(expectedArray));
    }

    void assertSame(double[] actual, double[] expectedValues) {
        assertThat(actual).hasSameSizeAs(expectedValues);
        double allowed = tolerance * DoubleStream.of(expectedValues).map(Math::abs).reduce(1, Math::max);
        for (int i = 0; i < actual.length; i++) {
            if (!(Math.abs(actual[i] - expectedValues[i]) <= allowed)) {
                fail("value %d of %d is %s, but %s was expected, +-%s", i, actual.length, actual[i], expectedValues[i], allowed);
            }
        }
    }

    /** Of a linear map and its gradient: {@code <map(x), dOut> = <x, gradient(dOut)>}, on interiors. */
    void assertAdjoint(FeatureMaps x, FeatureMaps dx, FeatureMaps out, FeatureMaps dOut) {
        double[] outside = products(out, dOut);
        double[] inside = products(x, dx);
        double scale = 1 + DoubleStream.of(outside).map(Math::abs).sum() + DoubleStream.of(inside).map(Math::abs).sum();
        assertThat(DoubleStream.of(inside).sum()).isCloseTo(DoubleStream.of(outside).sum(), within(tolerance * scale));
    }

    private static double[] products(FeatureMaps a, FeatureMaps b) {
        double[] products = MemoryOrder.interior(a);
        double[] factors = MemoryOrder.interior(b);
        for (int i = 0; i < products.length; i++) {
            products[i] *= factors[i];
        }
        return products;
    }
}
