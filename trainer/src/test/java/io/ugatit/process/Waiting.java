package io.ugatit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits of tests. A machine may be as slow and as busy as it likes: they are bounded against a hang only. */
public final class Waiting {
    /** After so long nothing happens any more. */
    public static final Duration HANG = Duration.ofMinutes(30);

    private Waiting() { }

    /**
     * Waits until something has happened, looking often.
     *
     * @param what the end of "waited in vain until"
     */
    public static void until(String what, BooleanSupplier happened) {
        long began = System.nanoTime();
        while (!happened.getAsBoolean()) {
            assertThat(System.nanoTime() - began).as("waited in vain until " + what).isLessThan(HANG.toNanos());
            try {
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted, waiting until " + what, e);
            }
        }
    }
}
