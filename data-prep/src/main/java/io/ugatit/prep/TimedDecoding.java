package io.ugatit.prep;

import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormatException;
import io.ugatit.input.LeftOut;
import io.ugatit.input.SourceReader;
import io.ugatit.input.UnusableFileException;
import io.ugatit.job.JobFailedException;
import io.ugatit.prep.TimedReading.Clock;
import io.ugatit.prep.source.SourceFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.hadoop.fs.FSError;

/** Reads, decodes and fits files, each within a time, in which waiting for memory does not count. For use by one thread. */
final class TimedDecoding implements Closeable {
    private final ImageDecoder decoder;
    private final TimedReading files;

    /**
     * @param decoder decodes
     * @param files reads; closed with this
     */
    TimedDecoding(ImageDecoder decoder, TimedReading files) {
        this.decoder = decoder;
        this.files = files;
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
    <T> T decode(SourceFile source, Fit fit, int side, ImageDecoder.Use<T> use) throws ImageFormatException {
        try {
            return files.run(source, new TimedReading.Work<T>() {
                @Override
                public T with(SourceReader reader, Clock clock) throws ImageFormatException {
                    return decoder.decode(new ImageFile(source.source(), source.length(), content(source, reader, clock)), fit, side, use);
                }

                @Override
                public boolean waitsInVain(Thread thread, Set<Thread> endless) {
                    return decoder.waitsInVain(thread, endless);
                }
            });
        } catch (TimedReading.TooLongException e) {
            throw new ImageFormatException(e.getMessage(), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ImageFormatException reason) {
                throw reason;
            }
            throw new IllegalStateException("decoding throws nothing else", e.getCause());
        }
    }

    private static ImageFile.Content content(SourceFile source, SourceReader reader, Clock clock) {
        return new ImageFile.Content() {
            @Override
            public byte[] read() throws ImageFormatException {
                clock.start();
                return bytes(source, reader, clock);
            }

            @Override
            public void waits() {
                clock.stop();
            }
        };
    }

    /** Reads a file if it may be an image. A file that cannot be read fails the task: it may be there on the next attempt. */
    private static byte[] bytes(SourceFile source, SourceReader reader, Clock clock) throws ImageFormatException {
        try (InputStream in = source.open(reader)) {
            clock.start();
            return ImageFile.read(in, source.source(), source.length());
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

    @Override
    public void close() {
        files.close();
    }
}
