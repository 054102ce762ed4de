package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import io.ugatit.model.DivergedException;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What training refuses, in which words, and that it has written nothing then. */
@Tag("slow")
class TrainRefusalsTest {
    @TempDir
    private static Path folder;
    private static SparkSession spark;
    private static String data;
    private static String otherData;
    private static String largerData;
    private static Path run;

    /** Where the run can be gone on with. */
    private static final String SAFE = "; the checkpoint of step 2 is safe";

    @BeforeAll
    static void train() throws Exception {
        spark = SmallTraining.session("local[2]");
        data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
        otherData = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 2);
        largerData = SmallTraining.dataset(spark, folder, 20, 1);
        run = folder.resolve("run");
        SmallTraining.train(spark, SmallTraining.options(data, run, "--steps", "2"));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static void assertRefused(String message, String dataset, Path ofRun, String... more) throws Exception {
        List<String> before = SmallTraining.tree(folder);
        assertThatThrownBy(() -> SmallTraining.train(spark, SmallTraining.options(dataset, ofRun, more)))
                .isInstanceOf(InvalidRequestException.class).hasMessage(message);
        assertThat(SmallTraining.tree(folder)).isEqualTo(before);
    }

    @Test
    void aDataSetOfAnotherSize() throws Exception {
        assertRefused("--data " + largerData + " is prepared for --size 20, not 16: give --size 20, or prepare the images again", largerData,
                folder.resolve("new"));
    }

    @Test
    void aDataSetThatIsNotThere() throws Exception {
        String nowhere = folder.resolve("nowhere").toString();
        assertRefused(nowhere + " is not a dataset: there is no manifest.json in it; make one with the prep command's --output " + nowhere,
                nowhere, folder.resolve("new"));
    }

    @Test
    void otherImagesThanTheRuns() throws Exception {
        assertRefused("--data " + otherData + " holds other images than --run " + run + " was made with: give those, or another --run" + SAFE,
                otherData, run, "--steps", "2");
    }

    @ParameterizedTest
    @CsvSource({"--steps, 3, 2", "--workers, 2, 1", "--averaging-frequency, 5, 10", "--batch, 2, 1", "--lr, 0.001, 1.0E-4",
        "--weight-decay, 0.0, 1.0E-4", "--adv-weight, 2.0, 1.0", "--adv, hinge, lsgan", "--cycle-weight, 1.0, 10.0",
        "--identity-weight, 1.0, 10.0", "--cam-weight, 1.0, 1000.0", "--seed, 2, 1", "--order, sequential, shuffled"})
    void anotherOptionThanTheRuns(String option, String now, String before) throws Exception {
        String[] more = option.equals("--steps") ? new String[] {option, now} : new String[] {"--steps", "2", option, now};
        assertRefused(option + " is " + now + ", but --run " + run + " was made with " + before + ": give that, or another --run" + SAFE, data, run,
                more);
    }

    @Test
    void withoutTheAugmentationOfTheRun() throws Exception {
        assertRefused("--augment is false, but --run " + run + " was made with true: give that, or another --run" + SAFE, data, run, "--steps", "2",
                "--no-augment");
    }

    @ParameterizedTest
    @CsvSource({"--ch, 3, 2", "--res-blocks, 2, 1", "--global-layers, 3, 4", "--local-layers, 4, 3", "--full, true, false"})
    void otherNetworksThanTheRuns(String option, String now, String ofRun) throws Exception {
        List<String> before = SmallTraining.tree(folder);
        String[] flags = option.equals("--full") ? new String[] {"--full"} : new String[] {option, now};
        TrainOptions options = Options.parse(TrainOptions.class,
                Stream.of(new String[] {"--data", data, "--run", run.toString(), "--steps", "2"}, flags).flatMap(Stream::of)
                        .toArray(String[]::new));
        assertThatThrownBy(() -> SmallTraining.train(spark, options)).isInstanceOf(InvalidRequestException.class)
                .hasMessage(option + " is " + now + ", but --run " + run + " was made with " + ofRun + ": give that, or another --run" + SAFE);
        assertThat(SmallTraining.tree(folder)).isEqualTo(before);
    }

