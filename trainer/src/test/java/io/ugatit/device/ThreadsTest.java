package io.ugatit.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KeptThreads.class)
class ThreadsTest {

    @Test
    void aLimitIsThatOfTheCallingThreadAlone() {
        ExecutorService slots = Executors.newFixedThreadPool(1);
        try {
            Threads.use(3);
            int other = CompletableFuture.supplyAsync(() -> {
                Threads.use(1);
                return Threads.inUse();
            }, slots).join();
            assertThat(other).isEqualTo(1);
            assertThat(Threads.inUse()).isEqualTo(3);
        } finally {
            slots.shutdownNow();
        }
    }

    @Test
    void aLimitOfSomethingEndsWithItEvenIfItFails() {
        Threads.use(3);
        Threads.with(2, () -> assertThat(Threads.inUse()).isEqualTo(2));
        assertThat(Threads.inUse()).isEqualTo(3);
        assertThatThrownBy(() -> Threads.with(1, () -> {
            throw new IllegalStateException("on " + Threads.inUse());
        })).hasMessage("on 1");
        assertThat(Threads.inUse()).isEqualTo(3);
    }

    @Test
    void lessThanOneThreadIsRefused() {
        assertThatThrownBy(() -> Threads.use(0)).isInstanceOf(IllegalArgumentException.class).hasMessage("at least one thread is needed, not 0");
    }
}
