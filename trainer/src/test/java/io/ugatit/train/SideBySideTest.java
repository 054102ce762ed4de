package io.ugatit.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.device.KeptThreads;
import io.ugatit.device.Threads;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, unit = TimeUnit.MINUTES)
@ExtendWith(KeptThreads.class)
class SideBySideTest {
    @Test
    void withTwoThreadsBothTasksRunAtTheSameTime() {
        Threads.use(2);
        CyclicBarrier both = new CyclicBarrier(2);
        List<Thread> on = new CopyOnWriteArrayList<>();
        Runnable task = () -> {
            meet(both);
            on.add(Thread.currentThread());
        };
        SideBySide.run(task, task);
        assertThat(on).hasSize(2).doesNotHaveDuplicates().contains(Thread.currentThread());
    }

    /** Passes only if the other task comes here too while this one waits. */
    private static void meet(CyclicBarrier both) {
        try {
            both.await();
        } catch (Exception e) {
            throw new IllegalStateException("the other task does not run", e);
        }
    }

    @Test
    void withOneThreadTheSecondFollowsTheFirstOnTheCaller() {
        Threads.use(1);
        List<String> order = new CopyOnWriteArrayList<>();
        String caller = Thread.currentThread().getName();
        SideBySide.run(() -> order.add("first on " + Thread.currentThread().getName()),
                () -> order.add("second on " + Thread.currentThread().getName()));
        assertThat(order).containsExactly("first on " + caller, "second on " + caller);
    }

    @ParameterizedTest(name = "{0} threads: {1} and {2}")
    @CsvSource({"1,1,1", "2,1,1", "3,2,1", "4,2,2"})
    void eachTaskHasItsHalfOfTheThreadsAndTheCallerHasAllOfThemAfterwards(int all, int first, int second) {
        Threads.use(all);
        AtomicInteger ofFirst = new AtomicInteger();
        AtomicInteger ofSecond = new AtomicInteger();
        SideBySide.run(() -> ofFirst.set(Threads.inUse()), () -> ofSecond.set(Threads.inUse()));
        assertThat(ofFirst).hasValue(first);
        assertThat(ofSecond).hasValue(second);
        assertThat(Threads.inUse()).isEqualTo(all);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFailureIsThrownOnlyWhenTheOtherTaskHasEnded(boolean firstFails) {
        Threads.use(2);
        CountDownLatch failing = new CountDownLatch(1);
        AtomicBoolean otherEnded = new AtomicBoolean();
        Runnable fails = () -> {
            failing.countDown();
            throw new IllegalArgumentException("no such image");
        };
        Runnable goesOn = () -> {
            await(failing);
            otherEnded.set(true);
        };
        assertThatThrownBy(() -> SideBySide.run(firstFails ? fails : goesOn, firstFails ? goesOn : fails))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("no such image");
        assertThat(otherEnded).isTrue();
        assertThat(Threads.inUse()).as("the caller's threads").isEqualTo(2);
    }

    /** Waits, and then a little more: time for a wrong implementation to return. */
    private static void await(CountDownLatch latch) {
        try {
            latch.await();
            Thread.sleep(200);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void ifBothFailTheFirstsFailureIsThrown(int count) {
        Threads.use(count);
        assertThatThrownBy(() -> SideBySide.run(() -> {
            throw new IllegalArgumentException("first");
        }, () -> {
            throw new IllegalArgumentException("second");
        })).hasMessage("first");
        assertThat(Threads.inUse()).isEqualTo(count);
    }

    @Test
    void anErrorOfTheSecondTaskReachesTheCaller() {
        Threads.use(2);
        assertThatThrownBy(() -> SideBySide.run(() -> { }, () -> {
            throw new OutOfMemoryError("off-heap");
        })).isInstanceOf(OutOfMemoryError.class).hasMessage("off-heap");
    }
}
