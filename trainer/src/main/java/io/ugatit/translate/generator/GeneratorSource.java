package io.ugatit.translate.generator;

import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.weights.WeightsFile;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Where a generator's parameters are, precisely enough to tell two versions of a file apart.
 *
 * @param file a safetensors file, fully qualified
 * @param length of the file in bytes
 * @param modified when the file was last written, in milliseconds
 * @param network which of its networks
 * @param options sizes of the network
 */
public record GeneratorSource(String file, long length, long modified, Network network, NetworkOptions options) implements Serializable {

    /**
     * A generator in a file, whose header is read and whose tensors' names and shapes are checked.
     *
     * @param configuration finds the file's file system
     * @param file a safetensors file, fully qualified
     * @param network one of the two generators
     * @param options sizes that the network must have
     * @throws io.ugatit.job.InvalidRequestException if the file does not hold such a generator; one line that names what is wrong
     * @throws IOException if the file system fails
     */
    public static GeneratorSource of(Configuration configuration, Path file, Network network, NetworkOptions options) throws IOException {
        try (WeightsFile weights = WeightsFile.open(configuration, file)) {
            weights.check(network, options);
        }
        FileStatus status = file.getFileSystem(configuration).getFileStatus(file);
        return new GeneratorSource(file.toString(), status.getLen(), status.getModificationTime(), network, options);
    }
}
