package io.ugatit.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.model.NetworkOptions;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.tensor.choice.KernelOptions;
import io.ugatit.process.Waiting;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class StepTimingTest {
    private static final NetworkOptions SMALL = new NetworkOptions(16, 2, 1, true, false, 4, 3);

    /** The demo's 1,800 steps at a tenth of a second: a fifth more than they take, and 250 for preparing, translating and the report. */
    @Test
    void theDemoAnnouncesItsStepsTheirSpeedAndTheWholeTime() {
        assertThat(DemoJob.announcement(1800, 0.1))
                .isEqualTo("demo: 1800 steps at 10.0/s and the rest will take about 4 min 1 s on this machine");
        assertThat(DemoJob.announcement(1800, 0.35))
                .isEqualTo("demo: 1800 steps at 2.9/s and the rest will take about 14 min 4 s on this machine");
    }

    @Test
    void aStepIsTimedOnAsManyWorkersAsWillTrain() {
        CyclicBarrier all = new CyclicBarrier(2); // which one alone does not pass
        long began = System.nanoTime();
        double seconds = new StepTiming(SMALL, 2, 1, KernelChoice.of(KernelOptions.DEFAULT, List.of())).seconds(2, task -> new Thread(() -> {
            try {
                all.await(Waiting.HANG.toMinutes(), TimeUnit.MINUTES);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException("not as many workers", e);
            }
            task.run();
        }));
        assertThat(seconds).isPositive().isLessThan((System.nanoTime() - began) / 1e9);
    }
}
