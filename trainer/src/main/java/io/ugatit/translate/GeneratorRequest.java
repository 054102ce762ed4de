package io.ugatit.translate;

import io.ugatit.checkpoint.CheckpointChoice;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.PathOption;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.translate.generator.GeneratorSource;
import io.ugatit.weights.WeightsFile;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Which generator is asked for: of a run's checkpoint, or of a file. One of {@code run} and {@code weights} is given, the other
 * is null.
 *
 * @param run folder of the run, or a workspace of {@code retrain}
 * @param weights a safetensors file or PyTorch checkpoint with the generator's parameters under {@code NET.KEY}
 * @param size with {@code weights} of a light model: height and width of the images in pixels; null for 256, and for what a full model says
 * @param direction which of the two generators
 * @param checkpoint which of the run's
 */
public record GeneratorRequest(String run, String weights, Integer size, Direction direction, CheckpointChoice checkpoint) {

    /**
     * Finds the generator, and checks that its tensors have the right names and shapes. Every file of the checkpoint is read once to
     * compare its hash.
     *
     * @param configuration finds file systems
     * @param warn takes one line for each newer checkpoint that is damaged
     * @return the file as it is now, so that whoever is given this computes with the same parameters
     * @throws io.ugatit.job.InvalidRequestException if there is no such generator; one line that names {@code --run}, {@code --weights},
     *     {@code --size}, {@code --checkpoint} or a file, and says what would be right
     * @throws io.ugatit.job.JobFailedException if the run cannot be listed
     * @throws IOException if the file system fails
     */
    public GeneratorSource find(Configuration configuration, Consumer<String> warn) throws IOException {
        Network network = direction.generator();
        if (weights != null) {
            Path file = PathOption.qualified(configuration, "--weights", weights);
            NameEncoding.require("--weights", file);
            NetworkOptions options;
            try (WeightsFile opened = WeightsFile.open(configuration, file)) {
                options = opened.generator(network, size);
            }
            return GeneratorSource.of(configuration, file, network, options);
        }
        RunDirectory directory = directory(configuration, run);
        NetworkOptions options = RunConfig.network(directory);
        Path file = checkpoint.generators(checkpoint.find(new CheckpointStore(directory), warn));
        return GeneratorSource.of(configuration, file, network, options);
    }

    /**
     * The run that is named, or that is promoted in the workspace that is named; it is there or not.
     *
     * @throws io.ugatit.job.InvalidRequestException if it cannot be one
     */
    static RunDirectory directory(Configuration configuration, String run) {
        RunDirectory directory = RunDirectory.named(run, configuration);
        NameEncoding.require("--run", directory.path());
        return directory;
    }
}
