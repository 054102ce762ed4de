package io.ugatit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.NetworkOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    @TempDir
    private Path folder;
    private RunDirectory run;

    @BeforeEach
    void open() {
        run = new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(folder.resolve("run").toUri()));
    }

    @Test
    void theLayoutIsTheOneThatIsDocumented() {
        String root = run.path().toString();
        assertThat(run.config()).hasToString(root + "/config.json");
        assertThat(run.checkpoint(42)).hasToString(root + "/checkpoints/step-00000042");
        assertThat(run.latest()).hasToString(root + "/LATEST");
        assertThat(run.metrics()).hasToString(root + "/metrics");
        assertThat(run.samples()).hasToString(root + "/samples");
        assertThat(run.evaluation()).hasToString(root + "/evaluation");
        assertThat(run.report()).hasToString(root + "/report.html");
    }

    @Test
    void aConfigurationIsPublishedIndentedAndReplaced() throws IOException {
        assertThat(run.exists()).isFalse();
        ObjectNode config = JsonNodeFactory.instance.objectNode().put("steps", 10);
        run.publishConfig(config);
        run.publishConfig(config.put("size", 64));

        assertThat(run.exists()).isTrue();
        assertThat(run.readConfig()).isEqualTo(config);
        assertThat(Files.readString(folder.resolve("run/config.json"))).isEqualTo("{\n  \"steps\" : 10,\n  \"size\" : 64\n}");
    }

    @Test
    void aFolderThatIsNoRunIsNamed() throws IOException {
        assertThatThrownBy(run::readConfig).isInstanceOf(InvalidRequestException.class)
                .hasMessage("file:" + folder + "/run: is not a run, it has no config.json");
        Files.createDirectories(folder.resolve("run"));
        Files.writeString(folder.resolve("run/config.json"), "[]");
        assertThatThrownBy(run::readConfig).isInstanceOf(InvalidRequestException.class)
                .hasMessage("file:" + folder + "/run/config.json: must hold a JSON object");
        Files.writeString(folder.resolve("run/config.json"), "{");
        assertThatThrownBy(run::readConfig).isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("file:" + folder + "/run/config.json: is not valid JSON: ").hasMessageNotContaining("\n");
    }

    @Test
    void aWorkspaceStandsForItsPromotedRun() throws IOException {
        Configuration configuration = run.configuration();
        String workspace = folder.resolve("nightly").toString();
        Promotion promotion = new Promotion(configuration, new org.apache.hadoop.fs.Path("file:" + workspace));
        assertThatThrownBy(() -> RunDirectory.open(workspace, configuration)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--run " + workspace + " has no config.json; it must name the folder of a training run");
        promotion.run("0001").publishConfig(JsonNodeFactory.instance.objectNode());
        promotion.run("0002").publishConfig(JsonNodeFactory.instance.objectNode());

        promotion.promote("0001");
        assertThat(RunDirectory.open(workspace, configuration).path()).hasToString("file:" + workspace + "/runs/0001");
        promotion.promote("0002");
        assertThat(RunDirectory.open(workspace, configuration)).isEqualTo(promotion.run("0002"));
        assertThat(RunDirectory.open(workspace + "/runs/0001", configuration)).isEqualTo(promotion.run("0001"));

        promotion.promote("0003");
        assertThatThrownBy(() -> RunDirectory.open(workspace, configuration)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("file:" + workspace + "/PROMOTED names '0003', which is no run of the workspace: must be the name of a folder in"
                        + " file:" + workspace + "/runs, which are 0001, 0002");
    }

    @Test
    void aConfigurationOfAnotherFormatIsNamed() {
        for (String format : new String[] {"2", "\"1\"", "null"}) {
            run.publishConfig(JsonNodeFactory.instance.objectNode().putRawValue("format", new RawValue(format)));
            assertThatThrownBy(run::readConfig).isInstanceOf(InvalidRequestException.class).hasMessage("file:" + folder
                    + "/run/config.json has format " + format
                    + ", this program reads 1: use the version that made the run, or give another --run");
        }
        run.publishConfig(JsonNodeFactory.instance.objectNode().put("format", 1));
        assertThat(run.readConfig().get("format").asInt()).isEqualTo(1);
    }

    @Test
    void networksOfWhichMoreIsSaidThanThisProgramKnowsAreNotGuessed() {
        NetworkOptions network = new NetworkOptions(64, 16, 1, true, false, 5, 3);
        run.publishConfig(RunConfig.of(network));
        assertThat(RunConfig.network(run)).isEqualTo(network);
        ObjectNode newer = RunConfig.of(network);
        newer.withObject("/network").put("attention", "none");
        run.publishConfig(newer);
        assertThatThrownBy(() -> RunConfig.network(run)).isInstanceOf(InvalidRequestException.class).hasMessage("file:" + folder
                + "/run/config.json: network.attention is \"none\", an option this program does not know: use the version that made the run, or"
                + " give another --run");
    }

    @Test
    void aSchemeThatNoFileSystemIsKnownForIsNamed() {
        RunDirectory nowhere = new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path("nowhere://host/run"));

        assertThatThrownBy(nowhere::exists).isInstanceOf(InvalidRequestException.class).hasMessage(
                "nowhere://host/run: no file system is known for its scheme, expected file, hdfs or one that is installed");
    }

    @Test
    void onLocalDisksNoChecksumFilesLieBesideAndOthersReadWhatIsPublished() throws IOException {
        run.publishConfig(JsonNodeFactory.instance.objectNode());

        try (Stream<Path> files = Files.list(folder.resolve("run"))) {
            assertThat(files).containsExactly(folder.resolve("run/config.json"));
        }
        try (var in = FileSystem.getLocal(new Configuration()).open(run.config())) {
            assertThat(in.readAllBytes()).asString().isEqualTo("{ }");
        }
    }

    @Test
    void whatKilledWritersLeftIsRemovedAndNothingElse() throws IOException {
        for (String name : new String[] {unfinished(1), unfinished(2), "config.json", "metrics/" + unfinished(3),
            "checkpoints/" + unfinished(4) + "/x", "samples/a.png", "evaluation/" + unfinished(5), "evaluation/" + unfinished(6),
            "samples/.tmp-notes", ".tmp-mine", ".tmp-lock-ugatit-lock-00000000-0000-0000-0000-000000000007/x"}) {
            Files.createDirectories(folder.resolve("run").resolve(name).getParent());
            Files.createFile(folder.resolve("run").resolve(name));
        }
        FileTime yesterday = FileTime.from(Instant.now().minus(25, ChronoUnit.HOURS));
        Files.setLastModifiedTime(folder.resolve("run").resolve(unfinished(1)), yesterday);
        Files.setLastModifiedTime(folder.resolve("run/.tmp-mine"), yesterday);
        Files.setLastModifiedTime(folder.resolve("run/.tmp-lock-ugatit-lock-00000000-0000-0000-0000-000000000007"), yesterday);
        Files.setLastModifiedTime(folder.resolve("run/evaluation").resolve(unfinished(6)), yesterday);

        run.removeStale();

        try (Stream<Path> files = Files.walk(folder.resolve("run")).filter(Files::isRegularFile)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("config.json", "a.png",
                    ".tmp-notes", ".tmp-mine", unfinished(2), unfinished(5)); // which a job that reads the run may be writing
        }
    }

    private static String unfinished(int number) {
        return ".tmp-00000000-0000-0000-0000-00000000000" + number;
    }

    @Test
    void aSizeThatCannotBeIsToldOfTheFileAndNotOfAnOption() {
        ObjectNode config = RunConfig.of(NetworkOptions.DEFAULT);
        ((ObjectNode) config.get("network")).put("size", 3);
        run.publishConfig(config);

        assertThatThrownBy(() -> RunConfig.network(run)).isInstanceOf(InvalidRequestException.class).hasMessage(
                run.config() + ": network is not possible: --size is 3: must be a multiple of 4 from 16 to 2048");
    }

    /** Jackson takes what begins with three zeros for UTF-32. */
    @Test
    void aConfigurationThatIsNoTextIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("run"));
        Files.writeString(folder.resolve("run/config.json"), "\0\0\0 {\"format\": 1}");

        assertThatThrownBy(run::readConfig).isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith(run.config() + ": is not valid JSON: Invalid UTF-32 character");
    }
}
