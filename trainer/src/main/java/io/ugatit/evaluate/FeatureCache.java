package io.ugatit.evaluate;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Sha256;
import io.ugatit.job.FileFailure;
import io.ugatit.publish.Publishing;
import io.ugatit.publish.Removal;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The features of a data set's real test images, kept in the run, where data sets that may not be written to are no hindrance, or
 * in a folder that several runs share: one file for
 * each extractor and domain, replaced when images or weights are others.
 *
 * <p>A file is the SHA-256 of all that follows (32 bytes); a line that says what of which images is in it; the features, an image after the
 * other, 32-bit floats in little-endian order. Its length follows from what is asked for, so no memory is taken on the file's word.
 * Whatever is not as it must be is computed anew, and said.
 */
final class FeatureCache {
    private static final String BEGINNING = "ugatit features 2, ";
    private static final int HASH_BYTES = 32;

    private final Configuration configuration;
    private final Path folder;
    private final String dataset;
    private final FeatureExtractor extractor;
    private final Consumer<String> say;

    /**
     * @param folder where the files are; need not be there
     * @param dataset its images and their order, on which it depends which ones take part
     * @param say takes a line where a file cannot be used
     */
    FeatureCache(Configuration configuration, Path folder, String dataset, FeatureExtractor extractor, Consumer<String> say) {
        this.configuration = configuration;
        this.folder = folder;
        this.dataset = dataset;
        this.extractor = extractor;
        this.say = say;
    }

    /** Where the features of a domain are. */
    Path file(Domain domain) {
        return new Path(folder, extractor.name() + "-test" + domain + ".features");
    }

    private byte[] line(Domain domain, int count, long available) {
        return (BEGINNING + "data set " + dataset + ", " + extractor.identity() + ", test" + domain
                + " " + count + " of " + available + ", " + extractor.dimension() + " each\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The features of so many images spread evenly over a domain's test images; empty if they are not there or cannot be trusted.
     *
     * @param count how many images
     * @param available how many the data set has
     */
    Optional<float[][]> read(Domain domain, int count, long available) {
        Path file = file(domain);
        try {
            FileSystem fileSystem = Publishing.fileSystem(configuration, file);
            long length = fileSystem.getFileStatus(file).getLen();
            try (FSDataInputStream in = fileSystem.open(file)) {
                return read(in, length, line(domain, count, available), count);
            }
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (DamagedException | EOFException e) {
            say.accept("the features kept in " + file + " are damaged (" + FileFailure.reason(e) + "): they are computed anew");
        } catch (IOException | FSError e) {
            say.accept("the features kept in " + file + " cannot be read (" + FileFailure.reason(e) + "): they are computed anew");
        }
        return Optional.empty();
    }

    private Optional<float[][]> read(FSDataInputStream in, long length, byte[] line, int count) throws IOException {
        byte[] hash = new byte[HASH_BYTES];
        byte[] found = new byte[line.length];
        if (length < HASH_BYTES + line.length) {
            throw new DamagedException("it has " + length + " bytes");
        }
        in.readFully(hash);
        in.readFully(found);
        if (!Arrays.equals(found, line)) {
            if (!new String(found, StandardCharsets.UTF_8).startsWith(BEGINNING)) {
                throw new DamagedException("it does not begin as it must");
            }
            return Optional.empty(); // of other images or weights
        }
        int width = extractor.dimension();
        long expected = HASH_BYTES + line.length + (long) count * width * Float.BYTES;
        if (length != expected) {
            throw new DamagedException("it has " + length + " bytes, not " + expected);
        }
        MessageDigest digest = Sha256.digest();
        digest.update(line);
        float[][] features = new float[count][width];
        byte[] row = new byte[width * Float.BYTES];
        for (float[] image : features) {
            in.readFully(row);
            digest.update(row);
            ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(image);
        }
        if (!Arrays.equals(digest.digest(), hash)) {
            throw new DamagedException("its SHA-256 is not that in it");
        }
        return Optional.of(features);
    }

    /** Keeps the features of a domain, in place of what was kept of it. If they cannot be written, that is said, and no harm is done. */
    void write(Domain domain, long available, float[][] features) {
        Path file = file(domain);
        byte[] line = line(domain, features.length, available);
        MessageDigest digest = Sha256.digest();
        digest.update(line);
        for (float[] image : features) {
            digest.update(bytes(image));
        }
        byte[] hash = digest.digest();
        try {
            Removal.asFarAsPossible(() -> Removal.removeAbandonedFiles(configuration, folder));
            Publishing.write(configuration, file, (OutputStream out) -> {
                out.write(hash);
                out.write(line);
                for (float[] image : features) {
                    out.write(bytes(image));
                }
            });
        } catch (IOException | FSError e) {
            say.accept("the features of the real images cannot be kept in " + file + " (" + FileFailure.reason(e)
                    + "): the next evaluation computes them again");
        }
    }

    private static byte[] bytes(float[] image) {
        ByteBuffer bytes = ByteBuffer.allocate(image.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(image);
        return bytes.array();
    }

    /** A file that is not what was written. */
    private static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(String why) {
            super(why);
        }
    }
}
