package io.ugatit.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.checkpoint.RunDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.protobuf.UnknownFieldSet;

class EventLogTest {
    private static final long START = 1_700_000_000_000L;

    @TempDir
    private Path folder;
    private long now = START;

    private EventLog log() {
        return log(1000);
    }

    private EventLog log(int mostWaiting) {
        return new EventLog(new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(folder.toUri())), () -> now, mostWaiting);
    }

    @Test
    void ofVeryManyRoundsThoseThatWaitArePublishedBeforeTheCheckpoint() throws Exception {
        EventLog log = log(3);
        for (long step = 1; step <= 7; step++) {
            log.scalars(step, Map.of("lr", (double) step));
            assertThat(log.isFull()).isEqualTo(step % 3 == 0);
            if (log.isFull()) {
                log.publish(step);
                log.publish(step); // as the checkpoint of the same step does
            }
        }
        assertThat(EventFiles.scalars(events(), "lr").keySet()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        log.publish(7);
        assertThat(EventFiles.scalars(events(), "lr").keySet()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        EventLog resumed = log(3);
        resumed.start(3, "run", Map.of());
        assertThat(EventFiles.scalars(events(), "lr").keySet()).as("that was killed after step 7, before a checkpoint")
                .containsExactly(1L, 2L, 3L);
    }

    private Path events() {
        return folder.resolve("tensorboard");
    }

    @Test
    void theReadersOwnChecksumIsThatOfTheStandard() {
        assertThat(EventFiles.crc32c("123456789".getBytes(StandardCharsets.US_ASCII))).as("RFC 3720's check value").isEqualTo(0xe3069283);
    }

    @Test
    void aRecordIsFramedAsTensorFlowDoes() throws Exception {
        RecordFile file = new RecordFile();
        file.add(new byte[] {10, 1, 'x'});
        file.add(new byte[0]);

        assertThat(file.toBytes()).hasSize(8 + 4 + 3 + 4 + 8 + 4 + 4).startsWith(3, 0, 0, 0, 0, 0, 0, 0);
        List<UnknownFieldSet> records = EventFiles.records(file.toBytes());
        assertThat(EventFiles.text(records.get(0), 1)).isEqualTo("x");
        assertThat(records.get(1).asMap()).isEmpty();
    }

    @Test
    void scalarsImagesAndHyperparametersAreReadBack() throws Exception {
        EventLog log = log();
        log.start(0, "night-7", new LinkedHashMap<>(Map.of("lr", 1e-4)));
        log.scalars(10, Map.of("loss/d_total", 2.5));
        now += 1500;
        log.scalars(20, Map.of("loss/d_total", 1.25));
        log.publish(20);
        log.images(20, Map.of("samples/a2b", new EventImage(512, 128, new byte[] {1, 2, 3})));
        log.evaluation(20, Map.of("kid/sum", 0.03));

        assertThat(EventFiles.names(events())).containsExactly("events.out.tfevents.1700000000.step-00000000.0",
                "events.out.tfevents.1700000000.step-00000020.1", "events.out.tfevents.1700000000.step-00000020.2",
                "events.out.tfevents.1700000000.step-00000020.3");
        assertThat(EventFiles.scalars(events(), "loss/d_total")).containsExactly(Map.entry(10L, 2.5f), Map.entry(20L, 1.25f));
        assertThat(EventFiles.scalars(events(), "kid/sum")).containsExactly(Map.entry(20L, 0.03f));
        List<UnknownFieldSet> read = EventFiles.events(events());
        assertThat(read.stream().map(EventFiles::time)).containsExactly(1.7e9, 1.7e9, 1.7e9, 1.7e9 + 1.5, 1.7e9 + 1.5, 1.7e9 + 1.5);
        assertThat(EventFiles.message(read.get(0), 7).getField(1).getVarintList()).as("START").containsExactly(1L);
        assertThat(EventFiles.step(read.get(0))).isEqualTo(1);
        UnknownFieldSet image = EventFiles.message(EventFiles.values(read.get(4)).get(0), 4);
        assertThat(image.getField(1).getVarintList()).containsExactly(128L);
        assertThat(image.getField(2).getVarintList()).containsExactly(512L);
        assertThat(EventFiles.bytes(image, 4)).containsExactly(1, 2, 3);
        UnknownFieldSet plugin = EventFiles.message(EventFiles.message(EventFiles.values(read.get(1)).get(0), 9), 1);
        assertThat(EventFiles.text(plugin, 1)).isEqualTo("hparams");
        UnknownFieldSet session = EventFiles.message(EventFiles.message(plugin, 2), 3);
        assertThat(EventFiles.text(session, 4)).isEqualTo("night-7");
        UnknownFieldSet rate = EventFiles.message(session, 1);
        assertThat(EventFiles.text(rate, 1)).isEqualTo("lr");
        assertThat(Double.longBitsToDouble(EventFiles.message(rate, 2).getField(2).getFixed64List().get(0))).isEqualTo(1e-4);
    }

    /** TensorBoard shows the first that it finds. */
    @Test
    void theHyperparametersOfAnAttemptThatBeganAnewAreGoneAndOtherFilesStay() throws Exception {
        log().start(0, "run", Map.of("lr", 1e-4));
        EventLog second = log();
        second.start(0, "run", Map.of("lr", 1e-3));
        second.images(0, Map.of());
        Path foreign = Files.writeString(events().resolve("events.out.tfevents.1600000000.host.1.0"), "somebody else's");
        EventLog third = log();
        third.start(0, "run", Map.of("lr", 1e-2));
        assertThat(EventFiles.names(events())).containsExactly("events.out.tfevents.1600000000.host.1.0",
                "events.out.tfevents.1700000001.step-00000000.2", "events.out.tfevents.1700000002.step-00000000.0");
        assertThat(foreign).hasContent("somebody else's");

        third.scalars(10, Map.of("lr", 1.0));
        third.publish(10);
        log().start(10, "run", Map.of("lr", 1e-2));
        assertThat(EventFiles.names(events())).as("a training that goes on has the same").contains(
                "events.out.tfevents.1700000002.step-00000000.0").hasSize(5);
    }

    @Test
    void whatATrainingDoesAgainIsThereOnceAndLaterFilesSaySo() throws Exception {
        EventLog killed = log();
        killed.start(0, "run", Map.of());
        for (long step = 10; step <= 30; step += 10) {
            killed.scalars(step, Map.of("lr", (double) step));
            killed.publish(step);
        }
        killed.images(30, Map.of());
        now -= 60_000; // a clock that was set back
        EventLog resumed = log();
        resumed.start(20, "run", Map.of());
        resumed.scalars(30, Map.of("lr", 31.0));
        resumed.publish(30);

        assertThat(EventFiles.scalars(events(), "lr")).containsExactly(Map.entry(10L, 10f), Map.entry(20L, 20f), Map.entry(30L, 31f));
        assertThat(EventFiles.names(events())).endsWith("events.out.tfevents.1700000001.step-00000020.0",
                "events.out.tfevents.1700000001.step-00000030.1");
        UnknownFieldSet again = EventFiles.records(Files.readAllBytes(
                events().resolve("events.out.tfevents.1700000001.step-00000020.0"))).get(1);
        assertThat(EventFiles.step(again)).as("what was read of this step and later ones is void").isEqualTo(21);
        assertThat(again.hasField(7)).isTrue();
    }

    @Test
    void foreignFilesInTheFolderStay() throws Exception {
        Files.createDirectories(events());
        Files.writeString(events().resolve("events.out.tfevents.1700000000.somewhere"), "");
        log().start(0, "run", Map.of());

        assertThat(EventFiles.names(events())).contains("events.out.tfevents.1700000000.somewhere").hasSize(2);
    }
}