    @Test
    void foldersThatAreSomethingElse() throws Exception {
        Path workspace = Files.createDirectories(folder.resolve("workspace"));
        Files.writeString(workspace.resolve("PROMOTED"), "0001\n");
        Files.createDirectories(folder.resolve("pictures/trainA"));
        String another = ", which is no run's: give a new folder, or that of a run";
        assertRefused("--run is " + workspace + ": holds PROMOTED" + another, data, workspace);
        assertRefused("--run is " + folder.resolve("pictures") + ": holds trainA" + another, data, folder.resolve("pictures"));
        Path images = Path.of(java.net.URI.create(data));
        assertThatThrownBy(() -> SmallTraining.train(spark, SmallTraining.options(data, images))).isInstanceOf(InvalidRequestException.class)
                .hasMessageMatching("--run is \\Q" + images + "\\E: holds (images|manifest.json|versions)" + another);
        Path written = Files.createDirectories(folder.resolve("beside its log"));
        Files.writeString(written.resolve("train.log"), "");
        SmallTraining.train(spark, SmallTraining.options(data, written, "--steps", "1"));
        assertThat(written.resolve("checkpoints/step-00000001")).exists();
    }

    @Test
    void anExistingRunIfItMustBeNew() throws Exception {
        assertRefused("--run " + run + " exists: give another, or --resume auto to go on with it", data, run, "--steps", "2", "--resume",
                "never");
    }

    @Test
    void aNewRunIfItMustBeResumed() throws Exception {
        Path none = folder.resolve("none");
        assertRefused("--run " + none + " has no checkpoint to resume from: give --resume auto to start", data, none, "--resume", "required");
    }

    @ParameterizedTest
    @CsvSource({"--steps, 0, 1 to 99999999", "--steps, 100000000, 1 to 99999999", "--workers, 0, 1 to 4096", "--batch, 1025, 1 to 1024",
        "--averaging-frequency, 0, 1 to 1000000", "--checkpoint-every, 0, 1 to 1000000", "--keep, 0, 1 to 1000000",
        "--chunk-bytes, 4095, 4096 to 1073741824"})
    void valuesOutOfTheirRange(String option, String value, String range) {
        assertThatThrownBy(() -> SmallTraining.options(data, run, option, value)).isInstanceOf(InvalidRequestException.class)
                .hasMessage(option + " is " + value + ": must be from " + range);
    }

