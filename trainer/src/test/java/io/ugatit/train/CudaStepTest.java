package io.ugatit.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.device.KeptThreads;
import io.ugatit.device.Threads;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.cuda.Precision;
import io.ugatit.tensor.cuda.StandInDriver;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Steps on a GPU, in whose place a CPU computes: what they ask of the driver, and that a recorded step is the same. */
@ExtendWith(KeptThreads.class)
class CudaStepTest {
    /** The authors' depths, at which the calls are counted; how wide the networks are does not change their number. */
    private static final NetworkOptions DEEP = new NetworkOptions(128, 4, 4, true, false, 7, 5);
    private static final NetworkOptions SMALL = new NetworkOptions(32, 4, 1, true, false, 4, 3);
    private static final int RATES = 6 * Double.BYTES;

    private static INDArray[] images(NetworkOptions options, int seed) {
        Random random = new Random(seed);
        return Stream.generate(() -> Nd4j.createFromArray(random.doubles(3L * options.size() * options.size(), -1, 1).toArray())
                .castTo(DataType.FLOAT).reshape('c', 1, 3, options.size(), options.size())).limit(2).toArray(INDArray[]::new);
    }

    private static UgatitGraph graph(NetworkOptions options) {
        UgatitGraph graph = UgatitGraph.create(options, 1);
        graph.prepareTraining();
        graph.setCompute(StandInDriver.compute(Precision.FP32));
        return graph;
    }

    private static AlternatingStep step(UgatitGraph graph, long stepsDone) {
        return new AlternatingStep(graph, new TrainingSchedule(LossWeights.AUTHORS, new LearningRate(1e-4, 1000), 1e-4), stepsDone);
    }

    /** What the driver has counted during a step. */
    private record Counted(long launches, long waits, long bytesToDevice, long bytesToHost) {

        static Counted now() {
            return new Counted(StandInDriver.count("ugatitLaunches"), StandInDriver.count("ugatitHostWaits"),
                    StandInDriver.count("ugatitBytesToDevice"), StandInDriver.count("ugatitBytesToHost"));
        }

        static Counted during(Runnable work) {
            Counted before = now();
            work.run();
            Counted after = now();
            return new Counted(after.launches - before.launches, after.waits - before.waits, after.bytesToDevice - before.bytesToDevice,
                    after.bytesToHost - before.bytesToHost);
        }
    }

    @Test
    void aStepLaunchesFewKernelsWaitsOnceAndMovesImagesInAndLossesOut() {
        UgatitGraph graph = graph(DEEP);
        AlternatingStep step = step(graph, 0);
        INDArray[] images = images(DEEP, 1);
        step.fit(images[0], images[1]);
        for (String how : new String[] {"recorded", "replayed"}) {
            Counted counted = Counted.during(() -> step.fit(images[0], images[1]));
            assertThat(counted.launches()).as("kernels of a step that is " + how).isBetween(1500L, 2300L);
            assertThat(counted.waits()).as("waits of a step that is " + how).isEqualTo(1);
            assertThat(counted.bytesToDevice()).as("images and rates").isEqualTo(2L * Float.BYTES * images[0].length() + RATES);
            assertThat(counted.bytesToHost()).as("terms of the losses").isEqualTo(2L * LossTerms.COUNT * Double.BYTES);
        }
        graph.closeCompute();
    }

    /** Parameters and moments after some steps, each on other images. */
    private static double[][] after(int steps, int restartEvery) {
        UgatitGraph graph = graph(SMALL);
        AlternatingStep step = step(graph, 0);
        for (int s = 0; s < steps; s++) {
            if (s > 0 && s % restartEvery == 0) {
                // the bits must survive the way to the host and to another's memory
                graph.store();
                UgatitGraph next = graph(SMALL);
                next.params().assign(graph.params());
                next.getUpdater().getStateViewArray().assign(graph.getUpdater().getStateViewArray());
                graph.closeCompute();
                graph = next;
                graph.load();
                step = step(graph, s);
            }
            INDArray[] images = images(SMALL, s);
            step.fit(images[0], images[1]);
        }
        graph.store();
        double[][] state = {graph.params().toDoubleVector(), graph.getUpdater().getStateViewArray().toDoubleVector()};
        graph.closeCompute();
        return state;
    }

    @Test
    void recordedStepsAreTheSameAsThoseThatAreLaunchedOneByOneAndResumed() {
        Threads.use(2);
        double[][] recorded = after(5, 100);
        Threads.use(1);
        double[][] launched = after(5, 1);
        assertThat(recorded[0]).isEqualTo(launched[0]);
        assertThat(recorded[1]).isEqualTo(launched[1]);
        assertThat(recorded[0]).isNotEqualTo(UgatitGraph.create(SMALL, 1).params().toDoubleVector());
    }
}
