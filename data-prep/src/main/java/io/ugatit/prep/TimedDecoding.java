package io.ugatit.prep;

import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormat;
import io.ugatit.image.ImageFormatException;
import io.ugatit.image.RgbImage;
import io.ugatit.input.LeftOut;
import io.ugatit.input.SourceReader;
import io.ugatit.input.UnusableFileException;
import io.ugatit.job.DaemonThreads;
import io.ugatit.job.JobFailedException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/**
 * Reads, decodes and fits the files of one task, one after another, each within a time. For use by one thread.
 *
 * <p>A second thread does it. One that takes too long is interrupted and left to itself, because decoders and file systems need not heed
 * that, and the next file gets a new thread and a new reader. The one left goes on computing, and keeps its share of the memory for pixels
 * until it ends; what it gives then is dropped. Time in which a file waits for memory does not count, nor does coming to a file in a
 * compressed archive as long as that goes on.
 */
final class TimedDecoding implements Closeable {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** In this process: names of files that took too long and have not ended yet. */
    private static final Set<String> ENDLESS = ConcurrentHashMap.newKeySet();

    private final ImageDecoder decoder;
    private final int seconds;
    private final Function<Runnable, SourceReader> readers;
    private Worker worker;

    /**
     * @param decoder decodes
     * @param seconds for each file, at least 1
     * @param conf finds the file system
     * @param input what the files' paths are relative to, fully qualified
     */
    TimedDecoding(ImageDecoder decoder, int seconds, Configuration conf, Path input) {
        this.decoder = decoder;
        this.seconds = seconds;
        this.readers = passed -> new SourceReader(conf, input, passed);
    }

    /**
     * Reads, decodes and fits a file.
     *
     * @param source the file
     * @param fit how it becomes a square
     * @param side the square's side in pixels
     * @param use what becomes of the square and of the file's bytes, in another thread; gives no null
     * @return what {@code use} gives
     * @throws ImageFormatException if the file cannot become an image, or takes too long
     * @throws JobFailedException if the file system fails, or memory is held by files that take too long
     */
    <T> T decode(SourceFile source, Fit fit, int side, BiFunction<RgbImage, byte[], T> use) throws ImageFormatException {
        if (worker == null) {
            worker = new Worker();
        }
        Worker own = worker;
        ImageFile file = new ImageFile(source.source(), source.length(), own.content(source));
        Future<T> result = own.start(() -> decoder.decode(file, fit, side, use));
        try {
            return await(result, own, source);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ImageFormatException reason) {
                throw reason;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException("decoding " + source.name() + " failed", e.getCause());
        }
    }

    private <T> T await(Future<T> result, Worker own, SourceFile source) throws ExecutionException, ImageFormatException {
        long waiting = System.nanoTime();
        while (true) {
            Long started = own.started;
            long now = System.nanoTime();
            long left = TimeUnit.SECONDS.toNanos(seconds) - (now - (started == null ? waiting : started));
            if (started != null) {
                waiting = now;
            }
            if (left <= 0 && started != null) {
                abandon(result, own, source.name());
                throw new ImageFormatException("reading and decoding it took longer than the " + seconds
                        + " seconds that --file-seconds allows");
            }
            if (left <= 0 && !ENDLESS.isEmpty()) {
                abandon(result, own, source.name());
                throw new JobFailedException(source.name() + " waits for memory that files hold which still go on after --file-seconds "
                        + seconds + ": " + String.join(", ", ENDLESS.stream().filter(name -> !name.equals(source.name())).toList())
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
        ENDLESS.add(name);
        result.cancel(true);
        own.endWhenDone(() -> ENDLESS.remove(name));
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
        private final ExecutorService thread = Executors.newSingleThreadExecutor(DaemonThreads.named("decode"));
        private final SourceReader reader = readers.apply(() -> started = System.nanoTime());
        /** When the clock began to run; null while it does not. */
        private volatile Long started;

        <T> Future<T> start(Callable<T> task) {
            started = null;
            return thread.submit(task);
        }

        void endWhenDone(Runnable also) {
            thread.submit(() -> {
                reader.close();
                also.run();
                return null;
            });
            thread.shutdown();
        }

        ImageFile.Content content(SourceFile source) {
            return new ImageFile.Content() {
                @Override
                public byte[] read() throws ImageFormatException {
                    started = System.nanoTime();
                    return bytes(source);
                }

                @Override
                public void waits() {
                    started = null;
                }
            };
        }

        /** Reads a file if it may be an image. A file that cannot be read fails the task: it may be there on the next attempt. */
        private byte[] bytes(SourceFile source) throws ImageFormatException {
            try (InputStream in = source.open(reader)) {
                started = System.nanoTime();
                byte[] head = in.readNBytes(ImageFormat.MAGIC_LENGTH);
                ImageFormat.requireImage(head, source.source());
                ImageFile.requireLength(source.length());
                byte[] file = Arrays.copyOf(head, (int) source.length());
                in.readNBytes(file, head.length, file.length - head.length);
                in.read(); // nothing follows, or the file has grown
                return file;
            } catch (ImageFormatException e) {
                throw e;
            } catch (UnusableFileException e) {
                throw new ImageFormatException(e.getMessage(), e);
            } catch (AccessDeniedException e) {
                throw new ImageFormatException(LeftOut.NO_PERMISSION, e);
            } catch (IOException | FSError e) {
                throw source.unreadable(e);
            }
        }
    }
}
