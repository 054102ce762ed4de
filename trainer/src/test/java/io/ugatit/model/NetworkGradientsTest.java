package io.ugatit.model;

import static io.ugatit.tensor.host.HostTensor.array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import io.ugatit.tensor.host.HostTensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Whole networks in double precision: slopes along a random direction of every parameter and of the images, and what passes leave behind. */
class NetworkGradientsTest {
    /** The longer, the less is lost to rounding; the shorter, the fewer ReLUs change their sign on the way: one of them must do. */
    private static final double[] STEPS = {1e-6, 1e-7, 1e-8};
    private static final double TOLERANCE = 1e-6;
    private final Random random = new Random(17);

    private static UgatitGraph graph(boolean light, int layers, DataType type) {
        UgatitGraph graph = UgatitGraph.create(new NetworkOptions(16, 2, 2, light, !light, layers, 3), 23, type);
        graph.prepareTraining();
        for (int block = 3; block <= 8; block += 5) {
            array(graph.tensors(Network.GEN_A2B).parameter("UpBlock2." + block + ".rho").value()).assign(0.3);
        }
        return graph;
    }

    private INDArray random(DataType type, long... shape) {
        double[] values = new double[(int) Nd4j.zeros(DataType.BYTE, shape).length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Nd4j.createFromArray(values).castTo(type).reshape(shape);
    }

    private INDArray images(DataType type, int batch) {
        INDArray images = random(type, batch, 3, 16, 16);
        return images.divi(images.normmaxNumber());
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private void assertSlope(String name, INDArray value, INDArray gradient, DoubleSupplier loss) {
        INDArray direction = random(value.dataType(), value.shape());
        INDArray start = value.dup();
        double expected = gradient.mul(direction).sumNumber().doubleValue();
        double closest = Double.NaN;
        for (double step : STEPS) {
            value.assign(start).addi(direction.mul(step));
            double above = loss.getAsDouble();
            value.assign(start).subi(direction.mul(step));
            double slope = (above - loss.getAsDouble()) / (2 * step);
            if (!(Math.abs(closest - expected) <= Math.abs(slope - expected))) {
                closest = slope;
            }
        }
        value.assign(start);
        assertThat(closest).as(name).isCloseTo(expected, within(TOLERANCE * (1e-2 + gradient.norm2Number().doubleValue())));
    }

    private static Tensor tensor(INDArray array) {
        return new HostTensor(array);
    }

    private static Values values(Compute compute, double[] values) {
        return compute.kernels().values(tensor(Nd4j.createFromArray(values)));
    }

    private static double[] read(Compute compute, Values values) {
        return compute.kernels().read(values);
    }

    @ParameterizedTest(name = "light {0}, batch {1}")
    @CsvSource({"true,1", "true,2", "false,1", "false,2"})
    void aGeneratorsGradients(boolean light, int batch) {
        UgatitGraph graph = graph(light, 4, DataType.DOUBLE);
        Generator generator = graph.generator(Network.GEN_A2B);
        INDArray images = images(DataType.DOUBLE, batch);
        INDArray ofImage = random(DataType.DOUBLE, images.shape());
        double[] ofLogits = random.doubles(2L * batch, -1, 1).toArray();
        Compute compute = graph.compute();
        BufferPool pool = compute.pool();

        INDArray dImages = array(generator.backward(generator.forward(tensor(images), true), compute.write(ofImage),
                values(compute, ofLogits), true));
        DoubleSupplier loss = () -> {
            GeneratorPass pass = generator.forward(tensor(images), false);
            double value = array(pass.image()).mul(ofImage).sumNumber().doubleValue() + dot(read(compute, pass.logits()), ofLogits);
            generator.release(pass);
            return value;
        };
        assertSlope("images", images, dImages, loss);
        pool.release(tensor(dImages));
        for (ParameterSpec spec : ParameterSpecs.of(Network.GEN_A2B, graph.options())) {
            Parameter parameter = graph.tensors(Network.GEN_A2B).parameter(spec.key());
            assertThat(array(parameter.gradient()).norm2Number().doubleValue()).as("gradient of " + spec.key()).isPositive();
            assertSlope(spec.key(), array(parameter.value()), array(parameter.gradient()), loss);
        }
        assertThat(pool.takenBytes()).as("bytes not given back").isZero();
        assertThat(graph.trainable(Network.GEN_B2A).gradients().normmaxNumber().doubleValue()).as("the other generator's gradients").isZero();
    }

    @ParameterizedTest(name = "{0} layers, batch {1}")
    @CsvSource({"3,1", "4,2"})
    void aDiscriminatorsGradients(int layers, int batch) {
        UgatitGraph graph = graph(true, layers, DataType.DOUBLE);
        Discriminator discriminator = graph.discriminator(Network.DIS_GLOBAL_B);
        discriminator.iteratePower();
        INDArray images = images(DataType.DOUBLE, batch);
        Discriminator.Pass pass = discriminator.forward(tensor(images));
        INDArray ofPatches = random(DataType.DOUBLE, pass.patches().shape());
        double[] ofLogits = random.doubles(2L * batch, -1, 1).toArray();
        Compute compute = graph.compute();
        BufferPool pool = compute.pool();
        assertThat(pass.patches().shape()).containsExactly(batch, 1, layers == 3 ? 6 : 2, layers == 3 ? 6 : 2);

        INDArray dImages = array(discriminator.backward(pass, compute.write(ofPatches), values(compute, ofLogits), true, true));
        DoubleSupplier loss = () -> {
            Discriminator.Pass again = discriminator.forward(tensor(images));
            double value = array(again.patches()).mul(ofPatches).sumNumber().doubleValue() + dot(read(compute, again.logits()), ofLogits);
            pool.release(discriminator.backward(again, compute.write(Nd4j.zerosLike(ofPatches)), compute.kernels().values(2 * batch), false, true));
            return value;
        };
        assertSlope("images", images, dImages, loss);
        for (ParameterSpec spec : ParameterSpecs.of(Network.DIS_GLOBAL_B, graph.options())) {
            Parameter parameter = graph.tensors(Network.DIS_GLOBAL_B).parameter(spec.key());
            if (spec.trainable()) {
                assertThat(array(parameter.gradient()).norm2Number().doubleValue()).as("gradient of " + spec.key()).isPositive();
                assertSlope(spec.key(), array(parameter.value()), array(parameter.gradient()), loss);
            } else {
                assertThat(parameter.gradient()).as("gradient of " + spec.key()).isNull();
            }
        }
        INDArray gradients = graph.trainable(Network.DIS_GLOBAL_B).gradients().dup();
        INDArray again = array(discriminator.backward(discriminator.forward(tensor(images)), compute.write(ofPatches), values(compute, ofLogits),
                false, true));
        assertThat(again).as("gradient of the images without the parameters'").isEqualTo(dImages);
        assertThat(graph.trainable(Network.DIS_GLOBAL_B).gradients()).isEqualTo(gradients);
        pool.release(tensor(dImages), tensor(again));
        assertThat(pool.takenBytes()).as("bytes not given back").isZero();
    }

    @ParameterizedTest(name = "light {0}")
    @ValueSource(booleans = {true, false})
    void aPassThatIsNotKeptGivesTheSameBits(boolean light) {
        UgatitGraph graph = graph(light, 4, DataType.FLOAT);
        Generator generator = graph.generator(Network.GEN_B2A);
        INDArray images = images(DataType.FLOAT, 2);
        INDArray before = images.dup();
        GeneratorPass kept = generator.forward(tensor(images), true);
        GeneratorPass once = generator.forward(tensor(images), false);
        assertThat(array(once.image())).isEqualTo(array(kept.image()));
        assertThat(read(graph.compute(), once.logits())).containsExactly(read(graph.compute(), kept.logits()));
        assertThat(kept.image().shape()).containsExactly(2, 3, 16, 16);
        assertThat(images).as("the input is only read").isEqualTo(before);
    }

    @Test
    void onlyAPassThatIsNotKeptHasAHeatmap() {
        Generator generator = graph(true, 4, DataType.FLOAT).generator(Network.GEN_A2B);
        INDArray images = images(DataType.FLOAT, 2);
        INDArray heatmap = array(generator.forward(tensor(images), false).heatmap());
        assertThat(heatmap.shape()).containsExactly(2, 1, 4, 4);
        assertThat(heatmap.minNumber().floatValue()).isNotNegative();
        assertThat(heatmap.maxNumber().floatValue()).isPositive();
        GeneratorPass kept = generator.forward(tensor(images), true);
        assertThatThrownBy(kept::heatmap).isInstanceOf(IllegalStateException.class)
                .hasMessage("a pass that is kept for the backward pass has no heatmap: make one that is not kept");
    }

    @ParameterizedTest(name = "light {0}")
    @ValueSource(booleans = {true, false})
    void aBatchOfTwoIsTwoBatchesOfOne(boolean light) {
        UgatitGraph graph = graph(light, 4, DataType.DOUBLE);
        Generator generator = graph.generator(Network.GEN_A2B);
        Discriminator discriminator = graph.discriminator(Network.DIS_LOCAL_A);
        INDArray images = images(DataType.DOUBLE, 2);
        GeneratorPass both = generator.forward(tensor(images), false);
        Discriminator.Pass judged = discriminator.forward(tensor(images));
        for (int i = 0; i < 2; i++) {
            INDArray image = images.get(NDArrayIndex.interval(i, i + 1)).dup('c');
            GeneratorPass alone = generator.forward(tensor(image), false);
            assertClose(array(alone.image()), array(both.image()).get(NDArrayIndex.interval(i, i + 1)));
            assertClose(array(alone.heatmap()), array(both.heatmap()).get(NDArrayIndex.interval(i, i + 1)));
            assertThat(read(graph.compute(), alone.logits()))
                    .containsExactly(Arrays.copyOfRange(read(graph.compute(), both.logits()), 2 * i, 2 * i + 2), within(1e-12));
            Discriminator.Pass judgedAlone = discriminator.forward(tensor(image));
            assertClose(array(judgedAlone.patches()), array(judged.patches()).get(NDArrayIndex.interval(i, i + 1)));
            assertThat(read(graph.compute(), judgedAlone.logits()))
                    .containsExactly(Arrays.copyOfRange(read(graph.compute(), judged.logits()), 2 * i, 2 * i + 2), within(1e-12));
        }
    }

    private static void assertClose(INDArray actual, INDArray expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.sub(expected).normmaxNumber().doubleValue()).isLessThan(1e-12);
    }

    @Test
    void aWeightThatIsNotANumberShowsInTheImage() {
        UgatitGraph graph = graph(true, 4, DataType.FLOAT);
        array(graph.tensors(Network.GEN_A2B).parameter("DownBlock.1.weight").value()).putScalar(0, Double.NaN);
        GeneratorPass pass = graph.generator(Network.GEN_A2B).forward(tensor(images(DataType.FLOAT, 1)), false);
        assertThat(array(pass.image()).isNaN().any()).isTrue();
    }
}
