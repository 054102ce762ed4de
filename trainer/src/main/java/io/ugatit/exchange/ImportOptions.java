package io.ugatit.exchange;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.NetworkOptions;
import picocli.CommandLine.Option;

/**
 * What the import job is asked for.
 *
 * @param weights the file with the parameters of all six networks: safetensors, or of PyTorch
 * @param run the run to make; must not exist, or be an empty folder
 * @param size height and width of the images in pixels; null for what the file says, else 256
 */
public record ImportOptions(
        @Option(names = "--weights", required = true, paramLabel = "FILE",
                description = "safetensors file or checkpoint of PyTorch with the parameters under the authors' keys, prefixed by the network")
        String weights,
        @Option(names = "--run", required = true, paramLabel = "RUN", description = "run to make; must not exist") String run,
        @Option(names = "--size", paramLabel = "PIXELS",
                description = "height and width of the images in pixels, which full models and files of export tell (default: 256)") Integer size) {

    /** @throws InvalidRequestException if a path is missing or the size is not possible */
    public ImportOptions {
        if (weights == null || weights.isBlank()) {
            throw new InvalidRequestException("--weights is missing: must be a safetensors file or a checkpoint of PyTorch");
        }
        if (run == null || run.isBlank()) {
            throw new InvalidRequestException("--run is missing: must be a folder to make");
        }
        if (size != null) {
            NetworkOptions.requireSize(size);
        }
    }
}
