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
        return new TrainingState(withMoments ? List.of(graph.params(), moments) : List.of(graph.params()), chunkBytes);
    }

    @Test
    void aChunkMayHoldSeveralVectors() {
        float[][] parts = {{1, 2, 3}, {4}, {5, 6}, {7, 8, 9, 10}};
        List<INDArray> from = Stream.of(parts).map(Nd4j::createFromArray).toList();
        List<INDArray> into = Stream.of(parts).map(part -> Nd4j.zeros(DataType.FLOAT, part.length)).toList();
        TrainingState sent = new TrainingState(from, 4 * Float.BYTES);
        TrainingState arrived = new TrainingState(into, 4 * Float.BYTES);
        assertThat(sent.chunks()).isEqualTo(3);
        for (int chunk : new int[] {1, 2, 0}) {
            arrived.write(chunk, ByteBuffer.wrap(sent.read(chunk)));
        }
        for (int i = 0; i < parts.length; i++) {
            assertThat(into.get(i).toFloatVector()).containsExactly(parts[i]);
        }
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