    @Test
    void chunksThatWouldCutANumber() {
        assertThatThrownBy(() -> SmallTraining.options(data, run, "--chunk-bytes", "4097")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--chunk-bytes is 4097: must be a multiple of 4");
    }

    @Test
    void outerUpdatesThatAreNone() {
        assertThatThrownBy(() -> SmallTraining.options(data, run, "--outer-momentum", "1")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--outer-momentum is 1.0: must be from 0 to less than 1");
        assertThatThrownBy(() -> SmallTraining.options(data, run, "--outer-lr", "0")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--outer-lr is 0.0: must be greater than 0 and at most 10");
        assertThatThrownBy(() -> SmallTraining.options(data, run, "--moments", "keep")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--moments is 'keep': must be average or second or compact or reset");
    }

    @Test
    void learningRatesThatAreNone() {
        assertThatThrownBy(() -> SmallTraining.options(data, run, "--lr", "0")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--lr is 0.0: must be greater than 0 and at most 1");
        assertThatThrownBy(() -> SmallTraining.options(data, run, "--lr", "NaN")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--lr is 'NaN': must be a number");
        assertThatThrownBy(() -> SmallTraining.options(data, run, "--weight-decay", "-1")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--weight-decay is -1.0: must be from 0 to 1");
    }

    @Test
    void pathsThatAreNone() throws Exception {
        assertThatThrownBy(() -> SmallTraining.train(spark, Options.parse(TrainOptions.class, "--data", data, "--run", "a:b")))
                .isInstanceOf(InvalidRequestException.class).hasMessage("--run is a:b: what stands before a colon counts as a scheme;"
                        + " if it is a name, write ./a:b or the whole path");
        assertThatThrownBy(() -> SmallTraining.train(spark, Options.parse(TrainOptions.class, "--data", "foo://x/y", "--run", "r")))
                .isInstanceOf(InvalidRequestException.class).hasMessageStartingWith("--data is foo://x/y: no file system is known for it");
        Path file = run.resolve("config.json");
        assertRefused("--run is " + file + "/run: file:" + file + " is a file, must be a folder", data, file.resolve("run"));
    }

    @Test
    void aConfigurationWithoutThreadsIsNamed() throws Exception {
        Path broken = run("broken");
        edit(broken, "\"threads\" : \\d+", "\"threads\" : \"many\"");
        assertRefused("file:" + broken.resolve("config.json") + ": training.threads must be a whole number from 1" + SAFE, data, broken, "--steps", "2");
    }

    @ParameterizedTest
    @CsvSource({"training, training.ema", "network, network.ema"})
    void optionsOfANewerVersion(String section, String named) throws Exception {
        Path newer = run("newer-" + section);
        edit(newer, "\"" + section + "\" : \\{", "$0 \"ema\" : 0.999, ");
        assertRefused("file:" + newer.resolve("config.json") + ": " + named + " is 0.999, an option this program does not know: use the version that"
                + " made the run, or give another --run" + SAFE, data, newer, "--steps", "2");
    }

    @Test
    void anotherFormatThanThisVersions() throws Exception {
        Path newer = run("newer-format");
        edit(newer, "\"format\" : 1", "\"format\" : 2");
        assertRefused("file:" + newer.resolve("config.json") + " has format 2, this program reads 1: use the version that made the run, or give"
                + " another --run" + SAFE, data, newer, "--steps", "2");
    }

    @Test
    void aRunFromBeforeFormatsWereWrittenDownIsGoneOnWith() throws Exception {
        Path old = run("older");
        edit(old, "\"format\" : 1,", "");
        assertThat(SmallTraining.train(spark, SmallTraining.options(data, old, "--steps", "2")).steps()).isEqualTo(2);
        assertThat(Files.readString(old.resolve("config.json"))).contains("\"format\" : 1,");
    }

    private static Path run(String name) {
        Path made = folder.resolve(name);
        SmallTraining.train(spark, SmallTraining.options(data, made, "--steps", "2"));
        return made;
    }

    private static void edit(Path ofRun, String pattern, String replacement) throws Exception {
        Path config = ofRun.resolve("config.json");
        String before = Files.readString(config);
        String after = before.replaceFirst(pattern, replacement);
        assertThat(after).isNotEqualTo(before);
        Files.writeString(config, after);
    }

    @Test
    void aRunWithParametersOnlyBeginsWithFreshMoments() throws Exception {
        Path imported = folder.resolve("imported");
        TrainOptions options = SmallTraining.options(data, imported, "--steps", "2");
        NetworkOptions network = options.network().orElse(NetworkOptions.DEFAULT);
        SmallTraining.directory(imported).publishConfig(RunConfig.of(network));
        UgatitGraph graph = UgatitGraph.create(network, options.seed());
        new CheckpointStore(SmallTraining.directory(imported)).publish(0, graph.namedParameters(), Map.of(),
                JsonNodeFactory.instance.objectNode());
        // the network's sizes are the run's if they are left out
        SmallTraining.train(spark, Options.parse(TrainOptions.class, "--data", data, "--run", imported.toString(), "--steps", "2"));
        assertThat(SmallTraining.state(SmallTraining.trained(imported, options))).isEqualTo(
                SmallTraining.state(SmallTraining.trained(run, options)));
        assertThat(SmallTraining.metrics(imported)).isEqualTo(SmallTraining.metrics(run));
    }

    @Test
    void lossesBeyondAllNumbersEndTheTrainingAndNameTheLastCheckpoint() throws Exception {
        Path diverging = folder.resolve("diverging");
        assertThatThrownBy(() -> SmallTraining.train(spark, SmallTraining.options(data, diverging, "--steps", "40", "--averaging-frequency",
                "1", "--checkpoint-every", "1", "--cam-weight", "1e38"))).isInstanceOf(JobFailedException.class)
                .satisfies(failure -> assertThat(causes(failure)).hasAtLeastOneElementOfType(DivergedException.class))
                .message().contains("training diverged at step 1: parameters or moments are no longer finite: a lower --lr may help; ").doesNotContain("\n");
        // what is there can be gone on with
        new CheckpointStore(SmallTraining.directory(diverging)).latestWhole(line -> { }).ifPresent(checkpoint ->
                assertThat(SmallTraining.state(SmallTraining.trained(diverging, SmallTraining.options(data, diverging))))
                        .doesNotContain(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY));
    }

    private static List<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
    }
}
