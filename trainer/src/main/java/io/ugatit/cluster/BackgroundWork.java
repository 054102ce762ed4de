package io.ugatit.cluster;

import io.ugatit.device.Device;
import io.ugatit.job.DaemonThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Does one thing after the other while workers compute the next round: publishes a checkpoint, say, since the driver's state stands still
 * until their results arrive. Whoever changes what the work reads waits for {@link #settle} first.
 */
final class BackgroundWork implements AutoCloseable {
    private static final long MILLIS_TO_BREAK_OFF_AGAIN = 200;
    private final ExecutorService worker;
    private volatile Future<?> pending = CompletableFuture.completedFuture(null);

    /** @param thread its name */
    BackgroundWork(String thread) {
        this.worker = Executors.newSingleThreadExecutor(DaemonThreads.named(thread));
    }

    /** Begins something; waits for what has begun before it, as {@link #settle} does. */
    void begin(Runnable task) {
        settle();
        pending = worker.submit(() -> {
            Device.follow();
            task.run();
        });
    }

    /** Waits until nothing is being done, and throws what the last task threw. */
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
            throw new IllegalStateException("work beside the training failed: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for work beside the training", e);
        }
    }

    /** Begins no more, and waits until nothing is being done, interrupted or not: then another job may write to the run. */
    @Override
    public void close() {
        close(() -> { });
    }

    /** As {@link #close()}. @param breakOff is done again and again meanwhile: work that is in many steps may just begin the next one */
    void close(Runnable breakOff) {
        worker.shutdown();
        boolean interrupted = false;
        while (!pending.isDone()) {
            breakOff.run();
            try {
                pending.get(MILLIS_TO_BREAK_OFF_AGAIN, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                continue;
            } catch (ExecutionException e) {
                break; // settle() has told, or the training has failed already
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
