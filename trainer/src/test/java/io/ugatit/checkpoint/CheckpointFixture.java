package io.ugatit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Small checkpoints whose every value follows from their step, so that a mixture of two is noticed. */
final class CheckpointFixture {
    private static final int SIZE = 5000;

    private CheckpointFixture() {
    }

    static Checkpoint publish(CheckpointStore store, long step) {
        return store.publish(step, parameters(step), moments(step), position(step));
    }

    static Map<String, INDArray> parameters(long step) {
        Map<String, INDArray> parameters = new LinkedHashMap<>();
        parameters.put("genA2B.weight", Nd4j.valueArrayOf(new long[] {SIZE / 10, 10}, step, DataType.FLOAT));
        parameters.put("genA2B.bias", Nd4j.valueArrayOf(new long[] {3}, step + 0.5, DataType.FLOAT));
        return parameters;
    }

    static Map<String, INDArray> moments(long step) {
        return Map.of("exp_avg.genA2B.weight", Nd4j.valueArrayOf(new long[] {SIZE / 10, 10}, -step, DataType.FLOAT));
    }

    static ObjectNode position(long step) {
        return JsonNodeFactory.instance.objectNode().put("round", step / 2).put("lr", 1e-4f).put("ratio", 1.0 / 3);
    }

    static void assertHolds(Checkpoint checkpoint, long step) {
        assertThat(checkpoint.step()).isEqualTo(step);
        assertThat(checkpoint.position().get("round").asLong()).isEqualTo(step / 2);
        Map<String, INDArray> parameters = parameters(0);
        Map<String, INDArray> moments = moments(0);
        checkpoint.readInto(parameters, moments);
        assertThat(parameters).isEqualTo(parameters(step));
        assertThat(moments).isEqualTo(moments(step));
    }
}
