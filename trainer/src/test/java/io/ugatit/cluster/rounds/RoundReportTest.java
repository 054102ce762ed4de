package io.ugatit.cluster.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.device.Device;
import io.ugatit.model.DivergedException;
import io.ugatit.model.Network;
import io.ugatit.train.StepLosses;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundReportTest {
    private static final Device CPU = new Device(-1, "");
    private static final Device GPU = new Device(1, "NVIDIA A10");

    private static ObjectNode row(long step, int worker, double loss) {
        return JsonNodeFactory.instance.objectNode().put("step", step).put("worker", worker).put("d_total", loss);
    }

    private static Glimpse glimpse(long step, int value) {
        short[] pixels = {(short) value, -1};
        return new Glimpse(Network.GEN_A2B, step, pixels, new short[2], new short[] {Short.MIN_VALUE, Short.MAX_VALUE});
    }

    private static RoundReport received(RoundReport.Worker... workers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (RoundReport.Worker worker : workers) {
            bytes.writeBytes(worker.bytes());
        }
        return RoundReport.of(ByteBuffer.wrap(bytes.toByteArray()));
    }

    @Test
    void joinsWhatTheWorkersTell() {
        RoundReport report = received(new RoundReport.Worker("one", "onednn", CPU, List.of(), 3, 0, List.of(row(1, 0, 0.5), row(2, 0, 1.5)),
                        List.of(glimpse(1, 7), glimpse(2, 8))),
                new RoundReport.Worker("two", "nd4j", GPU, List.of("1"), 5.5, 7, List.of(row(1, 1, 2.5), row(2, 1, 3.5)),
                        List.of(glimpse(2, 9))));

        assertThat(report.steps()).isEqualTo(2);
        assertThat(report.losses()).extracting(row -> row.get("worker").asInt() + "/" + row.get("step").asInt())
                .containsExactly("0/1", "0/2", "1/1", "1/2");
        assertThat(report.lossNames()).containsExactly("d_total");
        assertThat(report.mean("d_total")).isEqualTo(2);
        assertThat(report.glimpses()).as("by step").extracting(glimpse -> glimpse.step() + "/" + glimpse.source()[0])
                .containsExactly("1/7", "2/8", "2/9");
        assertThat(report.glimpses().get(0).target()).containsExactly(Short.MIN_VALUE, Short.MAX_VALUE);
        assertThat(report.stepsSeconds()).isEqualTo(5.5);
        assertThat(report.workers()).extracting(RoundReport.Worker::device).containsExactly(CPU, GPU);
        assertThat(report.workers().get(1).gpus()).containsExactly("1");
    }

    @Test
    void aLossThatIsNoNumberStaysOne() {
        assertThat(received(new RoundReport.Worker("one", "onednn", CPU, List.of(), 3, 0, List.of(row(1, 0, Double.NaN)), List.of()))
                .mean("d_total")).isNaN();
    }

    @Test
    void aWorkerThatHasDivergedEndsTheTrainingWithItsMessage() {
        byte[] sound = new RoundReport.Worker("one", "onednn", CPU, List.of(), 3, 0, List.of(row(1, 0, 0.5)), List.of()).bytes();
        String message = "the loss \"d_a\" of step 1 is no finite number";
        ByteBuffer lines = ByteBuffer.allocate(10_000).put(sound).put(RoundReport.diverged(message)).flip();
        assertThatThrownBy(() -> RoundReport.of(lines)).isInstanceOf(DivergedException.class).hasMessage(message);
    }

    @Test
    void theLongestReportIsNoLongerThanItMayBe() {
        ObjectNode row = row(99_999_999, 4095, -Double.MAX_VALUE).put("lr", -Double.MAX_VALUE);
        StepLosses.PerDomain any = new StepLosses.PerDomain(0, 0);
        new StepLosses(any, any, any, any, any).named().keySet().forEach(name -> row.put(name, -Double.MAX_VALUE));
        short[] pixels = new short[192];
        Arrays.fill(pixels, Short.MIN_VALUE);
        Glimpse glimpse = new Glimpse(Network.GEN_A2B, 99_999_999, pixels, pixels, pixels);
        byte[] report = new RoundReport.Worker("h".repeat(255), "k".repeat(255), GPU, List.of("7"), Double.MAX_VALUE, Long.MAX_VALUE,
                Collections.nCopies(1000, row), Collections.nCopies(4 * Glimpse.IMAGES, glimpse)).bytes();
        assertThat(report).hasSizeLessThan(RoundReport.mostBytes(1000));
        assertThat(RoundReport.mostBytes(1_000_000)).isPositive();
    }

    @Test
    void saysWhatWasNoReport() {
        assertThatThrownBy(() -> RoundReport.of(StandardCharsets.UTF_8.encode("{\"host\":")))
                .isInstanceOf(IllegalStateException.class).hasMessage("a worker sent a report that is no JSON: {\"host\":");
    }
}
