package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.cluster.ExecutorWatch.Supply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class ExecutorWatchTest {
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    @Test
    void executorsWithoutRoomForATaskAreTold() {
        AtomicReference<Supply> supply = new AtomicReference<>(new Supply(1, 1));
        try (SparkSession spark = SmallTraining.session("local[2]", "spark.task.cpus", "2");
                ExecutorWatch watch = new ExecutorWatch(spark.sparkContext(), supply::get, 1, Duration.ZERO,
                        () -> new LastCheckpoint(Optional.of(7L)), told::add)) {
            watch.look();
            assertThat(told).isEmpty();
            supply.set(new Supply(1, 0));
            watch.look();
            watch.look();
            assertThat(told).as("told once").containsExactly("no executor with room for a task for 0 s, training waits: a task needs"
                    + " spark.task.cpus=2: give less, or executors that have as much; the checkpoint of step 7 is safe");
            assertThat(Supply.of(spark.sparkContext())).as("the session's own").isEqualTo(new Supply(1, 1));
        }
    }
}
