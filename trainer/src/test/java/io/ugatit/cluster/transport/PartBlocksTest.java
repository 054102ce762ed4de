package io.ugatit.cluster.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.cluster.SmallTraining;
import io.ugatit.job.JobFailedException;
import io.ugatit.process.Waiting;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
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
    /** More than two receivers can take in four attempts. */
    private static final int MANY = 12;
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
    private static RDD<Tuple2<Integer, Part>> ofWorkers(int chunks) {
        return context.parallelize(List.of(0, 1), 2).mapPartitionsToPair(worker -> {
            int me = worker.next();
            return IntStream.rangeClosed(0, chunks).mapToObj(part -> new Tuple2<>(part, (Part) new Part.OfBytes(
                    part == chunks ? new byte[] {(byte) me} : floatOf(10 * part + me)))).iterator();
        }).rdd();
    }

    private static PartReducer reducer(int chunks) {
        return new PartReducer(chunks, Collections.nCopies(chunks, Float.BYTES), 1, 2, 0);
    }

    private static RoundParts parts() {
        return new RoundParts(ofWorkers(CHUNKS), CHUNKS + 1, reducer(CHUNKS));
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
        return IntStream.range(0, parts.getNumPartitions()).filter(part -> blocks.getStatus(new RDDBlockId(parts.id(), part)).isDefined()).boxed()
                .toList();
    }

    @Test
    void everyPartArrivesOnceAndNothingIsLeft() throws Exception {
        Map<Integer, List<Byte>> received = new ConcurrentSkipListMap<>();
        RoundParts parts = parts();
        try (parts; PartBlocks blocks = new PartBlocks(parts)) {
            blocks.forEach((part, bytes) -> assertThat(received.put(part, list(bytes))).isNull());
        }
        assertThat(received).isEqualTo(expected());
        Waiting.until("the blocks are gone", () -> left(parts).isEmpty());
    }

    @Test
    void aPartThatIsLostWithItsExecutorIsMadeAgain() throws Exception {
        Map<Integer, List<Byte>> received = new ConcurrentSkipListMap<>();
        AtomicLong lost = new AtomicLong();
        RoundParts parts = parts();
        try (parts; PartBlocks blocks = new PartBlocks(parts)) {
            blocks.forEach((part, bytes) -> {
                synchronized (received) {
                    if (received.isEmpty()) {
                        lost.set(lose(parts, part));
                    }
                    assertThat(received.put(part, list(bytes))).isNull();
                }
            });
        }
        assertThat(received).isEqualTo(expected());
        assertThat(lost).hasPositiveValue();
    }

    @Test
    void whatIsLostAgainAndAgainEndsTheTraining() {
        RoundParts parts = new RoundParts(ofWorkers(MANY), MANY + 1, reducer(MANY));
        try (parts; PartBlocks blocks = new PartBlocks(parts)) {
            Object oneAtATime = new Object();
            assertThatThrownBy(() -> blocks.forEach((part, bytes) -> {
                synchronized (oneAtATime) {
                    lose(parts, part);
                }
            })).isInstanceOf(JobFailedException.class).hasMessage("the driver could not get what executors had"
                    + " averaged, 4 times: they were lost, or cannot be reached at spark.blockManager.port");
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

    @Test
    void aMeanThatIsNoFiniteNumberIsOfNoUseAndNoTaskFails() throws Exception {
        JavaRDD<Integer> workers = context.parallelize(List.of(0, 1), 2);
        RoundParts parts = new RoundParts(workers.mapPartitionsToPair(worker -> List.of(
                new Tuple2<>(0, (Part) new Part.OfBytes(floatOf(Float.MAX_VALUE))), new Tuple2<>(1, (Part) new Part.OfBytes(new byte[1])))
                .iterator()).rdd(), 2, reducer(1));
        Map<Integer, List<Byte>> received = new ConcurrentSkipListMap<>();
        try (parts; PartBlocks blocks = new PartBlocks(parts)) {
            blocks.forEach((part, bytes) -> received.put(part, list(bytes)));
        }
        assertThat(received).isEqualTo(Map.of(0, List.of((byte) 0), 1, List.of((byte) 0, (byte) 0)));
    }

    /**
     * As if the executors that hold the others were gone, once all tasks are done; those that are being read stay, also if that has begun only
     * now: their reader may wait for this. Returns how many are gone.
     */
    private static long lose(RoundParts parts, int except) {
        Waiting.until("all tasks are done", () -> context.statusTracker().getActiveJobIds().length == 0);
        List<Integer> others = left(parts).stream().filter(part -> part != except).filter(part -> !isBeingRead(parts, part)).toList();
        others.forEach(part -> SparkEnv.get().blockManager().master().removeBlock(new RDDBlockId(parts.id(), part)));
        Waiting.until("the blocks are gone", () -> left(parts).stream().filter(others::contains).allMatch(part -> isBeingRead(parts, part)));
        List<Integer> stay = left(parts);
        return others.stream().filter(part -> !stay.contains(part)).count();
    }

    private static boolean isBeingRead(RoundParts parts, int part) {
        return SparkEnv.get().blockManager().blockInfoManager().get(new RDDBlockId(parts.id(), part)).exists(info -> info.readerCount() > 0);
    }
}
