package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.JobFailedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.RDDBlockId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** A round's result of four parts and a report, made by two workers who only claim to have trained. */
class PartBlocksTest {
    private static final int CHUNKS = 4;
    private static SparkSession spark;
    private static JavaSparkContext context;

    @BeforeAll
    static void start() {
        spark = SmallTraining.session("local[2]");
        context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static byte[] floatOf(float value) {
        return ByteBuffer.allocate(Float.BYTES).order(ByteOrder.nativeOrder()).putFloat(value).array();
    }

    /** Worker w gives 10 p + w as part p. */
    private static RoundParts parts() {
        return new RoundParts(context.parallelize(List.of(0, 1), 2).mapPartitionsToPair(worker -> {
            int me = worker.next();
            return IntStream.rangeClosed(0, CHUNKS).mapToObj(part -> new Tuple2<>(part, (Part) new Part.OfBytes(
                    part == CHUNKS ? new byte[] {(byte) me} : floatOf(10 * part + me)))).iterator();
        }).rdd(), CHUNKS + 1, new PartReducer(CHUNKS, 2));
    }

    private static Map<Integer, List<Byte>> expected() {
        Map<Integer, List<Byte>> expected = new TreeMap<>();
        for (int part = 0; part < CHUNKS; part++) {
            expected.put(part, list(ByteBuffer.wrap(floatOf(10 * part + 0.5f))));
        }
        expected.put(CHUNKS, List.of((byte) 0, (byte) 1));
        return expected;
    }

    private static List<Byte> list(ByteBuffer bytes) {
        List<Byte> list = new ArrayList<>();
        while (bytes.hasRemaining()) {
            list.add(bytes.get());
        }
        return list;
    }

    private static List<Integer> left(RoundParts parts) {
        BlockManager blocks = SparkEnv.get().blockManager();
        return IntStream.rangeClosed(0, CHUNKS).filter(part -> blocks.getStatus(new RDDBlockId(parts.id(), part)).isDefined()).boxed().toList();
    }

    @Test
    void everyPartArrivesOnceAndNothingIsLeft() throws Exception {
        Map<Integer, List<Byte>> received = new TreeMap<>();
        RoundParts parts = parts();
        try (parts; PartBlocks blocks = new PartBlocks(parts)) {
            blocks.forEach((part, bytes) -> assertThat(received.put(part, list(bytes))).isNull());
        }
        assertThat(received).isEqualTo(expected());
        await(() -> left(parts).isEmpty());
    }

    @Test
    void aPartThatIsLostWithItsExecutorIsMadeAgain() throws Exception {
        Map<Integer, List<Byte>> received = new TreeMap<>();
        List<Integer> order = new ArrayList<>();
        RoundParts parts = parts();
        try (parts; PartBlocks blocks = new PartBlocks(parts)) {
            blocks.forEach((part, bytes) -> {
                if (order.isEmpty()) {
                    lose(parts, other -> other != part);
                }
                order.add(part);
                assertThat(received.put(part, list(bytes))).isNull();
            });
        }
        assertThat(received).isEqualTo(expected());
        assertThat(order).hasSize(CHUNKS + 1);
    }

    @Test
    void whatIsLostAgainAndAgainEndsTheTraining() {
        try (RoundParts parts = parts(); PartBlocks blocks = new PartBlocks(parts)) {
            List<Integer> seen = new ArrayList<>();
            assertThatThrownBy(() -> blocks.forEach((part, bytes) -> {
                seen.add(part);
                lose(parts, other -> other != part);
            })).isInstanceOf(JobFailedException.class).hasMessage("executors were lost 4 times before the driver had their results");
            assertThat(seen).doesNotHaveDuplicates().hasSize(4);
        }
    }

    @Test
    void whatFailsWhileAPartIsTakenOverEndsTheRound() {
        try (RoundParts parts = parts(); PartBlocks blocks = new PartBlocks(parts)) {
            JobFailedException reason = new JobFailedException("no space left");
            assertThatThrownBy(() -> blocks.forEach((part, bytes) -> {
                throw reason;
            })).hasCause(reason).hasMessage("cannot take over what the workers have made: no space left");
        }
    }

    /** As if the executors that hold them were gone, once all tasks are done. */
    private static void lose(RoundParts parts, IntPredicate which) {
        await(() -> context.statusTracker().getActiveJobIds().length == 0);
        List<Integer> lost = left(parts).stream().filter(which::test).toList();
        lost.forEach(part -> SparkEnv.get().blockManager().master().removeBlock(new RDDBlockId(parts.id(), part)));
        await(() -> left(parts).stream().noneMatch(lost::contains));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
