package io.ugatit.train;

import io.ugatit.device.Device;
import io.ugatit.device.Threads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Runs two tasks that share nothing: at the same time, with half of the caller's threads each, or one after the other if it has one. */
final class SideBySide {
    private static final ExecutorService SECOND = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "ugatit-direction");
        thread.setDaemon(true);
        return thread;
    });

    private SideBySide() { }

    /** Returns when both have ended; throws what the first of them threw, else what the second did. */
    static void run(Runnable first, Runnable second) {
        int threads = Threads.inUse();
        if (threads == 1) {
            first.run();
            second.run();
            return;
        }
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            Device.follow();
            Threads.use(threads / 2);
            second.run();
        }, SECOND);
        Threads.use(threads - threads / 2);
        try {
            first.run();
        } finally {
            Threads.use(threads);
            // even after a failure: nobody may take the memory from under the other
            other.exceptionally(failure -> null).join();
        }
        try {
            other.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
