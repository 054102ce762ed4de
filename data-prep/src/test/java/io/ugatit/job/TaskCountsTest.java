package io.ugatit.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A job's progress while its tasks run. */
@Tag("slow")
class TaskCountsTest {
    private static SparkSession session;
    private static JavaSparkContext spark;
    private static CountDownLatch seen;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeAll
    static void start() {
        session = SparkSession.builder().master("local[1,2]").config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
                .config("spark.executor.heartbeatInterval", "1s").getOrCreate();
        spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    /** Prints every change, and lets tasks go on once a text was printed. */
    private Progress progress(long total, String awaited) {
        seen = new CountDownLatch(1);
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                super.println(line);
                if (line.startsWith(awaited)) {
                    seen.countDown();
                }
            }
        };
        return new Progress("count", 0, total, "units", out, new AtomicLong()::getAndIncrement, Duration.ZERO);
    }

    private List<String> lines() {
        return printed.toString(StandardCharsets.UTF_8).lines().map(line -> line.split(" units")[0]).distinct().toList();
    }

    @Test
    void whatARunningTaskHasCountedIsToldBeforeItEnds() {
        List<Integer> results = WatchedJob.collect(spark, progress(5, "count 3/5"), "safe",
                done -> spark.parallelize(List.of(7), 1).map(number -> counting(done, number)));
        assertThat(results).containsExactly(7);
        assertThat(lines()).contains("count 3/5").endsWith("count 5/5");
    }

    private static Integer counting(LongAccumulator done, Integer number) throws InterruptedException {
        done.add(3);
        seen.await(); // hangs unless the three are told
        done.add(2);
        return number;
    }

    @Test
    void whatATaskHasCountedThatFailedIsNoLongerCounted() {
        List<Integer> results = WatchedJob.collect(spark, progress(6, "count 4/6"), "safe",
                done -> spark.parallelize(List.of(7), 1).map(number -> failingOnce(done, number)));
        assertThat(results).containsExactly(7);
        assertThat(lines()).contains("count 4/6").endsWith("count 6/6").doesNotContain("count 5/6");
    }

    private static Integer failingOnce(LongAccumulator done, Integer number) throws InterruptedException {
        if (TaskContext.get().attemptNumber() == 0) {
            done.add(4);
            seen.await();
            throw new IllegalStateException("once");
        }
        done.add(1);
        return number;
    }

    @Test
    void aTasksOwnWordsAreTheFailures() {
        assertThatThrownBy(() -> WatchedJob.collect(spark, progress(1, "count 1"), "all is safe",
                done -> spark.parallelize(List.of(7), 1).map(number -> {
                    throw new JobFailedException("photo.jpg vanished");
                }))).isInstanceOf(JobFailedException.class).hasMessage("photo.jpg vanished");
    }
}
