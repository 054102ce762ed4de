package io.ugatit.cluster;

import static io.ugatit.cluster.SmallTraining.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.ugatit.cluster.feeding.BatchLoader;
import io.ugatit.cluster.feeding.WorkOrder;
import io.ugatit.cluster.rounds.MomentsPolicy;
import io.ugatit.cluster.rounds.OuterStep;
import io.ugatit.cluster.rounds.UgatitTrainingMaster;
import io.ugatit.cluster.rounds.WorkerSlot;
import io.ugatit.cluster.transport.TrainingState;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.device.KeptThreads;
import io.ugatit.device.Threads;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.train.AlternatingStep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Rounds on Spark against the same steps made one after the other, bit by bit. */
@ExtendWith(KeptThreads.class)
class AveragingTest {
    private static final int STEPS_A_ROUND = 2;
    private static final String[] KRYO = {"spark.serializer", "org.apache.spark.serializer.KryoSerializer", "spark.kryo.registrator",
        "org.nd4j.kryo.Nd4jRegistrator"};

    @TempDir
    private static Path folder;
    private static String data;
    private SparkSession spark;

    @BeforeAll
    static void prepare() throws Exception {
        try (SparkSession spark = SmallTraining.session("local[2]")) {
            data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
        }
    }

    @AfterEach
    void stop() {
        spark.stop();
    }

    private static TrainOptions options(int workers, String... more) {
        return SmallTraining.options(data, folder.resolve("run"), Stream.concat(Stream.of("--workers", "" + workers,
                "--averaging-frequency", "" + STEPS_A_ROUND, "--steps", "8", "--lr", "1e-3"), Stream.of(more)).toArray(String[]::new));
    }

    private static BatchLoader loader(TrainOptions options) {
        return new BatchLoader(ImageDataset.open(data, new Configuration()), new Configuration(), options.feed(SmallTraining.SIZE), 1);
    }

    private static UgatitGraph graph(TrainOptions options) {
        UgatitGraph graph = UgatitGraph.create(options.network().orElse(NetworkOptions.DEFAULT), options.seed());
        graph.prepareTraining();
        return graph;
    }

    /** State and losses after some rounds on Spark. */
    private record Outcome(UgatitGraph graph, List<String> losses) {
        float[] state() {
            return SmallTraining.state(graph);
        }
    }

