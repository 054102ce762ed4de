package io.ugatit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.Parameter;
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
            graph.parameter(Network.GEN_A2B, "UpBlock2." + block + ".rho").value().assign(0.3);
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

    @ParameterizedTest(name = "light {0}, batch {1}")
    @CsvSource({"true,1", "true,2", "false,1", "false,2"})
    void aGeneratorsGradients(boolean light, int batch) {
        UgatitGraph graph = graph(light, 4, DataType.DOUBLE);
        Generator generator = graph.generator(Network.GEN_A2B);
        INDArray images = images(DataType.DOUBLE, batch);
        INDArray ofImage = random(DataType.DOUBLE, images.shape());
        double[] ofLogits = random.doubles(2L * batch, -1, 1).toArray();
        BufferPool pool = graph.compute().pool();

        INDArray dImages = generator.backward(generator.forward(images, true), pool.take(images.shape()).assign(ofImage), ofLogits, true);
        DoubleSupplier loss = () -> {
            GeneratorPass pass = generator.forward(images, false);
            double value = pass.image().mul(ofImage).sumNumber().doubleValue() + dot(pass.logits(), ofLogits);
            generator.release(pass);
            return value;
        };
        assertSlope("images", images, dImages, loss);
        pool.release(dImages);
        for (ParameterSpec spec : ParameterSpecs.of(Network.GEN_A2B, graph.options())) {
            Parameter parameter = graph.parameter(Network.GEN_A2B, spec.key());
            assertThat(parameter.gradient().norm2Number().doubleValue()).as("gradient of " + spec.key()).isPositive();
            assertSlope(spec.key(), parameter.value(), parameter.gradient(), loss);
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
        Discriminator.Pass pass = discriminator.forward(images);
        INDArray ofPatches = random(DataType.DOUBLE, pass.patches().shape());
        double[] ofLogits = random.doubles(2L * batch, -1, 1).toArray();
        BufferPool pool = graph.compute().pool();
        assertThat(pass.patches().shape()).containsExactly(batch, 1, layers == 3 ? 6 : 2, layers == 3 ? 6 : 2);

        INDArray dImages = discriminator.backward(pass, pool.take(ofPatches.shape()).assign(ofPatches), ofLogits, true, true);
        DoubleSupplier loss = () -> {
            Discriminator.Pass again = discriminator.forward(images);
            double value = again.patches().mul(ofPatches).sumNumber().doubleValue() + dot(again.logits(), ofLogits);
            pool.release(discriminator.backward(again, pool.take(ofPatches.shape()).assign(0), new double[2 * batch], false, true));
            return value;
        };
        assertSlope("images", images, dImages, loss);
        for (ParameterSpec spec : ParameterSpecs.of(Network.DIS_GLOBAL_B, graph.options())) {
            Parameter parameter = graph.parameter(Network.DIS_GLOBAL_B, spec.key());
            if (spec.trainable()) {
                assertThat(parameter.gradient().norm2Number().doubleValue()).as("gradient of " + spec.key()).isPositive();
                assertSlope(spec.key(), parameter.value(), parameter.gradient(), loss);
            } else {
                assertThat(parameter.gradient().normmaxNumber().doubleValue()).as("gradient of " + spec.key()).isZero();
            }
        }
        INDArray gradients = graph.trainable(Network.DIS_GLOBAL_B).gradients().dup();
        INDArray again = discriminator.backward(discriminator.forward(images), pool.take(ofPatches.shape()).assign(ofPatches), ofLogits, false,
                true);
        assertThat(again).as("gradient of the images without the parameters'").isEqualTo(dImages);
        assertThat(graph.trainable(Network.DIS_GLOBAL_B).gradients()).isEqualTo(gradients);
        pool.release(dImages, again);
        assertThat(pool.takenBytes()).as("bytes not given back").isZero();
    }

    @ParameterizedTest(name = "light {0}")
    @ValueSource(booleans = {true, false})
    void aPassThatIsNotKeptGivesTheSameBits(boolean light) {
        UgatitGraph graph = graph(light, 4, DataType.FLOAT);
        Generator generator = graph.generator(Network.GEN_B2A);
        INDArray images = images(DataType.FLOAT, 2);
        INDArray before = images.dup();
        GeneratorPass kept = generator.forward(images, true);
        GeneratorPass once = generator.forward(images, false);
        assertThat(once.image()).isEqualTo(kept.image());
        assertThat(once.logits()).containsExactly(kept.logits());
        assertThat(kept.image().shape()).containsExactly(2, 3, 16, 16);
        assertThat(images).as("the input is only read").isEqualTo(before);
    }

    @Test
    void onlyAPassThatIsNotKeptHasAHeatmap() {
        Generator generator = graph(true, 4, DataType.FLOAT).generator(Network.GEN_A2B);
        INDArray images = images(DataType.FLOAT, 2);
        INDArray heatmap = generator.forward(images, false).heatmap();
        assertThat(heatmap.shape()).containsExactly(2, 1, 4, 4);
        assertThat(heatmap.minNumber().floatValue()).isNotNegative();
        assertThat(heatmap.maxNumber().floatValue()).isPositive();
        GeneratorPass kept = generator.forward(images, true);
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
        GeneratorPass both = generator.forward(images, false);
        Discriminator.Pass judged = discriminator.forward(images);
        for (int i = 0; i < 2; i++) {
            INDArray image = images.get(NDArrayIndex.interval(i, i + 1)).dup('c');
            GeneratorPass alone = generator.forward(image, false);
            assertClose(alone.image(), both.image().get(NDArrayIndex.interval(i, i + 1)));
            assertClose(alone.heatmap(), both.heatmap().get(NDArrayIndex.interval(i, i + 1)));
            assertThat(alone.logits()).containsExactly(new double[] {both.logits()[2 * i], both.logits()[2 * i + 1]}, within(1e-12));
            Discriminator.Pass judgedAlone = discriminator.forward(image);
            assertClose(judgedAlone.patches(), judged.patches().get(NDArrayIndex.interval(i, i + 1)));
            assertThat(judgedAlone.logits()).containsExactly(new double[] {judged.logits()[2 * i], judged.logits()[2 * i + 1]}, within(1e-12));
        }
    }

    private static void assertClose(INDArray actual, INDArray expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.sub(expected).normmaxNumber().doubleValue()).isLessThan(1e-12);
    }

    @Test
    void aWeightThatIsNotANumberShowsInTheImage() {
        UgatitGraph graph = graph(true, 4, DataType.FLOAT);
        graph.parameter(Network.GEN_A2B, "DownBlock.1.weight").value().putScalar(0, Double.NaN);
        GeneratorPass pass = graph.generator(Network.GEN_A2B).forward(images(DataType.FLOAT, 1), false);
        assertThat(pass.image().isNaN().any()).isTrue();
    }
}
