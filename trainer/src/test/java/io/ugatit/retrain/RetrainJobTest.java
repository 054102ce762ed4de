package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.cli.Ugatit;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.evaluate.TinyImages;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class RetrainJobTest extends Nights {
    @Test
    void theFirstNightPromotesAndTheSameImagesAreNothingNew() throws IOException {
        RetrainResult first = night();
        assertThat(first.outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
        assertThat(first.promoted()).isEqualTo("file:" + workspace.resolve("runs/0001"));
        assertThat(first.reason()).isEqualTo("the first run of the workspace; caution: only 4 test images of A and 4 of B: with fewer"
                + " than 50 of either, KID and FID vary much by chance");
        assertThat(first.startKid()).isNull();
        assertThat(promoted()).isEqualTo("0001\n");
        assertThat(cycle("0001").path("kid").doubleValue()).isEqualTo(first.kid());

        RetrainResult second = night();
        assertThat(second.outcome()).isEqualTo(RetrainResult.Outcome.NOTHING_NEW);
        assertThat(second.reason()).isEqualTo("nothing new: images and options are those of cycle 0001, which was promoted");
        assertThat(names("runs")).containsExactly("0001");
        assertThat(names("datasets")).containsExactly("0001");
        assertThat(names("cycles")).containsExactly("0001.json");
        assertThat(beginnings).containsExactly(0L);

        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        assertThat(Ugatit.run(new String[] {"retrain", "--conf", folder.resolve("conf.json").toString()}, out, out)).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8).lines().toList()).endsWith(second.reason(),
                "still promoted file:" + workspace.resolve("runs/0001"));
    }

    @Test
    void onlyWhatIsNewIsPreparedAndWhatHasGoneIsLeftOut() throws IOException {
        night();
        TinyImages.write(folder.resolve("more"), 6, 9);
        Files.copy(folder.resolve("more/trainA/5.png"), input.resolve("trainA/5.png"));
        Files.delete(input.resolve("trainB/0.png"));

        night();

        assertThat(said()).anyMatch(line -> line.startsWith("prep 1/1 files")).noneMatch(line -> line.startsWith("all images are prepared anew"));
        assertThat(names("datasets")).containsExactly("0001");
        assertThat(cycle("0002").path("images").toString()).isEqualTo("{\"train_a\":5,\"train_b\":3,\"test_a\":4,\"test_b\":4,\"folder\":\"0001\","
                + "\"version\":2}");
        assertThat(JSON.readTree(workspace.resolve("runs/0002/config.json").toFile()).at("/training/data-version").intValue()).isEqualTo(2);
        String anew = folder.resolve("anew").toString();
        new PrepJob(spark, Options.parse(PrepOptions.class, "--input", input.toString(), "--output", anew, "--size", "" + TinyImages.SIDE),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)).run();
        assertThat(cycle("0002").path("dataset").textValue()).as("all at once").isEqualTo(ImageDataset.open(anew, new Configuration()).manifest()
                .contentHash());
    }

    @Test
    void aDataSetOfWhichMostHasGoneGetsNoMoreVersionsAndGoesWithTheLastCycleThatHasIt() throws IOException {
        conf.put("keep", 1);
        for (int seed = 1; seed < 6; seed++) {
            newImages(seed);
            night();
        }
        assertThat(cycle("0003").at("/images/folder").textValue()).isEqualTo("0001");
        assertThat(cycle("0003").at("/images/version").intValue()).isEqualTo(3);
        assertThat(cycle("0004").at("/images/folder").textValue()).isEqualTo("0004");
        assertThat(cycle("0005").at("/images/version").intValue()).isEqualTo(2);
        assertThat(names("runs")).containsExactly("0004", "0005");
        assertThat(names("datasets")).containsExactly("0004");
    }

    @Test
    void aDataSetThatTakesNoMoreIsMadeAnew() throws IOException {
        night();
        Path manifest = workspace.resolve("datasets/0001/versions/1/manifest.json");
        for (Path file : List.of(manifest, workspace.resolve("datasets/0001/manifest.json"))) {
            Files.writeString(file, Files.readString(file).replace("\"loadSize\" : 18", "\"loadSize\" : 20")); // as if another version had made it
        }
        newImages(2);
        night();
        assertThat(said()).anyMatch(line -> line.startsWith("all images are prepared anew: --load-size is 18, but --output "));
        assertThat(cycle("0002").at("/images/folder").textValue()).isEqualTo("0002");
    }

    @Test
    void newImagesStartFromTheBestCheckpointOrThatOfAStepIfAskedFor() throws IOException {
        training().put("evaluate-every", 1).put("patience", 5).put("ema", 0.5);
        night("best");
        assertThat(workspace.resolve("runs/0001/BEST")).content().matches("step-0000000[12]\n");
        Files.writeString(workspace.resolve("runs/0001/BEST"), "step-00000001\n"); // not the newest, whichever it was
        newImages(2);
        assertThatThrownBy(() -> night("7")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("cannot start from run 0001: --checkpoint is 7: file:" + workspace + "/runs/0001 has those of steps 1, 2; write the"
                        + " name of another run into file:" + workspace + "/PROMOTED");
        night("best");
        assertThat(parameters("0002", 0)).isEqualTo(parameters("0001", 1));
        assertThat(said()).anyMatch(line -> line.equals("cycle 0002 starts with the parameters of file:" + workspace
                + "/runs/0001/checkpoints/step-00000001/parameters.safetensors"));
        newImages(3);
        night("2");
        assertThat(parameters("0003", 0)).isEqualTo(parameters("0002", 2));
        assertThatThrownBy(() -> new RetrainOptions("conf.json", "promoted", false, null, null)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--checkpoint is promoted: must be latest, best or a step");
    }

    @Test
    void newImagesStartFromThePromotedParametersAndTakeItsPlaceWithinTheTolerance() throws IOException {
        night();
        newImages(2);
        RetrainResult second = night();
        assertThat(parameters("0002", 0)).isEqualTo(parameters("0001", 2));
        assertThat(parameters("0002", 2)).isNotEqualTo(parameters("0001", 2));
        assertThat(second.outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
        assertThat(second.startKid()).isNotNull();
        assertThat(promoted()).isEqualTo("0002\n");
        assertThat(cycle("0002").path("start").textValue()).isEqualTo("0001");
        assertThat(cycle("0002").path("dataset").textValue()).isNotEqualTo(cycle("0001").path("dataset").textValue());
        assertThat(workspace.resolve("runs/0001/evaluation/step-00000002-random-conv.json"))
                .content().contains(cycle("0002").path("dataset").textValue());
    }

    @Test
    void aWorseRunIsNotPromotedAndOnlyOtherOptionsTryItsImagesAgain() throws IOException {
        night();
        newImages(2);
        conf.put("tolerance", 0);
        training().put("lr", 1).put("steps", 4);
        RetrainResult worse = night();
        assertThat(worse.outcome()).isEqualTo(RetrainResult.Outcome.KEPT);
        assertThat(worse.kid()).isGreaterThan(worse.startKid());
        assertThat(worse.reason()).contains("is above", "with a tolerance of 0.0; caution: only 4 test images of A");
        assertThat(worse.promoted()).isEqualTo("file:" + workspace.resolve("runs/0001"));
        assertThat(promoted()).isEqualTo("0001\n");
        assertThat(cycle("0002").path("outcome").textValue()).isEqualTo("kept");
        assertThat(cycle("0002").at("/options/train.lr").textValue()).isEqualTo("1.0");

        RetrainResult again = night();
        assertThat(again.outcome()).isEqualTo(RetrainResult.Outcome.NOTHING_NEW);
        assertThat(again.reason()).isEqualTo("nothing new: images and options are those of cycle 0002, which was not promoted: "
                + worse.reason());
        assertThat(names("runs")).containsExactly("0001", "0002");
        assertThat(names("datasets")).containsExactly("0001");

        conf.put("tolerance", 1);
        training().put("lr", 1e-6);
        RetrainResult better = night();
        assertThat(said()).contains("cycle 0003: old images, but tolerance is 1.0, was 0.0; train.lr is 1.0E-6, was 1.0");
        assertThat(better.cycle()).isEqualTo("0003");
        assertThat(parameters("0003", 0)).isEqualTo(parameters("0001", 2));
        assertThat(promoted()).isEqualTo("0003\n");
        assertThat(JSON.readTree(Files.readAllBytes(workspace.resolve("runs/0003/config.json"))).at("/training/seed").intValue())
                .isEqualTo(3);
    }

    @Test
    void aKilledCycleGoesOnWithItsOwnImagesAndEndsInTheSameBits() throws IOException {
        night();
        newImages(2);
        failAt = 1;
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("cycle 0002 is unfinished: power cut at step 1; the checkpoint of step 1 is safe; run 0001 stays"
                        + " promoted; ");
        assertThat(promoted()).isEqualTo("0001\n");
        assertThat(cycle("0002").has("outcome")).isFalse();
        newImages(3);
        failAt = -1;
        RetrainResult resumed = night();
        assertThat(said()).contains("going on with cycle 0002");
        assertThat(resumed.cycle()).isEqualTo("0002");
        assertThat(beginnings).containsExactly(0L, 0L, 1L);
        assertThat(promoted()).isEqualTo("0002\n");

        // as if killed after the promotion and before the record of it
        byte[] record = Files.readAllBytes(workspace.resolve("cycles/0002.json"));
        ObjectNode begun = ((ObjectNode) cycle("0002")).retain("number", "dataset", "start", "options", "images");
        Files.write(workspace.resolve("cycles/0002.json"), JSON.writeValueAsBytes(begun));
        assertThat(night().kid()).isEqualTo(resumed.kid());
        assertThat(Files.readAllBytes(workspace.resolve("cycles/0002.json"))).isEqualTo(record);

        // as if killed in the warm start, which writes the configuration last
        byte[] trained = parameters("0002", 2);
        Files.write(workspace.resolve("cycles/0002.json"), JSON.writeValueAsBytes(begun));
        Files.delete(workspace.resolve("runs/0002/config.json"));
        Files.writeString(workspace.resolve("PROMOTED"), "0001\n");
        night();
        assertThat(parameters("0002", 2)).isEqualTo(trained);
        assertThat(Files.readAllBytes(workspace.resolve("cycles/0002.json"))).isEqualTo(record);
    }

    @Test
    void aNightStandsWhateverBecomesOfOldRuns() throws IOException {
        NightDisk.register(spark.sparkContext().hadoopConfiguration());
        conf.put("workspace", "night:" + workspace).put("keep", 1);
        night();
        newImages(2);
        night();
        newImages(3);
        NightDisk.refuseToMove("/runs/0001$");
        try {
            assertThat(night().outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
        } finally {
            NightDisk.refuseToMove(null);
        }
        assertThat(said()).anyMatch(line -> line.startsWith("not all can be deleted that is beyond the newest 1 cycles: ")
                && line.endsWith("Operation not permitted; the next night tries again"));
        assertThat(promoted()).isEqualTo("0003\n");
        assertThat(names("runs")).containsExactly("0001", "0002", "0003");
        String left = ".tmp-" + UUID.randomUUID();
        Files.writeString(workspace.resolve("datasets/" + left), "of a killed job");
        newImages(4);
        NightDisk.refuseToMove("/runs/0001$");
        NightDisk.refuseToDelete("/datasets/\\.tmp-");
        try {
            assertThat(night().outcome()).as("the night after").isEqualTo(RetrainResult.Outcome.PROMOTED);
        } finally {
            NightDisk.refuseToMove(null);
            NightDisk.refuseToDelete(null);
        }
        assertThat(said()).contains("not all can be deleted that killed jobs have left unfinished: night:" + workspace.resolve("datasets") + "/"
                + left + ": cannot be deleted; the next night tries again");
        assertThat(said()).filteredOn(line -> line.startsWith("not all can be deleted that is beyond the newest 1 cycles: ")).hasSize(2);
        assertThat(names("runs")).as("one that stays keeps no other").containsExactly("0001", "0003", "0004");
        assertThat(night().outcome()).isEqualTo(RetrainResult.Outcome.NOTHING_NEW);
        assertThat(names("runs")).containsExactly("0003", "0004");
        assertThat(names("datasets")).doesNotContain(left);
    }

    @Test
    void aNightThatHasPromotedARunDoesNotFailSinceItCannotLookAgain() throws IOException {
        NightDisk.register(spark.sparkContext().hadoopConfiguration());
        conf.put("workspace", "night:" + workspace);
        NightDisk.whenMovedTo("/PROMOTED$", () -> NightDisk.refuseToLook("/runs/0001/config.json$"));
        try {
            RetrainResult night = night();
            assertThat(night.outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
            assertThat(night.promoted()).isEqualTo("night:" + workspace.resolve("runs/0001"));
        } finally {
            NightDisk.refuseToLook(null);
        }
        assertThat(said()).anyMatch(line -> line.startsWith("cannot see which run is promoted: ")
                && line.endsWith("; by the record of cycle 0001 it is run 0001"));
        assertThat(JSON.readTree(Files.readAllBytes(workspace.resolve("nights/0001.json"))).path("outcome").textValue()).isEqualTo("promoted");
    }

    @Test
    void picturesThatThereIsNoMemoryForFailNoNight() throws IOException {
        NightDisk.register(spark.sparkContext().hadoopConfiguration());
        conf.put("workspace", "night:" + workspace);
        NightDisk.runOutOfMemoryFor("/samples/\\.tmp-");
        try {
            assertThat(night().outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
        } finally {
            NightDisk.runOutOfMemoryFor(null);
        }
        assertThat(said()).contains("history has no pictures of cycle 0001: Java heap space");
    }

    @Test
    void anotherCheckpointToStartFromIsTriedOnceAndEndsNoCycleThatHasBegun() throws IOException {
        night();
        newImages(2);
        night();
        assertThat(cycle("0002").at("/options/checkpoint").textValue()).isEqualTo("latest");
        assertThat(night("1").cycle()).as("of old images").isEqualTo("0003");
        assertThat(said()).contains("cycle 0003: old images, but checkpoint is 1, was latest");
        assertThat(parameters("0003", 0)).isEqualTo(parameters("0002", 1));
        assertThat(night("1").outcome()).isEqualTo(RetrainResult.Outcome.NOTHING_NEW);

        newImages(3);
        failAt = 1;
        assertThatThrownBy(() -> night("1")).isInstanceOf(JobFailedException.class);
        failAt = -1;
        assertThat(night().cycle()).isEqualTo("0004");
        assertThat(said()).contains("going on with cycle 0004");
        assertThat(cycle("0004").at("/options/checkpoint").textValue()).as("what it started from").isEqualTo("1");
    }

    @Test
    void aWorkspaceThatIsNoFolderIsNamedWithItsFile() throws IOException {
        String named = "--conf is " + folder.resolve("conf.json") + ": workspace is ";
        conf.put("workspace", "a:b");
        refused(named + "a:b: what stands before a colon counts as a scheme; if it is a name, write ./a:b or the whole path");
        Path file = Files.writeString(folder.resolve("file"), "");
        conf.put("workspace", file.toString());
        refused(named + file + ": is a file, must be a folder");
        Path among = input.resolve("trainA/w");
        conf.put("workspace", among.toString());
        refused(named + "file:" + among + ": must be outside file:" + input.resolve("trainA") + ", whose images are read");
        assertThat(among).doesNotExist();
    }

    @Test
    void imagesAndSizesThatDoNotGoTogetherAreRefusedBeforeACycleBegins() throws IOException {
        for (int i = 1; i < 4; i++) {
            Files.delete(input.resolve("testB/" + i + ".png"));
        }
        refused("input is " + input + ": testB holds 1, needs at least 4 images, or a lower min-test-images in "
                + folder.resolve("conf.json") + ", 2 or more: a verdict on few is chance");
        assertThat(workspace.resolve("cycles")).doesNotExist();
        assertThat(names("datasets")).isEmpty();
        newImages(1);
        conf.withObject("/train").put("global-layers", 9);
        refused("--global-layers is 9: needs --size 384 or more; at --size 16 at most 4 layers work");
        conf.withObject("/train").put("global-layers", 3);
        night();
        conf.withObject("/train").put("ch", 4);
        refused("asks for networks of other sizes than those of the promoted run file:" + workspace.resolve("runs/0001"));
        Files.writeString(workspace.resolve("PROMOTED"), "latest\n");
        refused("PROMOTED names 'latest', which is no run of the workspace");
    }
}