    private Outcome train(TrainOptions options, int rounds) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        UgatitGraph graph = graph(options);
        Optional<OuterStep> outer = options.outer().isOn() ? Optional.of(new OuterStep(graph, options.outer())) : Optional.empty();
        UgatitTrainingMaster master = new UgatitTrainingMaster("test", options.rounds(1), outer, 0, () -> { });
        SparkComputationGraph sparkGraph = new SparkComputationGraph(context, graph, master);
        List<String> losses = new ArrayList<>();
        try {
            for (int round = 0; round < rounds; round++) {
                List<String> orders = new ArrayList<>();
                for (int worker = 0; worker < options.workers(); worker++) {
                    for (int step = 1; step <= STEPS_A_ROUND; step++) {
                        orders.add(new WorkOrder(round * STEPS_A_ROUND + step, worker).path());
                    }
                }
                sparkGraph.fitPaths(context.parallelize(orders, options.workers()), loader(options));
                master.report().losses().forEach(row -> losses.add(row.toString()));
            }
        } finally {
            WorkerSlot.forget("test"); // its loader is that of these options
        }
        return new Outcome(graph, losses);
    }

    /** One worker's steps of a round without Spark, from a state. */
    private static float[] alone(TrainOptions options, float[] state, int round, int worker) {
        Threads.use(1);
        UgatitGraph graph = graph(options);
        set(graph, state);
        AlternatingStep step = new AlternatingStep(graph, options.rounds(1).schedule(), (long) round * STEPS_A_ROUND);
        BatchLoader loader = loader(options);
        for (int i = 1; i <= STEPS_A_ROUND; i++) {
            MultiDataSet batch = loader.load(WorkOrder.source(new WorkOrder(round * STEPS_A_ROUND + i, worker).path()));
            step.fit(batch.getFeatures(0), batch.getFeatures(1));
        }
        if (options.moments() == MomentsPolicy.COMPACT) {
            roundSecondMoments(graph, round);
        }
        return state(graph);
    }

    /** Second moments as they are after they have travelled at the end of a round. */
    private static void roundSecondMoments(UgatitGraph graph, int round) {
        List<INDArray> squares = Stream.of(Network.values()).map(network -> graph.trainable(network).secondMoments()).toList();
        TrainingState state = new TrainingState(List.of(), squares, 1 << 20, (long) round * STEPS_A_ROUND);
        for (int chunk = 0; chunk < state.chunks(); chunk++) {
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            try {
                state.chunk(chunk).writeTo(sent);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            state.write(chunk, ByteBuffer.wrap(sent.toByteArray()));
        }
    }

    /** The mean of all workers' states after a round without Spark. */
    private static float[] mean(TrainOptions options, float[] before, int round) {
        float[] mean = new float[before.length];
        for (int worker = 0; worker < options.workers(); worker++) {
            float[] after = alone(options, before, round, worker);
            for (int i = 0; i < mean.length; i++) {
                mean[i] = worker == 0 ? after[i] : mean[i] + after[i];
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= options.workers();
        }
        return mean;
    }

    private static void set(UgatitGraph graph, float[] state) {
        int parameters = (int) graph.params().length();
        graph.params().assign(Nd4j.createFromArray(Arrays.copyOf(state, parameters)).reshape(graph.params().shape()));
        INDArray moments = graph.getUpdater().getStateViewArray();
        moments.assign(Nd4j.createFromArray(Arrays.copyOfRange(state, parameters, state.length))
                .reshape(moments.shape()));
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(ints = {2, 3})
    void aRoundEndsInTheMeanOfTheWorkersStatesInTheirOrder(int workers) {
        spark = SmallTraining.session("local[2]");
        TrainOptions options = options(workers);
        UgatitGraph expected = graph(options);
        for (int round = 0; round < 2; round++) {
            set(expected, mean(options, state(expected), round));
            expected.project();
        }
        Outcome outcome = train(options, 2);
        assertThat(Arrays.equals(outcome.state(), state(expected))).isTrue();
        assertThat(outcome.losses()).hasSize(2 * 2 * workers);
        outcome.graph().namedParameters().forEach((name, value) -> {
            if (name.endsWith("weight_u") || name.endsWith("weight_v")) {
                assertThat(value.norm2Number().doubleValue()).as(name).isBetween(1 - 1e-6, 1 + 1e-6);
            }
        });
    }

    @Test
    void aStateMayBeLargerThanWhatSparkLetsAJobBringToTheDriver() {
        TrainOptions options = options(1);
        spark = SmallTraining.session("local[1]");
        float[] expected = train(options, 1).state();
        spark.stop();
        spark = SmallTraining.session("local[1]", "spark.driver.maxResultSize", Float.BYTES * expected.length / 4 + "b");
        assertThat(train(options, 1).state()).isEqualTo(expected);
    }

    /** PyTorch's SGD(nesterov=True), whose gradient is what the parameters were less their mean. */
    @Test
    @Tag("slow")
    void anOuterMomentumMovesTheParametersOnFromRoundToRound() {
        spark = SmallTraining.session("local[2]");
        TrainOptions options = options(2, "--outer-momentum", "0.75", "--outer-lr", "0.5");
        UgatitGraph expected = graph(options);
        Map<Network, float[]> velocities = new EnumMap<>(Network.class);
        for (int round = 0; round < 3; round++) {
            Map<Network, float[]> before = new EnumMap<>(Network.class);
            for (Network network : Network.values()) {
                before.put(network, expected.trainable(network).parameters().toFloatVector());
            }
            set(expected, mean(options, state(expected), round));
            for (Network network : Network.values()) {
                INDArray parameters = expected.trainable(network).parameters();
                float[] moved = parameters.toFloatVector();
                float[] velocity = velocities.computeIfAbsent(network, unused -> new float[moved.length]);
                for (int i = 0; i < moved.length; i++) {
                    float gradient = before.get(network)[i] - moved[i];
                    velocity[i] = 0.75f * velocity[i] + gradient;
                    moved[i] = before.get(network)[i] - 0.5f * (gradient + 0.75f * velocity[i]);
                }
                parameters.assign(Nd4j.createFromArray(moved));
            }
            expected.project();
        }
        assertThat(Arrays.equals(train(options, 3).state(), state(expected))).isTrue();
    }

    @Test
    @Tag("slow")
    void momentsThatAreResetDoNotTravel() {
        spark = SmallTraining.session("local[2]");
        TrainOptions options = options(2, "--moments", "reset");
        UgatitGraph expected = graph(options);
        for (int round = 0; round < 3; round++) {
            int parameters = (int) expected.params().length();
            float[] before = Arrays.copyOf(Arrays.copyOf(state(expected), parameters), state(expected).length);
            set(expected, mean(options, before, round));
            expected.project();
        }
        Outcome outcome = train(options, 3);
        assertThat(Arrays.equals(outcome.graph().params().toFloatVector(), expected.params().toFloatVector())).isTrue();
        assertThat(outcome.graph().getUpdater().getStateViewArray().norm1Number().doubleValue()).as("the driver's moments").isZero();
        assertThat(Arrays.equals(train(options(2), 3).graph().params().toFloatVector(), expected.params().toFloatVector()))
                .as("averaged moments give the same").isFalse();
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(ints = {1, 2})
    void compactSecondMomentsAreAveragedAsFloatsAndGoOnRounded(int workers) {
        spark = SmallTraining.session("local[2]");
        TrainOptions options = options(workers, "--moments", "compact");
        UgatitGraph expected = graph(options);
        for (int round = 0; round < 3; round++) {
            set(expected, mean(options, state(expected), round));
            roundSecondMoments(expected, round);
            if (workers > 1) {
                expected.project();
            }
        }
        UgatitGraph trained = train(options, 3).graph();
        assertThat(Arrays.equals(trained.params().toFloatVector(), expected.params().toFloatVector())).isTrue();
        for (Network network : Network.values()) {
            float[] squares = trained.trainable(network).secondMoments().toFloatVector();
            assertThat(squares).as(network.key()).isEqualTo(expected.trainable(network).secondMoments().toFloatVector());
            assertThat(IntStream.range(0, squares.length).filter(i -> squares[i] > 0).count()).isGreaterThan(squares.length / 2);
            assertThat(trained.trainable(network).firstMoments().norm1Number().doubleValue()).as("the driver's first moments").isZero();
        }
        assertThat(Arrays.equals(train(options(workers, "--moments", "compact", "--chunk-bytes", "4096"), 3).state(), state(trained))).isTrue();
        assertThat(Arrays.equals(train(options(workers, "--moments", "second"), 3).state(), state(trained))).as("as floats").isFalse();
    }

    @Test
    @Tag("slow")
    void halfOfTheBytesTravelIfSecondMomentsAreCompact() {
        spark = SmallTraining.session("local[2]", "spark.shuffle.compress", "false");
        AtomicLong bytes = new AtomicLong();
        spark.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                bytes.addAndGet(end.taskMetrics().shuffleWriteMetrics().bytesWritten());
            }
        });
        long parameters = graph(options(1)).params().length();
        long trained = Stream.of(Network.values()).mapToLong(network -> graph(options(1)).trainable(network).parameters().length()).sum();
        Map<String, Long> expected = Map.of("average", 4 * parameters + 8 * trained, "second", 4 * parameters + 4 * trained,
                "compact", 4 * parameters + 2 * trained, "reset", 4 * parameters);
        expected.forEach((moments, state) -> {
            bytes.set(0);
            train(options(2, "--moments", moments), 1);
            assertThatNoException().isThrownBy(() -> spark.sparkContext().listenerBus().waitUntilEmpty());
            assertThat(bytes.get() - 2 * state).as(moments + ": besides, two reports with glimpses of images, and the lengths of the parts")
                    .isBetween(0L, 32768L);
        });
        assertThat(expected.get("compact") - expected.get("average") / 2).as("half, but for what is not trained")
                .isEqualTo(2 * (parameters - trained));
    }

    @Test
    void oneWorkerIsPlainTraining() {
        spark = SmallTraining.session("local[2]");
        TrainOptions options = options(1);
        float[] state = state(graph(options));
        for (int round = 0; round < 3; round++) {
            state = alone(options, state, round, 0);
        }
        assertThat(Arrays.equals(train(options, 3).state(), state)).isTrue();
    }

    @Test
    @Tag("slow")
    void theSizeOfTheChunksTheSerializerAndTheNumberOfSlotsMakeNoDifference() {
        TrainOptions options = options(2);
        TrainOptions smallChunks = options(2, "--chunk-bytes", "4096");
        spark = SmallTraining.session("local[2]");
        Outcome expected = train(options, 2);
        Outcome inSmallChunks = train(smallChunks, 2);
        Outcome inOddChunks = train(options(2, "--chunk-bytes", "" + 4 * 9973), 1);
        Outcome oneRound = train(options, 1);
        spark.stop();
        spark = SmallTraining.session("local[1]");
        Outcome onOneSlot = train(options, 2);
        spark.stop();
        // that few partitions would else be written by Spark's simplest shuffle writer
        spark = SmallTraining.session("local[2]", "spark.shuffle.sort.bypassMergeThreshold", "1");
        Outcome bySorting = train(smallChunks, 2);
        spark.stop();
        spark = SmallTraining.session("local[2]", KRYO);
        Outcome withKryo = train(smallChunks, 2);

        assertThat(expected.losses()).hasSize(8).doesNotHaveDuplicates();
        assertThat(Arrays.equals(inOddChunks.state(), oneRound.state())).isTrue();
        for (Outcome outcome : List.of(inSmallChunks, onOneSlot, bySorting, withKryo)) {
            assertThat(Arrays.equals(outcome.state(), expected.state())).isTrue();
            assertThat(outcome.losses()).isEqualTo(expected.losses());
        }
    }
}
