package io.ugatit.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WaitingMetricsTest {
    private final WaitingMetrics waiting = new WaitingMetrics(3);

    private static Metrics step(long step) {
        return new Metrics(step, 0, Map.of("a", 1.0, "b", 2.0));
    }

    @Test
    void numbersAreTakenInTheirOrderAndNotTooManyAtATime() throws InterruptedException {
        List.of(1, 2, 3).forEach(step -> waiting.add(step(step)));
        assertThat(waiting.take(5)).containsExactly(step(1), step(2));
        assertThat(waiting.take(1)).as("a single step may have more").containsExactly(step(3));
    }

    @Test
    void ofTooManyTheOldestAreLostAndCounted() throws InterruptedException {
        List.of(1, 2, 3, 4).forEach(step -> waiting.add(step(step)));
        assertThat(waiting.notSent()).isEqualTo(1 + 3);
        List<Metrics> taken = waiting.take(4);
        assertThat(taken).containsExactly(step(2), step(3));
        waiting.add(step(5));
        waiting.giveBack(taken);
        assertThat(waiting.take(100)).containsExactly(step(3), step(4), step(5));
        assertThat(waiting.notSent()).isEqualTo(2);
        waiting.lose(List.of(step(3)));
        assertThat(waiting.notSent()).isEqualTo(3);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPauseEndsWhenEnoughWait() throws Exception {
        waiting.add(step(1));
        Thread adder = new Thread(() -> waiting.add(step(2)));
        adder.start();
        waiting.pause(Duration.ofDays(1), 4);
        adder.join();
        waiting.pause(Duration.ofDays(1), 3);
        assertThat(waiting.take(100)).containsExactly(step(1), step(2));
    }

    @Test
    void whoWaitsHearsThatNothingComesAnyMore() throws Exception {
        Thread closer = new Thread(waiting::close);
        closer.start();
        assertThat(waiting.take(1)).isEmpty();
        waiting.pause(Duration.ofDays(1));
        assertThat(waiting.isClosed()).isTrue();
        closer.join();
    }
}
