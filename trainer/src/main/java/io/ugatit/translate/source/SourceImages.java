package io.ugatit.translate.source;

import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormatException;
import io.ugatit.input.InputFile;
import io.ugatit.input.LeftOut;
import io.ugatit.input.SourceReader;
import io.ugatit.input.UnusableFileException;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.translate.output.TranslationWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/** The images of an input, read when they are decoded. */
public final class SourceImages implements Closeable {
    private final SourceReader reader;

    /** @param input what the places of images are relative to */
    public SourceImages(Configuration configuration, Path input) {
        this.reader = new SourceReader(configuration, input, () -> { });
    }

    /**
     * An image, whose reading fails as no image or as an image that cannot be used. What the file system fails is a
     * {@link JobFailedException}: it may be readable on the next attempt, so it is no reject.
     *
     * @param image as it was listed
     */
    public ImageFile file(InputFile image) {
        return new ImageFile(image.path(), image.length(), () -> read(image));
    }

    private byte[] read(InputFile image) throws ImageFormatException {
        try (InputStream in = reader.open(image.path(), image.length(), image.modified(), image.member())) {
            return ImageFile.read(in, image.path(), image.length());
        } catch (ImageFormatException e) {
            throw e;
        } catch (UnusableFileException e) {
            throw new ImageFormatException(e.getMessage(), e);
        } catch (AccessDeniedException e) {
            throw new ImageFormatException(LeftOut.NO_PERMISSION, e);
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot read " + image.path() + " (" + FileFailure.reason(e) + "); " + TranslationWriter.SAFE, e);
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
