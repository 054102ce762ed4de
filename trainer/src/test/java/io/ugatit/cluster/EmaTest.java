package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.cluster.SmallTraining.Silent;
import io.ugatit.exchange.ImportJob;
import io.ugatit.exchange.ImportOptions;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.Pixels;
import io.ugatit.model.UgatitGraph;
import io.ugatit.safetensors.SafetensorsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The moving average of the generators: its values, and that it survives whatever the training survives. */
@Tag("slow")
class EmaTest {
    private static final String EMA = "checkpoints/step-%08d/ema.safetensors";
    @TempDir
    private static Path folder;
    private static SparkSession spark;
    private static String data;
    private static Path uninterrupted;

    @BeforeAll
    static void trainWithoutInterruption() throws Exception {
        spark = SmallTraining.session("local[2]");
        data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
        uninterrupted = folder.resolve("uninterrupted");
        SmallTraining.train(spark, options(uninterrupted, "--ema", "0.75"));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** Two rounds of 2 steps, and one of a single step; a checkpoint after each. */
    private static TrainOptions options(Path run, String... more) {
        return SmallTraining.options(data, run, Stream.concat(Stream.of("--steps", "5", "--workers", "2", "--averaging-frequency", "2",
                "--checkpoint-every", "1", "--keep", "9", "--lr", "1e-3"), Stream.of(more)).toArray(String[]::new));
    }

    private static Checkpoint checkpoint(Path run, long step) {
        return new CheckpointStore(SmallTraining.directory(run)).requireWhole(step);
    }

    private static Map<String, float[]> read(SafetensorsFile file) throws Exception {
        Map<String, float[]> tensors = new TreeMap<>();
        try (file) {
            for (String name : file.tensors().keySet()) {
                INDArray tensor = Nd4j.create(DataType.FLOAT, file.tensors().get(name).shape());
                file.read(name, tensor);
                tensors.put(name, Pixels.floats(tensor));
            }
        }
        return tensors;
    }

    private static Map<String, float[]> generators(Map<String, float[]> all) {
        return new TreeMap<>(all.entrySet().stream().filter(entry -> entry.getKey().startsWith("gen"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private static void assertSame(Map<String, float[]> found, Map<String, float[]> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) -> assertThat(found.get(name)).as(name).isEqualTo(values));
    }

    @Test
    void afterEveryRoundTheAverageMovesTowardsTheGeneratorsByItsSteps() throws Exception {
        TrainOptions options = options(uninterrupted, "--ema", "0.75");
        Map<String, float[]> expected = new TreeMap<>();
        UgatitGraph.create(options.network().orElse(NetworkOptions.DEFAULT), options.seed()).namedParameters()
                .forEach((name, value) -> expected.put(name, Pixels.floats(value)));
        expected.keySet().removeIf(name -> !name.startsWith("gen"));
        for (long[] round : new long[][] {{2, 2}, {4, 2}, {5, 1}}) {
            Checkpoint checkpoint = checkpoint(uninterrupted, round[0]);
            Map<String, float[]> now = generators(read(checkpoint.openParameters()));
            float share = (float) (1 - Math.pow(0.75, round[1]));
            expected.forEach((name, average) -> {
                for (int i = 0; i < average.length; i++) {
                    average[i] += share * (now.get(name)[i] - average[i]);
                }
            });
            assertSame(read(checkpoint.openAverages()), expected);
            assertThat(expected.get("genA2B.conv1x1.weight")).isNotEqualTo(now.get("genA2B.conv1x1.weight"));
        }
    }

    @Test
    void theTrainingIsTheSameAsWithoutIt() throws Exception {
        Path run = folder.resolve("without");
        SmallTraining.train(spark, options(run));
        Map<String, String> with = SmallTraining.bits(uninterrupted);
        assertThat(with).containsKeys(String.format(EMA, 2), String.format(EMA, 4), String.format(EMA, 5));
        with.keySet().removeIf(name -> name.endsWith("ema.safetensors"));
        assertThat(SmallTraining.bits(run)).isEqualTo(with);
        assertThatThrownBy(() -> SmallTraining.train(spark, options(run, "--ema", "0.9"))).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--ema is 0.9, but --run " + run + " was made with 0.0: give that, or another --run; the checkpoint of step 5 is"
                        + " safe");
    }

    @Test
    void stoppedAndStartedAgainItEndsInTheSameBits() throws Exception {
        Path run = folder.resolve("stopped");
        for (int stop : new int[] {2, 4}) {
            assertThatThrownBy(() -> new TrainJob(spark, options(run, "--ema", "0.75"), new Silent() {
                @Override
                public void checkpoint(UgatitGraph graph, long stepsDone) {
                    if (stepsDone == stop) {
                        throw new IllegalStateException("stopped by the test");
                    }
                }
            }).run()).hasMessage("stopped by the test");
        }
        // of a kill while a round's checkpoint is written nothing stays but what is unfinished: the round is repeated
        SmallTraining.train(spark, options(run, "--ema", "0.75"));
        assertThat(SmallTraining.bits(run)).isEqualTo(SmallTraining.bits(uninterrupted));
        assertThatThrownBy(() -> SmallTraining.train(spark, options(run))).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--ema is 0.0, but --run " + run + " was made with 0.75: give that, or another --run; the checkpoint of step 5 is"
                        + " safe");
    }

    @Test
    void aDamagedAverageSendsTheTrainingBackToTheCheckpointBefore() throws Exception {
        Path run = folder.resolve("damaged");
        SmallTraining.train(spark, options(run, "--ema", "0.75"));
        Files.write(run.resolve(String.format(EMA, 5)), new byte[10]);
        Silent listener = new Silent();
        new TrainJob(spark, options(run, "--ema", "0.75"), listener).run();
        assertThat(listener.startedAfter).isEqualTo(4);
        assertThat(listener.warnings).singleElement().asString().contains("step-00000005 is damaged and skipped: ema.safetensors is 10 bytes long");
        assertThat(SmallTraining.bits(run)).isEqualTo(SmallTraining.bits(uninterrupted));
    }

    @Test
    void anImportedRunsAverageBeginsWithItsParameters() throws Exception {
        Path run = folder.resolve("imported");
        String weights = run.resolveSibling("weights.safetensors").toString();
        Files.copy(uninterrupted.resolve("checkpoints/step-00000005/parameters.safetensors"), Path.of(weights));
        new ImportJob(new Configuration(), new ImportOptions(weights, run.toString(), SmallTraining.SIZE)).run();
        SmallTraining.train(spark, SmallTraining.options(data, run, "--steps", "5", "--ema", "0.75", "--lr", "1e-9"));
        Map<String, float[]> began = generators(read(checkpoint(uninterrupted, 5).openParameters()));
        read(checkpoint(run, 5).openAverages()).forEach((name, values) -> {
            for (int i = 0; i < values.length; i++) {
                assertThat(values[i]).as(name).isCloseTo(began.get(name)[i], within(1e-6f));
            }
        });
    }

    /** Version 0.2.0 knew no averages, and no adversarial loss but one. */
    @Test
    void aRunWhoseConfigurationDoesNotTellGoesOnWithoutOne() throws Exception {
        Path run = folder.resolve("older");
        SmallTraining.train(spark, options(run));
        ObjectMapper json = new ObjectMapper();
        ObjectNode config = (ObjectNode) json.readTree(run.resolve("config.json").toFile());
        ((ObjectNode) config.get("training")).remove(List.of("ema-decay", "adv"));
        json.writeValue(run.resolve("config.json").toFile(), config);
        assertThat(SmallTraining.train(spark, options(run)).stepsNow()).isZero();
        assertThat(json.readTree(run.resolve("config.json").toFile()).at("/training/ema-decay").doubleValue()).isZero();
        assertThat(json.readTree(run.resolve("config.json").toFile()).at("/training/adv").textValue()).isEqualTo("lsgan");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "-0.1", "999.0"})
    void decaysThatAreNoneAreRefused(String decay) {
        assertThatThrownBy(() -> options(folder.resolve("refused"), "--ema", decay)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--ema is " + decay + ": must be from 0, for none, to less than 1, such as 0.999");
    }
}
