package io.ugatit.tensor.cpu.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.device.KeptThreads;
import io.ugatit.device.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of work, done by the calling thread and by others that help it. */
@ExtendWith(KeptThreads.class)
class InParallelTest {
    private static final long MANY_FLOATS = 1L << 30;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64})
    void everyActionIsDoneOnceWhateverTheNumberOfThreads(int threads) {
        Threads.use(threads);
        for (int count : new int[] {0, 1, 2, 5, 1000}) {
            AtomicIntegerArray done = new AtomicIntegerArray(1000);
            InParallel.forEach(count, MANY_FLOATS, done::incrementAndGet);
            for (int i = 0; i < done.length(); i++) {
                assertThat(done.get(i)).as("action %d of %d", i, count).isEqualTo(i < count ? 1 : 0);
            }
        }
        assertThat(Threads.inUse()).as("the caller's threads afterwards").isEqualTo(threads);
    }

    @Test
    void sectionAfterSectionSeesWhatTheOneBeforeWrote() {
        Threads.use(2);
        float[] values = new float[64];
        for (int times = 0; times < 50_000; times++) {
            InParallel.forEach(values.length, MANY_FLOATS, i -> values[i] = values[i] + 1);
        }
        for (float value : values) {
            assertThat(value).isEqualTo(50_000);
        }
    }

    @Test
    void anotherThreadHelpsIfThereIsACoreForIt() throws Exception {
        Assumptions.assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "a second core");
        Threads.use(2);
        CountDownLatch both = new CountDownLatch(2);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        InParallel.forEach(2, MANY_FLOATS, i -> {
            threads.add(Thread.currentThread());
            both.countDown();
            awaits(both);
        });
        assertThat(threads).hasSize(2).contains(Thread.currentThread());
    }

    private static void awaits(CountDownLatch latch) {
        try {
            assertThat(latch.await(2, TimeUnit.MINUTES)).as("the other action began").isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anActionHasOneThreadAndWhatItDoesInParallelStaysOnIt() {
        Threads.use(4);
        Set<String> elsewhere = ConcurrentHashMap.newKeySet();
        AtomicInteger inner = new AtomicInteger();
        InParallel.forEach(8, MANY_FLOATS, i -> {
            Thread outer = Thread.currentThread();
            if (Threads.inUse() != 1) {
                elsewhere.add("action " + i + " may use " + Threads.inUse());
            }
            InParallel.forEach(8, MANY_FLOATS, j -> {
                inner.incrementAndGet();
                if (Thread.currentThread() != outer) {
                    elsewhere.add("action " + j + " of " + i);
                }
            });
        });
        assertThat(elsewhere).isEmpty();
        assertThat(inner).hasValue(64);
    }

    @Test
    void whatAnActionThrowsReachesTheCallerOnceAllHaveEnded() {
        Threads.use(2);
        for (int times = 0; times < 200; times++) {
            int bad = times % 7;
            AtomicInteger running = new AtomicInteger();
            assertThatThrownBy(() -> InParallel.forEach(7, MANY_FLOATS, i -> {
                running.incrementAndGet();
                try {
                    if (i == bad) {
                        throw new IllegalStateException("action " + i);
                    }
                } finally {
                    running.decrementAndGet();
                }
            })).isInstanceOf(IllegalStateException.class).hasMessage("action " + bad);
            assertThat(running).as("actions that still run").hasValue(0);
            assertThat(Threads.inUse()).isEqualTo(2);
        }
    }

    @Test
    void callersThatComeAtTheSameTimeDoNotMixTheirActions() throws Exception {
        List<Thread> callers = new ArrayList<>();
        Set<String> wrong = ConcurrentHashMap.newKeySet();
        for (int caller = 0; caller < 4; caller++) {
            Thread thread = new Thread(() -> {
                Threads.use(3);
                for (int times = 0; times < 5_000; times++) {
                    AtomicInteger done = new AtomicInteger();
                    InParallel.forEach(10, MANY_FLOATS, i -> done.addAndGet(1 << i));
                    if (done.get() != 1023) {
                        wrong.add(Integer.toBinaryString(done.get()));
                    }
                }
            });
            thread.start();
            callers.add(thread);
        }
        for (Thread thread : callers) {
            thread.join();
        }
        assertThat(wrong).isEmpty();
    }
}
