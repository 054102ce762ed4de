package io.ugatit.prep;

import io.ugatit.job.DaemonThreads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Something that is read while its reader does something else. If nobody asks for it in the end, it is read all the same, and what it
 * failed with is nobody's concern.
 *
 * @param <T> what is read
 */
final class ReadBeside<T> {
    private final FutureTask<T> task;

    private ReadBeside(Callable<T> reading) {
        this.task = new FutureTask<>(reading);
    }

    /**
     * Begins to read.
     *
     * @param thread the name of the thread that does it, which keeps no JVM alive
     * @param reading reads
     */
    static <T> ReadBeside<T> begin(String thread, Callable<T> reading) {
        ReadBeside<T> beside = new ReadBeside<>(reading);
        DaemonThreads.named(thread).newThread(beside.task).start();
        return beside;
    }

    /**
     * Waits for what is read.
     *
     * @return the same each time
     * @throws IOException what reading threw, as are unchecked exceptions and errors; or if this thread is interrupted
     */
    T get() throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof RuntimeException failure) {
                throw failure;
            }
            if (cause instanceof Error failure) {
                throw failure;
            }
            throw cause instanceof IOException failure ? failure : new IOException(cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
