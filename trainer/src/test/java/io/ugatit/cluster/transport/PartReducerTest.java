package io.ugatit.cluster.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.JobFailedException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PartReducerTest {
    private static byte[] bytes(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }

    private static byte[] rounded(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * UnsignedBfloat16.BYTES).order(ByteOrder.nativeOrder());
        for (float value : values) {
            buffer.putShort(UnsignedBfloat16.round(value, 0));
        }
        return buffer.array();
    }

    private static float[] values(byte[] rounded) {
        ByteBuffer buffer = ByteBuffer.wrap(rounded).order(ByteOrder.nativeOrder());
        float[] values = new float[rounded.length / UnsignedBfloat16.BYTES];
        for (int i = 0; i < values.length; i++) {
            values[i] = UnsignedBfloat16.value(buffer.getShort());
        }
        return values;
    }

    private static float[] floats(byte[] bytes) {
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer().get(values);
        return values;
    }

    /** Of chunks of so many floats each, the first of which travel as they are. */
    private static PartReducer reducer(int exact, int chunks, int floats, int workers, int salt) {
        return new PartReducer(exact, IntStream.range(0, chunks).mapToObj(chunk -> floats * (chunk < exact ? Float.BYTES
                : UnsignedBfloat16.BYTES)).toList(), 100, workers, salt);
    }

    private static Iterator<ArrivingPart> arriving(byte[]... parts) {
        return Stream.of(parts).map(part -> new ArrivingPart(part.length, new DataInputStream(new ByteArrayInputStream(part)))).iterator();
    }

    @Test
    void aChunkIsAddedUpInTheOrderOfTheWorkersAndDivided() {
        // 1e8 + 1 is 1e8 in single precision: any other order gives another mean
        byte[] mean = reducer(1, 1, 2, 3, 0).reduce(0, arriving(bytes(1e8f, 1), bytes(1, 2), bytes(-1e8f, 4)));
        assertThat(floats(mean)).containsExactly(0, 7f / 3);
    }

    @Test
    void aChunkMayBeLongerThanWhatIsReadAtATime() {
        Random random = new Random(1);
        float[][] ofWorkers = new float[2][50_001];
        float[] expected = new float[50_001];
        for (int i = 0; i < expected.length; i++) {
            ofWorkers[0][i] = random.nextFloat();
            ofWorkers[1][i] = random.nextFloat();
            expected[i] = (ofWorkers[0][i] + ofWorkers[1][i]) / 2;
        }
        assertThat(floats(reducer(1, 1, 50_001, 2, 0).reduce(0, arriving(bytes(ofWorkers[0]), bytes(ofWorkers[1]))))).isEqualTo(expected);
    }

    @Test
    void whatHasComeRoundedIsAddedUpAsFloatsAndItsMeanIsRoundedOnce() {
        float up = 1 + 1f / 256; // the next number after 1
        PartReducer reducer = reducer(0, 1, 3, 3, UnsignedBfloat16.salt(7));
        byte[] mean = reducer.reduce(0, arriving(rounded(0, 2, 1), rounded(0, 4, 1), rounded(0, 6, up)));
        assertThat(values(mean)).startsWith(0, 4).endsWith(UnsignedBfloat16.value(UnsignedBfloat16.round((2 + up) / 3, reducer.salt())));
        assertThat(values(reducer(0, 1, 3, 1, 3).reduce(0, arriving(rounded(5, up, 0))))).as("of one worker").containsExactly(5, up, 0);
    }

    @Test
    void aRoundedChunkMayBeLongerThanWhatIsReadAtATime() {
        Random random = new Random(2);
        float[][] ofWorkers = new float[2][70_001];
        float[] expected = new float[70_001];
        PartReducer reducer = reducer(3, 4, 70_001, 2, 9);
        for (int i = 0; i < expected.length; i++) {
            ofWorkers[0][i] = UnsignedBfloat16.value(UnsignedBfloat16.round(random.nextFloat(), 0));
            ofWorkers[1][i] = UnsignedBfloat16.value(UnsignedBfloat16.round(random.nextFloat(), 0));
            expected[i] = UnsignedBfloat16.value(UnsignedBfloat16.round((ofWorkers[0][i] + ofWorkers[1][i]) / 2, reducer.salt()));
        }
        assertThat(values(reducer.reduce(3, arriving(rounded(ofWorkers[0]), rounded(ofWorkers[1]))))).isEqualTo(expected);
    }

    @Test
    void aRoundedMeanThatIsNoFiniteNumberEndsTheTraining() {
        for (float bad : List.of(Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE)) {
            assertThatThrownBy(() -> reducer(0, 1, 2, 2, 0).reduce(0, arriving(rounded(0, bad), rounded(0, Float.MAX_VALUE))))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessage("parameters or moments are no longer finite: a lower --lr may help");
        }
    }

    @Test
    void theReportsFollowEachOther() {
        byte[] both = reducer(1, 1, 1, 2, 0).reduce(1, arriving("one\n".getBytes(StandardCharsets.UTF_8), "two\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(both).asString(StandardCharsets.UTF_8).isEqualTo("one\ntwo\n");
    }

    @Test
    void aMeanThatIsNoFiniteNumberEndsTheTraining() {
        for (float bad : List.of(Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE)) {
            assertThatThrownBy(() -> reducer(1, 1, 2, 2, 0).reduce(0, arriving(bytes(0, bad), bytes(0, Float.MAX_VALUE))))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessage("parameters or moments are no longer finite: a lower --lr may help");
        }
    }

    private static void assertRefused(PartReducer reducer, int part, String message, ArrivingPart... arriving) {
        assertThatThrownBy(() -> reducer.reduce(part, Stream.of(arriving).iterator())).isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot read part " + part + " of the workers' states: " + message);
    }

    private static ArrivingPart arriving(int length, byte... bytes) {
        return new ArrivingPart(length, new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    @Test
    void noMemoryIsTakenForLengthsThatCannotBe() {
        PartReducer reducer = reducer(1, 2, 2, 2, 0);
        assertRefused(reducer, 0, "worker 0's has 2147483647 bytes in the place of 8", arriving(Integer.MAX_VALUE));
        assertRefused(reducer, 0, "worker 1's has 4 bytes in the place of 8", arriving(8, bytes(1, 2)), arriving(4, bytes(1)));
        assertRefused(reducer, 1, "worker 0's has -1 bytes in the place of 4", arriving(-1));
        assertRefused(reducer, 1, "worker 1's has 2 bytes in the place of 4", arriving(4, rounded(1, 2)), arriving(2, rounded(1)));
        assertRefused(reducer, 2, "worker 1's report has 101 bytes, more than 100", arriving(1, (byte) 'a'), arriving(101));
        assertRefused(reducer, 2, "worker 0's report has -7 bytes, more than 100", arriving(-7));
    }

    @Test
    void aChunkThatIsOfNoUseMakesTheirMeanOfNoUse() {
        PartReducer reducer = reducer(1, 2, 2, 3, 0);
        byte[] useless = Part.useless().bytes();
        assertThat(reducer.reduce(0, arriving(bytes(1, 2), useless, bytes(1, 2)))).isEqualTo(useless);
        assertThat(reducer.reduce(1, arriving(useless, rounded(1, 2), rounded(1, 2)))).isEqualTo(useless);
        assertThat(Part.isUseless(useless.length)).isTrue();
    }
}
