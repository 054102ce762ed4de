package io.ugatit.evaluate;

import io.ugatit.dataset.Sha256;
import io.ugatit.job.FileFailure;
import io.ugatit.job.Host;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.PathOption;
import io.ugatit.publish.Publishing;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Which extractor, precisely enough for another machine to use the same.
 *
 * @param name of the extractor
 * @param file its weights, fully qualified; null if it comes with the program
 * @param sha256 of that file; null likewise
 */
record ExtractorSource(String name, String file, String sha256) implements Serializable {
    private static final int BUFFER_BYTES = 1 << 20;

    /**
     * The extractor that options ask for.
     *
     * @throws InvalidRequestException if the file of its weights is not there
     * @throws IOException if it cannot be read
     */
    static ExtractorSource of(EvaluateOptions options, Configuration configuration) throws IOException {
        if (options.fidWeights() == null) {
            return new ExtractorSource(options.extractor(), null, null);
        }
        Path path = PathOption.qualified(configuration, "--fid-weights", options.fidWeights());
        return new ExtractorSource(options.extractor(), path.toString(), sha256(configuration, path));
    }

    /** The hash of a file of any length. @throws InvalidRequestException if there is no such file */
    static String sha256(Configuration configuration, Path path) throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        FileSystem fileSystem = Publishing.fileSystem(configuration, path);
        Publishing.requireFile(fileSystem, path);
        try (InputStream in = fileSystem.open(path)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException(path + ": there is no such file", e);
        } catch (FSError e) {
            throw FileFailure.of(path, e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * The extractor, read once in a JVM.
     *
     * @throws InvalidRequestException if the file of its weights does not hold them, with one line that names it
     * @throws IOException if it cannot be read
     */
    FeatureExtractor open(Configuration configuration) throws IOException {
        return file == null ? FeatureExtractor.named(name) : FidFeatures.of(this, configuration);
    }

    /**
     * The extractor in a task, after the driver has opened it.
     *
     * @throws JobFailedException if the file cannot be read here, with one line that names this machine and {@code --fid-weights}
     * @throws IOException if the extractor has no file and cannot be read
     */
    FeatureExtractor openInTask(Configuration configuration) throws IOException {
        try {
            return open(configuration);
        } catch (IOException | FSError | InvalidRequestException e) {
            if (file == null) {
                throw e;
            }
            throw new JobFailedException("--fid-weights " + file + " cannot be read on " + Host.name() + " ("
                    + FileFailure.reason(e).replace(file + ": ", "") + "): give a path that every executor sees", e);
        }
    }
}
