package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.cli.Ugatit;
import io.ugatit.dataset.Sha256;
import io.ugatit.evaluate.TinyImages;
import io.ugatit.job.JobFailedException;
import io.ugatit.lock.HeldException;
import io.ugatit.lock.OutputLock;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.cuda.StandInDriver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class FailedNightsTest extends Nights {

    @Test
    void nineNightsOfGoodAndBadOnesEndEachForItselfAndInBoundedStorage() throws IOException {
        conf.put("keep", 2);
        night();

        newImages(2);
        training().put("cam-weight", 1e38);
        String failed = "cycle 0002 failed and is over: training diverged at step 1: parameters or moments are no longer finite: a lower --lr may"
                + " help; the checkpoint of step 0 is safe; run 0001 stays promoted; the next night begins a new cycle if images or options"
                + " have changed";
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class).hasMessage(failed);
        assertThat(cycle("0002").path("outcome").textValue()).isEqualTo("failed");
        assertThat(cycle("0002").path("reason").textValue()).startsWith("training diverged at step 1: ");
        assertThat(promoted()).isEqualTo("0001\n");

        int trainings = beginnings.size();
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("nothing new: images and options are those of cycle 0002, which failed: training diverged at step 1: ")
                .hasMessageEndingWith("; run 0001 stays promoted; other images or other options, such as another seed in train, begin a new cycle");
        assertThat(beginnings).as("not trained again").hasSize(trainings);
        assertThat(names("datasets")).containsExactly("0001");
        assertThat(JSON.readTree(Files.readAllBytes(workspace.resolve("nights/0003.json"))).path("outcome").textValue()).isEqualTo("failed");

        training().remove("cam-weight");
        RetrainResult fourth = night();
        assertThat(said()).contains("cycle 0003: old images, but train.cam-weight is 1000.0, was 1.0E38");
        assertThat(fourth.outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
        assertThat(cycle("0003").path("start").textValue()).isEqualTo("0001");
        assertThat(names("runs")).as("the newest two and the run that 0003 took the place of").containsExactly("0001", "0002", "0003");

        newImages(5);
        failAt = 1;
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class)
                .hasMessage("cycle 0004 is unfinished: power cut at step 1; the checkpoint of step 1 is safe; run 0003 stays promoted; the"
                        + " next night goes on with it, or begins anew if the options of train have changed or file:"
                        + workspace.resolve("cycles/0004.json") + " is deleted");
        failAt = -1;

        newImages(6);
        training().put("lr", 2e-6);
        RetrainResult sixth = night();
        assertThat(said()).contains("cycle 0004 was unfinished and is abandoned: train.lr is 2.0E-6, was 1.0E-6");
        assertThat(cycle("0004").path("outcome").textValue()).isEqualTo("abandoned");
        assertThat(sixth.cycle()).isEqualTo("0005");
        assertThat(sixth.outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
        assertThat(cycle("0005").path("dataset").textValue()).isNotEqualTo(cycle("0004").path("dataset").textValue());
        assertThat(names("runs")).containsExactly("0003", "0004", "0005");
        assertThat(names("datasets")).as("that of 0003 and 0004, and that of 0005").containsExactly("0001", "0005");
        assertThat(said()).contains("deleted runs and data sets 0002: keep is 2", "deleted runs and data sets 0001: keep is 2");

        newImages(7);
        conf.put("tolerance", 0);
        training().put("lr", 0.1).put("steps", 4);
        assertThat(night().outcome()).isEqualTo(RetrainResult.Outcome.KEPT);

        // the pictures of 0005 are not liked
        Files.writeString(workspace.resolve("PROMOTED"), "0003\n");
        conf.put("tolerance", 1);
        training().put("lr", 1e-6).put("steps", 2);
        RetrainResult eighth = night();
        assertThat(eighth.outcome()).isEqualTo(RetrainResult.Outcome.NOTHING_NEW);
        assertThat(eighth.reason()).isEqualTo("nothing new: run 0003 was promoted by hand, which stands until there are other images than"
                + " those of cycle 0006");
        assertThat(promoted()).isEqualTo("0003\n");
        assertThat(names("runs")).containsExactly("0003", "0005", "0006");

        newImages(9);
        RetrainResult ninth = night();
        assertThat(ninth.outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
        assertThat(cycle("0007").path("start").textValue()).isEqualTo("0003");
        assertThat(parameters("0007", 0)).isEqualTo(parameters("0003", 2));
        assertThat(names("runs")).containsExactly("0003", "0006", "0007");
        assertThat(names("datasets")).containsExactly("0001", "0005");
        assertThat(names("cycles")).hasSize(7);
        Files.writeString(workspace.resolve("PROMOTED"), "0001\n");
        refused("PROMOTED names '0001', which is no run of the workspace");
    }

    @Test
    void aRunThatIsPromotedByHandDuringTheNightStaysAndStartsTheNextCycle() throws IOException {
        night();
        newImages(2);
        atCheckpoint = () -> {
            copy(workspace.resolve("runs/0001"), workspace.resolve("runs/0000"));
            Files.writeString(workspace.resolve("PROMOTED"), "0000\n");
        };
        RetrainResult second = night();
        assertThat(second.outcome()).isEqualTo(RetrainResult.Outcome.KEPT);
        assertThat(second.reason()).isEqualTo("run 0000 is promoted now, it began with run 0001");
        assertThat(cycle("0002").path("outcome").textValue()).isEqualTo("abandoned");
        assertThat(promoted()).isEqualTo("0000\n");
        atCheckpoint = () -> { };
        assertThat(night().outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
        assertThat(cycle("0003").path("start").textValue()).isEqualTo("0000");
        assertThat(parameters("0003", 0)).isEqualTo(parameters("0000", 2));
    }

    @Test
    void aNightWhoseGeneratorCollapsesIsOverAndTheNextOneBeginsWithThePromotedRun() throws IOException {
        night();
        newImages(2);
        for (String loss : List.of("adv-weight", "cycle-weight", "identity-weight", "cam-weight")) {
            training().put(loss, 0);
        }
        // nothing is learned, and everything is forgotten
        training().put("weight-decay", 1).put("lr", 0.01).put("steps", 2000).put("averaging-frequency", 10);
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class).hasMessageMatching("cycle 0002 failed and is over: training"
                + " diverged in steps \\d+ to \\d+: gen(A2B|B2A) draws the same picture whatever it is given: .*; run 0001 stays promoted; .*");
        String reason = cycle("0002").path("reason").textValue();
        assertThat(reason).contains("its translations of steps ");
        HistoryResult history = new HistoryJob(new Configuration(), new HistoryOptions(workspace.toString(), null, false), System.out)
                .run();
        assertThat(history.table().rows().get(1)).contains("0002", "failed", reason);
        assertThat(history.table().rows().get(1).get(1)).as("its night").isEqualTo(history.nights().get(1).began());
        assertThat(promoted()).isEqualTo("0001\n");

        conf.set("train", conf.objectNode().put("ch", 2).put("res-blocks", 1).put("global-layers", 3).put("local-layers", 3).put("steps", 2)
                .put("averaging-frequency", 1).put("checkpoint-every", 1).put("keep", 9).put("lr", 1e-6));
        assertThat(night().outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
        assertThat(cycle("0003").path("start").textValue()).isEqualTo("0001");
        assertThat(parameters("0003", 0)).isEqualTo(parameters("0001", 2));
    }

    @Test
    void aFirstNightThatDivergesPromotesNothing() throws IOException {
        training().put("cam-weight", 1e38);
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class).message()
                .startsWith("cycle 0001 failed and is over: ").contains("; no run is promoted yet; ");
        assertThat(workspace.resolve("PROMOTED")).doesNotExist();

        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(lines, true, StandardCharsets.UTF_8);
        assertThat(Ugatit.run(new String[] {"retrain", "--conf", folder.resolve("conf.json").toString()}, out, out)).as("as a scheduler tries again")
                .isEqualTo(1);
        assertThat(lines.toString(StandardCharsets.UTF_8).lines().toList()).last().asString().contains("nothing new: images and options are those of"
                + " cycle 0001, which failed: ", "; no run is promoted yet; other images or other options");

        training().remove("cam-weight");
        assertThat(night().cycle()).isEqualTo("0002");
        assertThat(cycle("0002").has("start")).isFalse();
        assertThat(promoted()).isEqualTo("0002\n");
    }

    /** A checkpoint whose generators give nothing finite. */
    private void overflow(String run) {
        UgatitGraph graph = UgatitGraph.create(new NetworkOptions(TinyImages.SIDE, 2, 1, true, false, 3, 3), 1);
        graph.namedParameters().values().forEach(array -> array.assign(1e30));
        new CheckpointStore(new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(workspace.resolve("runs/" + run).toUri())))
                .publish(9, graph.namedParameters(), Map.of(), JSON.createObjectNode());
    }

    @Test
    void aPromotedRunThatCannotBeJudgedDoesNotEndTheNewCycle() throws IOException {
        night();
        newImages(2);
        atCheckpoint = () -> {
            if (!names("runs/0001/checkpoints").contains("step-00000009")) {
                overflow("0001");
            }
        };
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class).message()
                .startsWith("cycle 0002 is unfinished: the promoted run 0001 cannot be judged on its images: ")
                .contains("; take its promotion back by rollback; run 0001 stays promoted; ");
        assertThat(cycle("0002").toString()).doesNotContain("failed");

        Files.delete(workspace.resolve("PROMOTED"));
        assertThat(night().cycle()).as("of the same images").isEqualTo("0003");
        assertThat(promoted()).isEqualTo("0003\n");
    }

    private void cutAtStepOne() {
        failAt = 1;
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class);
        failAt = -1;
    }

    @Test
    void aCycleWhoseRunCannotGoOnMakesRoomForANewOneInTheSameNight() throws IOException {
        night();
        newImages(2);
        cutAtStepOne();
        Path run = workspace.resolve("runs/0002");
        try (OutputLock lock = OutputLock.inside(new Configuration(), new org.apache.hadoop.fs.Path(run.toUri()), "train", "--run", line -> { })) {
            assertThatThrownBy(this::night).as("somebody else's doing").isInstanceOf(HeldException.class);
            lock.requireHeld();
        }
        assertThat(cycle("0002").has("outcome")).isFalse();
        for (String checkpoint : names("runs/0002/checkpoints")) {
            Files.writeString(run.resolve("checkpoints").resolve(checkpoint).resolve("parameters.safetensors"), "damaged");
        }
        assertThat(night().cycle()).isEqualTo("0003");
        assertThat(said()).anyMatch(line -> line.startsWith("cycle 0002 was unfinished and is abandoned: --run file:" + run + " has no whole"
                + " checkpoint: "));
        assertThat(cycle("0002").path("outcome").textValue()).isEqualTo("abandoned");
        assertThat(promoted()).isEqualTo("0003\n");

        newImages(3);
        cutAtStepOne();
        Path config = workspace.resolve("runs/0004/config.json");
        ObjectNode made = (ObjectNode) JSON.readTree(Files.readString(config));
        made.withObject("/training").put("weight-decay", 0.5);
        Files.writeString(config, made.toString());
        assertThat(night().cycle()).isEqualTo("0005");
        assertThat(cycle("0004").path("reason").textValue()).as("another version had another default")
                .startsWith("--weight-decay is 1.0E-4, but --run file:" + workspace.resolve("runs/0004") + " was made with 0.5");
        assertThat(promoted()).isEqualTo("0005\n");
    }

    @Test
    void aCycleBegunOnAnotherGpuMakesRoomForANewOneInTheSameNightButWaitsForOneThatIsMissing() throws IOException {
        night();
        newImages(2);
        cutAtStepOne();
        Path manifest = workspace.resolve("runs/0002/checkpoints/step-00000001/manifest.json");
        ObjectNode made = (ObjectNode) JSON.readTree(Files.readString(manifest));
        made.withObject("/position").put("kernels", "cuda X fp32 own");
        made.remove("sha256"); // its own
        Files.writeString(manifest, made.put("sha256", HexFormat.of().formatHex(Sha256.digest().digest(JSON.writeValueAsBytes(made)))).toString());
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("cycle 0002 is unfinished: the run was computed by cuda X fp32 own, and its workers now compute by ");
        assertThat(cycle("0002").has("outcome")).as("the GPU may be back tomorrow").isFalse();

        StandInDriver.use();
        try {
            assertThat(night().cycle()).isEqualTo("0003");
        } finally {
            StandInDriver.leave();
        }
        assertThat(said()).contains("going on with cycle 0002")
                .anyMatch(line -> line.startsWith("cycle 0002 was unfinished and is abandoned: the run was computed by cuda X fp32 own, and its"
                        + " workers now compute by "));
        assertThat(cycle("0002").path("outcome").textValue()).isEqualTo("abandoned");
        assertThat(promoted()).isEqualTo("0003\n");
        assertThat(night().outcome()).isEqualTo(RetrainResult.Outcome.NOTHING_NEW);
    }

    @Test
    void aTrainingThatCouldNotBeComputedIsRefusedBeforeImagesArePrepared() {
        conf.put("size", 32);
        training().put("ch", 512).put("batch", 1024).put("kernels", "cpu");
        refused("train: --kernels is cpu, which reaches 2147483647 bytes of a feature map, but the largest takes 4848615424: give --kernels nd4j,");
        assertThat(workspace.resolve("datasets")).doesNotExist();
        assertThat(workspace.resolve("cycles")).doesNotExist();
    }

    @Test
    void aCycleWhoseDataSetOrRecordIsGoneMakesRoomForANewOne() throws IOException {
        night();
        newImages(2);
        failAt = 1;
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class);
        failAt = -1;
        Files.delete(workspace.resolve("datasets/0001/manifest.json"));
        assertThat(night().cycle()).isEqualTo("0003");
        assertThat(cycle("0002").path("reason").textValue()).contains("datasets/0001 is not a dataset: there is no manifest.json in it");

        newImages(3);
        failAt = 1;
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class);
        failAt = -1;
        Files.delete(workspace.resolve("cycles/0004.json"));
        newImages(4);
        beginnings.clear();
        assertThat(night().cycle()).as("behind the run that no record tells of, which may be anybody's").isEqualTo("0005");
        assertThat(beginnings).as("the old run does not go on with other images").containsExactly(0L);
        assertThat(promoted()).isEqualTo("0005\n");
        assertThat(names("runs")).containsExactly("0001", "0002", "0003", "0004", "0005");

        newImages(5);
        Files.writeString(workspace.resolve("runs/0005/checkpoints/step-00000002/parameters.safetensors"), "damaged");
        Files.writeString(workspace.resolve("runs/0005/checkpoints/step-00000001/parameters.safetensors"), "damaged");
        Files.writeString(workspace.resolve("runs/0005/checkpoints/step-00000000/parameters.safetensors"), "damaged");
        refused("cannot start from run 0005: --run is file:" + workspace.resolve("runs/0005") + ": has no whole checkpoint");
        refused("write the name of another run into file:" + workspace.resolve("PROMOTED"));
        assertThat(names("datasets")).containsExactly("0001", "0003");
        Files.writeString(workspace.resolve("PROMOTED"), "0003\n");
        assertThat(night().outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
        assertThat(cycle("0006").path("start").textValue()).isEqualTo("0003");
    }
}
