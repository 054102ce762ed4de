package io.ugatit.prep;

import io.ugatit.input.SourceReader;
import io.ugatit.job.DaemonThreads;
import io.ugatit.job.JobFailedException;
import io.ugatit.prep.source.SourceFile;
import java.io.Closeable;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Does something with the files of one task, one after another, each within a time. For use by one thread.
 *
 * <p>A second thread does it. If that takes too long, it is interrupted and left to itself, because neither decoders nor file systems need
 * heed that, and the next file gets a new thread and a new reader. The one left goes on computing, and keeps its share of the memory for
 * pixels until it ends; what it gives then is dropped.
 */
final class TimedReading implements Closeable {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Threads that were left to themselves, with the names of their files. */
    private static final Map<Thread, String> ENDLESS = new ConcurrentHashMap<>();

    private final int seconds;
    private final Configuration conf;
    private final Path input;
    private Worker worker;

    /** What is done with a file. */
    @FunctionalInterface
    interface Work<T> {
        /**
         * Does it, in another thread.
         *
         * @param reader of the input
         * @param clock of the file's time, which does not run yet
         */
        T with(SourceReader reader, Clock clock) throws Exception;

        /**
         * Whether a thread, which does such work and whose clock stands, waits for what will not come.
         *
         * @param endless threads that do such work and did not end in time
         */
        default boolean waitsInVain(Thread thread, Set<Thread> endless) {
            return false;
        }
    }

    /** A file's time. It runs from {@link #start} on, which may come again. */
    static final class Clock {
        private volatile Long started;

        /** Lets it run from zero. */
        void start() {
            started = System.nanoTime();
        }

        /** Lets it stand, while a file waits for others. */
        void stop() {
            started = null;
        }
    }

    /** A file took longer than it may; the message says so. */
    static final class TooLongException extends Exception {
        private static final long serialVersionUID = 1L;

        private TooLongException(int seconds) {
            super("reading and decoding it took longer than the " + seconds + " seconds that --file-seconds allows");
        }
    }

    /**
     * @param seconds for each file, at least 1
     * @param conf finds the file system
     * @param input what the files' paths are relative to, fully qualified
     */
    TimedReading(int seconds, Configuration conf, Path input) {
        this.seconds = seconds;
        this.conf = conf;
        this.input = input;
    }

    /** Names of the files of this process that took too long and have not ended yet. */
    static Set<String> endless() {
        return Set.copyOf(ENDLESS.values());
    }

    /**
     * Does something with a file.
     *
     * @return what the work gives
     * @throws TooLongException if it takes too long
     * @throws ExecutionException what the work throws, as its cause; never an error or an unchecked exception, which come as they are
     * @throws JobFailedException if the file waits for memory so much of which is held by files that took too long and do not end that it
     *     waits in vain
     */
    <T> T run(SourceFile source, Work<T> work) throws TooLongException, ExecutionException {
        if (worker == null) {
            worker = new Worker();
        }
        Worker own = worker;
        own.clock.stop();
        Future<T> result = own.thread.submit(() -> work.with(own.reader, own.clock));
        try {
            return await(result, own, source, work);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw e;
        }
    }

    private <T> T await(Future<T> result, Worker own, SourceFile source, Work<T> work) throws ExecutionException, TooLongException {
        long waitsSince = System.nanoTime();
        while (true) {
            Long started = own.clock.started;
            long now = System.nanoTime();
            waitsSince = started == null ? waitsSince : now;
            long left = TimeUnit.SECONDS.toNanos(seconds) - (now - (started == null ? waitsSince : started));
            if (left <= 0 && started != null) {
                abandon(result, own, source.name());
                throw new TooLongException(seconds);
            }
            if (left <= 0 && work.waitsInVain(own.runner, ENDLESS.keySet())) {
                String others = String.join(", ", endless());
                abandon(result, own, source.name());
                throw new JobFailedException(source.name()
                        + " waits for memory, which files still hold that did not end within --file-seconds " + seconds + ": " + others
                        + "; take them out of the input; nothing was published");
            }
            try {
                return result.get(left <= 0 ? LOOK_NANOS : Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                continue; // look at the clock again: it may have been set anew
            } catch (InterruptedException e) {
                abandon(result, own, source.name());
                Thread.currentThread().interrupt();
                throw new JobFailedException("interrupted; nothing was published", e);
            }
        }
    }

    private void abandon(Future<?> result, Worker own, String name) {
        worker = null;
        ENDLESS.put(own.runner, name);
        result.cancel(true);
        own.endWhenDone(() -> ENDLESS.remove(own.runner));
    }

    /** Ends the thread. */
    @Override
    public void close() {
        if (worker != null) {
            worker.endWhenDone(() -> { });
            worker = null;
        }
    }

    /** A thread and what it reads with. */
    private final class Worker {
        private final Clock clock = new Clock();
        /** The one thread, from the first file on. */
        private volatile Thread runner;
        private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
            runner = DaemonThreads.named("read files").newThread(task);
            return runner;
        });
        /** Coming to a file in a compressed archive has no limit as long as it goes on. */
        private final SourceReader reader = new SourceReader(conf, input, clock::start);

        void endWhenDone(Runnable also) {
            thread.submit(() -> {
                also.run();
                reader.close();
                return null;
            });
            thread.shutdown();
        }
    }
}
