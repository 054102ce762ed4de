package io.ugatit.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.dataset.Sha256;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.publish.Publishing;
import io.ugatit.publish.Publishing.Fingerprint;
import io.ugatit.safetensors.SafetensorsFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A published checkpoint: parameters, Adam moments, perhaps averages of the generators' parameters, and the position in training. Immutable;
 * its files may be pruned meanwhile.
 */
public final class Checkpoint {
    static final String PARAMETERS = "parameters.safetensors";
    static final String MOMENTS = "moments.safetensors";
    /** Only if the training averages. */
    static final String AVERAGES = "ema.safetensors";
    static final Set<String> FILES = new TreeSet<>(Set.of(PARAMETERS, MOMENTS));
    static final Set<String> FILES_WITH_AVERAGES = new TreeSet<>(Set.of(PARAMETERS, MOMENTS, AVERAGES));
    private static final int CHUNK_BYTES = 1 << 20;

    private final Configuration configuration;
    private final Path directory;
    private final Manifest manifest;

    private Checkpoint(Configuration configuration, Path directory, Manifest manifest) {
        this.configuration = configuration;
        this.directory = directory;
        this.manifest = manifest;
    }

    /**
     * Opens a checkpoint if manifest and files' lengths are right.
     *
     * @throws DamagedCheckpointException if anything is missing, unreadable or different from what was published
     * @throws InvalidRequestException if another version of this program published it, in another format
     */
    static Checkpoint open(Configuration configuration, Path directory, long step) throws DamagedCheckpointException {
        try {
            Path manifestFile = new Path(directory, Manifest.NAME);
            Manifest manifest = Manifest.parse(Publishing.read(configuration, manifestFile, Manifest.MAX_BYTES), manifestFile);
            if (manifest.step() != step) {
                throw new DamagedCheckpointException(Manifest.NAME + " is that of step " + manifest.step());
            }
            FileSystem fileSystem = Publishing.fileSystem(configuration, directory);
            for (Map.Entry<String, Fingerprint> file : manifest.files().entrySet()) {
                FileStatus status = fileSystem.getFileStatus(new Path(directory, file.getKey()));
                if (status.getLen() != file.getValue().length()) {
                    throw new DamagedCheckpointException(file.getKey() + " is " + status.getLen() + " bytes long, published were "
                            + file.getValue().length());
                }
            }
            return new Checkpoint(configuration, directory, manifest);
        } catch (FileNotFoundException e) {
            throw new DamagedCheckpointException("a file is missing: " + FileFailure.reason(e), e);
        } catch (IOException e) {
            throw DamagedCheckpointException.unreadable("cannot be read: " + FileFailure.reason(e), e);
        }
    }

