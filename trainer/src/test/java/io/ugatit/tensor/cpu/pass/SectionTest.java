package io.ugatit.tensor.cpu.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Sections whose team the system has too few threads for. */
class SectionTest {
    private static final int MOST = 3;
    private final AtomicInteger tries = new AtomicInteger();

    /** Threads of which only the first so many start. */
    private ThreadFactory first(int starting, Runnable otherwise) {
        return work -> new Thread(work) {
            @Override
            public void start() {
                if (tries.incrementAndGet() > starting) {
                    otherwise.run();
                }
                super.start();
            }
        };
    }

    private static void noThread() {
        throw new OutOfMemoryError("unable to create native thread");
    }

    private static void everyActionIsDoneOnce(Team team) {
        AtomicIntegerArray done = new AtomicIntegerArray(100);
        new Section(team, done.length(), done::incrementAndGet).run(MOST);
        for (int i = 0; i < done.length(); i++) {
            assertThat(done.get(i)).as("action %d", i).isEqualTo(1);
        }
    }

    @Test
    void whereNoThreadStartsTheCallerDoesTheWorkAlone() {
        Team team = new Team(MOST, first(0, SectionTest::noThread), Long.MAX_VALUE / 2);
        everyActionIsDoneOnce(team);
        assertThat(team.started()).isZero();
        everyActionIsDoneOnce(team);
        assertThat(tries).as("tries, of which the second would come too soon").hasValue(1);
    }

    @Test
    void whereSomeThreadsStartTheyHelpAndTheOthersAreTriedAgain() {
        Team team = new Team(MOST, first(1, SectionTest::noThread), 0);
        everyActionIsDoneOnce(team);
        assertThat(team.started()).isEqualTo(1);
        everyActionIsDoneOnce(team);
        assertThat(team.started()).isEqualTo(1);
        assertThat(tries.get()).isGreaterThan(2);
    }

    /** Whose memory the failure would otherwise take from under it. */
    @Test
    void aFailureWhileOthersAreAskedWaitsForThoseThatHelpAlready() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Team team = new Team(MOST, first(1, () -> {
            interruptibly(() -> assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue());
            throw new IllegalStateException("no more");
        }), 0);
        AtomicInteger ended = new AtomicInteger();
        InParallel.Action slow = i -> {
            begun.countDown();
            interruptibly(() -> TimeUnit.MILLISECONDS.sleep(300));
            ended.incrementAndGet();
        };
        assertThatThrownBy(() -> new Section(team, 1, slow).run(MOST)).hasMessage("no more");
        assertThat(ended).hasValue(1);
    }

    private interface Waiting {
        void run() throws InterruptedException;
    }

    private static void interruptibly(Waiting waiting) {
        try {
            waiting.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
