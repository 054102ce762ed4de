package io.ugatit.cluster.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.device.Device;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundReportTest {
    private static final Device CPU = new Device(-1, "");
    private static final Device GPU = new Device(1, "NVIDIA A10");

    private static ObjectNode row(long step, int worker, double loss) {
        return JsonNodeFactory.instance.objectNode().put("step", step).put("worker", worker).put("d_total", loss);
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
        RoundReport report = received(new RoundReport.Worker("one", "onednn", CPU, List.of(), 3, 0, List.of(row(1, 0, 0.5), row(2, 0, 1.5))),
                new RoundReport.Worker("two", "nd4j", GPU, List.of("1"), 5.5, 7, List.of(row(1, 1, 2.5), row(2, 1, 3.5))));

        assertThat(report.steps()).isEqualTo(2);
        assertThat(report.losses()).extracting(row -> row.get("worker").asInt() + "/" + row.get("step").asInt())
                .containsExactly("0/1", "0/2", "1/1", "1/2");
        assertThat(report.lossNames()).containsExactly("d_total");
        assertThat(report.mean("d_total")).isEqualTo(2);
        assertThat(report.stepsSeconds()).isEqualTo(5.5);
        assertThat(report.workers()).extracting(RoundReport.Worker::device).containsExactly(CPU, GPU);
        assertThat(report.workers().get(1).gpus()).containsExactly("1");
    }

    @Test
    void aLossThatIsNoNumberStaysOne() {
        assertThat(received(new RoundReport.Worker("one", "onednn", CPU, List.of(), 3, 0, List.of(row(1, 0, Double.NaN)))).mean("d_total")).isNaN();
    }

    @Test
    void saysWhatWasNoReport() {
        assertThatThrownBy(() -> RoundReport.of(StandardCharsets.UTF_8.encode("{\"host\":")))
                .isInstanceOf(IllegalStateException.class).hasMessage("a worker sent a report that is no JSON: {\"host\":");
    }
}