    /**
     * Reads every file once and compares its hash.
     *
     * @throws DamagedCheckpointException if a file is unreadable or different from what was published
     */
    Checkpoint verified() throws DamagedCheckpointException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (Map.Entry<String, Fingerprint> file : manifest.files().entrySet()) {
            MessageDigest sha256 = Sha256.digest();
            Path path = new Path(directory, file.getKey());
            try (FSDataInputStream in = Publishing.fileSystem(configuration, path).open(path)) {
                for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                    sha256.update(chunk, 0, count);
                }
            } catch (IOException | FSError e) {
                throw DamagedCheckpointException.unreadable(file.getKey() + " cannot be read: " + FileFailure.reason(e), e);
            }
            if (!HexFormat.of().formatHex(sha256.digest()).equals(file.getValue().sha256())) {
                throw new DamagedCheckpointException(file.getKey() + " does not match its sha256");
            }
        }
        return this;
    }

    /** @return the last step that went into the parameters, at least 0 */
    public long step() {
        return manifest.step();
    }

    /** @return the checkpoint's folder */
    public Path directory() {
        return directory;
    }

    /**
     * The safetensors file of the generators that translate, under {@code NET.KEY}.
     *
     * @return that of the averages, which holds the generators only, if there are any; else that of all parameters
     */
    public Path parameters() {
        return hasAverages() ? new Path(directory, AVERAGES) : allParameters();
    }

    /** @return the safetensors file of all networks' parameters as the training left them, under {@code NET.KEY} */
    public Path allParameters() {
        return new Path(directory, PARAMETERS);
    }

    /** @return whether it was published with averages of the generators' parameters */
    public boolean hasAverages() {
        return manifest.files().containsKey(AVERAGES);
    }

    /** @return a copy of where training goes on, as it was published */
    public ObjectNode position() {
        return manifest.position().deepCopy();
    }

    /**
     * @return the file of all parameters as the training left them, to be closed by the caller
     * @throws IOException if the file system fails
     */
    public SafetensorsFile openParameters() throws IOException {
        return SafetensorsFile.open(configuration, new Path(directory, PARAMETERS));
    }

    /**
     * @return the file of the generators' averages, to be closed by the caller
     * @throws IllegalStateException if it was published without
     * @throws IOException if the file system fails
     */
    public SafetensorsFile openAverages() throws IOException {
        if (!hasAverages()) {
            throw new IllegalStateException(directory + " has no averages");
        }
        return SafetensorsFile.open(configuration, parameters());
    }

    /**
     * @return the moments' file, without a tensor if the checkpoint was published without moments; to be closed by the caller
     * @throws IOException if the file system fails
     */
    public SafetensorsFile openMoments() throws IOException {
        return SafetensorsFile.open(configuration, new Path(directory, MOMENTS));
    }

    /**
     * @return whether it was published with moments
     * @throws JobFailedException if the file system fails
     */
    public boolean hasMoments() {
        try (SafetensorsFile file = openMoments()) {
            return !file.tensors().isEmpty();
        } catch (IOException e) {
            throw new JobFailedException("Cannot read the checkpoint " + directory + ": " + FileFailure.reason(e), e);
        }
    }

    /**
     * Fills arrays with the whole checkpoint. Names must match exactly and shapes be equal.
     *
     * @param parameters FLOAT arrays by name, elements one after the other in 'c' order; views are fine
     * @param moments likewise; empty for a checkpoint that was published without moments
     * @throws InvalidRequestException if a tensor is missing, is one too many or has another shape; one line that names file and tensor, and
     *     no array is changed
     * @throws JobFailedException if the file system fails; the arrays may be partly filled then
     */
    public void readInto(Map<String, INDArray> parameters, Map<String, INDArray> moments) {
        try (SafetensorsFile parameterFile = openParameters(); SafetensorsFile momentFile = openMoments()) {
            parameterFile.checkMatches(parameters);
            momentFile.checkMatches(moments);
            parameterFile.readInto(parameters);
            momentFile.readInto(moments);
        } catch (IOException e) {
            throw new JobFailedException("Cannot read the checkpoint " + directory + ": " + FileFailure.reason(e), e);
        }
    }

    /**
     * Fills arrays with the averages, as {@link #readInto} does.
     *
     * @param averages FLOAT arrays by name
     * @throws IllegalStateException if it was published without
     * @throws InvalidRequestException if a tensor is missing, is one too many or has another shape; no array is changed
     * @throws JobFailedException if the file system fails; the arrays may be partly filled then
     */
    public void readAverages(Map<String, INDArray> averages) {
        try (SafetensorsFile file = openAverages()) {
            file.readInto(averages);
        } catch (IOException e) {
            throw new JobFailedException("Cannot read the checkpoint " + directory + ": " + FileFailure.reason(e), e);
        }
    }

    /**
     * Whether it was pruned since it was opened.
     *
     * @param failure of whoever has read it; takes what goes wrong with looking for it
     */
    public boolean isPruned(Exception failure) {
        try {
            return !Publishing.fileSystem(configuration, directory).exists(new Path(directory, Manifest.NAME));
        } catch (IOException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
