package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BackgroundWorkTest {
    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void closingWaitsForTheWorkAlsoInAnInterruptedThread() {
        AtomicBoolean ended = new AtomicBoolean();
        CountDownLatch asked = new CountDownLatch(3);
        BackgroundWork work = new BackgroundWork("test");
        work.begin(() -> {
            await(asked);
            ended.set(true);
        });
        Thread.currentThread().interrupt();
        work.close(asked::countDown);
        assertThat(Thread.interrupted()).as("the interrupt is not lost").isTrue();
        assertThat(ended).isTrue();
        assertThat(asked.getCount()).isZero();
    }

    @Test
    void aFailureIsThrownByTheNextThatWaitsAndClosingIsQuiet() {
        BackgroundWork work = new BackgroundWork("test");
        work.begin(() -> {
            throw new IllegalArgumentException("no space");
        });
        assertThatThrownBy(work::settle).isInstanceOf(IllegalArgumentException.class).hasMessage("no space");
        work.close();
        work.close();
    }
}
