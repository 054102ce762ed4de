package io.ugatit.cluster;

import io.ugatit.device.Device;
import io.ugatit.job.DaemonThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Publishes checkpoints while workers compute the next round: until their results arrive, the driver's state stands still. Whoever changes
 * that state waits for {@link #settle} first.
 */
final class BackgroundCheckpoints implements AutoCloseable {
    private final ExecutorService writer = Executors.newSingleThreadExecutor(DaemonThreads.named("ugatit-checkpoint"));
    private volatile Future<?> pending = CompletableFuture.completedFuture(null);

    /** Begins a publication; waits for the one before it, as {@link #settle} does. */
    void begin(Runnable publication) {
        settle();
        pending = writer.submit(() -> {
            Device.follow();
            publication.run();
        });
    }

    /** Waits until nothing is being published, and throws what the last publication threw. */
    void settle() {
        try {
            pending.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("a checkpoint could not be published: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a checkpoint is published", e);
        }
    }

    /** Begins no more, and waits until nothing is being published: then another job may write to the run. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            pending.get();
        } catch (ExecutionException e) {
            return; // settle() has told, or the training has failed already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
