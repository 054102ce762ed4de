package io.ugatit.cluster.transport;

import static io.ugatit.cluster.SmallTraining.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TrainingStateTest {
    private UgatitGraph graph;
    private int length;
    private int parameters;

    @BeforeEach
    void fill() {
        graph = graph();
        parameters = (int) graph.params().length();
        length = state(graph).length;
        graph.params().reshape(parameters).assign(Nd4j.arange(1, 1 + parameters));
        graph.getUpdater().getStateViewArray().reshape(length - parameters).assign(Nd4j.arange(-(length - parameters), 0));
    }

    private static UgatitGraph graph() {
        UgatitGraph graph = UgatitGraph.create(new NetworkOptions(16, 1, 1, true, false, 3, 3), 1);
        graph.prepareTraining();
        return graph;
    }

    private static TrainingState stateOf(UgatitGraph graph, boolean withMoments, int chunkBytes) {
        INDArray moments = graph.getUpdater().getStateViewArray();
        return new TrainingState(withMoments ? List.of(graph.params(), moments) : List.of(graph.params()), List.of(), chunkBytes, 0);
    }

    @Test
    void aChunkMayHoldSeveralVectors() {
        float[][] parts = {{1, 2, 3}, {4}, {5, 6}, {7, 8, 9, 10}};
        List<INDArray> from = Stream.of(parts).map(Nd4j::createFromArray).toList();
        List<INDArray> into = Stream.of(parts).map(part -> Nd4j.zeros(DataType.FLOAT, part.length)).toList();
        TrainingState sent = new TrainingState(from, List.of(), 4 * Float.BYTES, 0);
        TrainingState arrived = new TrainingState(into, List.of(), 4 * Float.BYTES, 0);
        assertThat(sent.chunks()).isEqualTo(3);
        for (int chunk : new int[] {1, 2, 0}) {
            arrived.write(chunk, ByteBuffer.wrap(sent.read(chunk)));
        }
        for (int i = 0; i < parts.length; i++) {
            assertThat(into.get(i).toFloatVector()).containsExactly(parts[i]);
        }
    }

    @Test
    void whatTravelsRoundedFollowsInChunksOfAsManyNumbersAndHalfAsManyBytes() {
        INDArray exact = Nd4j.createFromArray(1f, 2, 1.00001f);
        List<INDArray> squares = List.of(Nd4j.createFromArray(0f, 1, 1.0001f), Nd4j.createFromArray(1e-40f, 7.7f));
        List<INDArray> into = List.of(Nd4j.zeros(DataType.FLOAT, 3), Nd4j.zeros(DataType.FLOAT, 3), Nd4j.zeros(DataType.FLOAT, 2));
        TrainingState sent = new TrainingState(List.of(exact), squares, 2 * Float.BYTES, 6);
        TrainingState arrived = new TrainingState(List.of(into.get(0)), into.subList(1, 3), 2 * Float.BYTES, 8);
        assertThat(sent.chunks()).isEqualTo(5);
        for (int chunk = 0; chunk < 5; chunk++) {
            byte[] bytes = sent.read(chunk);
            assertThat(bytes).hasSize(List.of(8, 4, 4, 4, 2).get(chunk)).isEqualTo(written(sent.chunk(chunk)));
            arrived.write(chunk, ByteBuffer.wrap(bytes));
        }
        assertThat(into.get(0)).isEqualTo(exact);
        int salt = UnsignedBfloat16.salt(6);
        assertThat(into.get(1).toFloatVector()).containsExactly(0, 1, UnsignedBfloat16.value(UnsignedBfloat16.round(1.0001f, salt)));
        assertThat(into.get(2).toFloatVector()).containsExactly(UnsignedBfloat16.value(UnsignedBfloat16.round(1e-40f, salt)),
                UnsignedBfloat16.value(UnsignedBfloat16.round(7.7f, salt)));
        for (int chunk = 0; chunk < 5; chunk++) {
            assertThat(arrived.read(chunk)).as("goes on as it has come").isEqualTo(sent.read(chunk));
        }
        assertThat(sent.reducer(2, 7)).isEqualTo(new PartReducer(2, List.of(8, 4, 4, 4, 2), 7, 2, salt));
    }

    @Test
    void theStateIsParametersThenMoments() {
        TrainingState state = stateOf(graph, true, Float.BYTES * length);
        assertThat(state.chunks()).isOne();
        float[] floats = new float[length];
        ByteBuffer.wrap(state.read(0)).order(ByteOrder.nativeOrder()).asFloatBuffer().get(floats);
        assertThat(floats).isEqualTo(state(graph));
        assertThat(floats[parameters - 1]).isEqualTo(parameters);
        assertThat(floats[parameters]).isEqualTo(parameters - length);
    }

    @Test
    void withoutMomentsTheStateIsTheParameters() {
        TrainingState state = stateOf(graph, false, Float.BYTES * (parameters - 1));
        assertThat(state.chunks()).isEqualTo(2);
        assertThat(state.read(1)).hasSize(Float.BYTES);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000, 1 << 24})
    void chunksOfAnySizeMakeTheSameBytesAndTheSameGraph(int floats) {
        checkRoundTrip(floats);
    }

    @Test
    void aChunkMayEndAtOrReachAcrossTheEndOfTheParameters() {
        checkRoundTrip(parameters);
        checkRoundTrip(parameters - 1);
        checkRoundTrip(parameters + 1);
    }

    @Test
    void aChunkOfAnotherLengthIsRefused() {
        TrainingState state = stateOf(graph, true, Float.BYTES * length);
        float[] before = state(graph);
        assertThatThrownBy(() -> state.write(0, ByteBuffer.allocate(4))).isInstanceOf(IllegalStateException.class)
                .hasMessage("chunk 0 of the state has arrived with 4 bytes in the place of " + Float.BYTES * length);
        assertThat(state(graph)).isEqualTo(before);
    }

    private static byte[] written(Part part) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            part.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(part.length()).isEqualTo(out.size());
        return out.toByteArray();
    }

    private void checkRoundTrip(int floats) {
        TrainingState from = stateOf(graph, true, Float.BYTES * floats);
        assertThat(from.chunks()).isEqualTo((length + floats - 1) / floats);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        UgatitGraph other = graph();
        TrainingState to = stateOf(other, true, Float.BYTES * floats);
        for (int chunk = 0; chunk < from.chunks(); chunk++) {
            byte[] bytes = from.read(chunk);
            assertThat(bytes).hasSize(Float.BYTES * Math.min(floats, length - chunk * floats));
            assertThat(written(from.chunk(chunk))).isEqualTo(bytes);
            all.writeBytes(bytes);
            to.write(chunk, ByteBuffer.wrap(bytes));
        }
        assertThat(all.toByteArray()).isEqualTo(stateOf(graph, true, Float.BYTES * length).read(0));
        assertThat(Arrays.equals(state(other), state(graph))).isTrue();
    }
}
