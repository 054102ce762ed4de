package io.ugatit.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What a generator makes of parts of an image, given the statistics of the whole. */
class GeneratorStatisticsTest {
    private static final int WHOLE = 128;
    private static final int PART = 72;
    /** A multiple of 4, what the first convolutions take together. */
    private static final int AT = 28;
    /** So far the generator of one block sees: 3, 1 and 2 pixels, then four times 4 in maps of a quarter, and 2, 1 and 3 on the way back. */
    private static final int REACH = 31;

    private static UgatitGraph graph(boolean light) {
        UgatitGraph graph = UgatitGraph.create(new NetworkOptions(WHOLE, 2, 1, light, !light, 4, 3), 23, DataType.DOUBLE);
        graph.prepareTraining();
        return graph;
    }

    private static INDArray image(int seed) {
        Random random = new Random(seed);
        INDArray image = Nd4j.create(DataType.DOUBLE, 1, 3, WHOLE, WHOLE);
        for (long i = 0; i < image.length(); i++) {
            image.putScalar(i, 2 * random.nextDouble() - 1);
        }
        return image;
    }

    private static INDArray cut(INDArray image, int at, int size) {
        INDArrayIndex range = NDArrayIndex.interval(at, at + size);
        return image.get(NDArrayIndex.all(), NDArrayIndex.all(), range, range).dup('c');
    }

    private static INDArray drawn(Compute compute, Generator generator, Tensor in, GeneratorStatistics statistics) {
        GeneratorPass pass = statistics == null ? generator.forward(in, false) : generator.forward(in, statistics);
        INDArray out = compute.read(pass.image());
        generator.release(pass);
        return out;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPartWithTheStatisticsOfTheWholeIsThatPartOfTheWholesTranslation(boolean light) {
        UgatitGraph graph = graph(light);
        Compute compute = graph.compute(Network.GEN_A2B);
        Generator generator = graph.generator(Network.GEN_A2B);
        INDArray image = image(1);
        Tensor in = compute.write(image);
        GeneratorPass pass = generator.forward(in, false);
        INDArray whole = compute.read(pass.image());
        GeneratorStatistics statistics = pass.statistics();
        generator.release(pass);

        assertThat(drawn(compute, generator, in, statistics)).isEqualTo(whole);
        INDArray part = drawn(compute, generator, compute.write(cut(image, AT, PART)), statistics);
        INDArray expected = cut(whole, AT + REACH, PART - 2 * REACH);
        assertThat(cut(part, REACH, PART - 2 * REACH).sub(expected).normmaxNumber().doubleValue()).isLessThan(1e-12);
        // of another image the statistics are others: they are what makes the two the same
        INDArray other = drawn(compute, generator, in, statisticsOf(compute, generator, image(2).muli(0.1)));
        assertThat(other.sub(whole).normmaxNumber().doubleValue()).isGreaterThan(1e-3);
    }

    private static GeneratorStatistics statisticsOf(Compute compute, Generator generator, INDArray image) {
        GeneratorPass pass = generator.forward(compute.write(image), false);
        GeneratorStatistics statistics = pass.statistics();
        generator.release(pass);
        return statistics;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesWithGivenStatisticsGiveBackWhatTheyTake(boolean light) {
        UgatitGraph graph = graph(light);
        Compute compute = graph.compute(Network.GEN_A2B);
        Generator generator = graph.generator(Network.GEN_A2B);
        Tensor in = compute.write(image(3));
        GeneratorStatistics statistics = statisticsOf(compute, generator, image(3));
        drawn(compute, generator, in, statistics);
        long before = compute.pool().allocatedBytes();
        for (int i = 0; i < 3; i++) {
            drawn(compute, generator, in, statistics);
        }
        assertThat(compute.pool().allocatedBytes()).isEqualTo(before);
    }
}
