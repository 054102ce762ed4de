package io.ugatit.translate;

import io.ugatit.checkpoint.CheckpointChoice;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.InvalidRequestException;
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
 * @param size with {@code weights} of a light model: height and width of the images in pixels; null for what the file says, else 256
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
     * @throws InvalidRequestException if there is no such generator; one line that names {@code --run}, {@code --weights},
     *     {@code --size}, {@code --direction}, {@code --checkpoint} or a file, and says what would be right
     * @throws io.ugatit.job.JobFailedException if the run cannot be listed
     * @throws IOException if the file system fails
     */
    public GeneratorSource find(Configuration configuration, Consumer<String> warn) throws IOException {
        Network network = direction.generator();
        if (weights != null) {
            Path file = file(configuration, weights);
            NetworkOptions options;
            try (WeightsFile opened = WeightsFile.open(configuration, file)) {
                opened.bareGenerator().filter(held -> held != network).ifPresent(held -> {
                    throw new InvalidRequestException("--direction is " + direction.word() + ": " + file + " holds " + held.key()
                            + " alone, which translates " + word(held));
                });
                options = opened.generator(network, size);
            }
            return GeneratorSource.of(configuration, file, network, options);
        }
        RunDirectory directory = directory(configuration, run);
        NetworkOptions options = RunConfig.network(directory);
        Path file = checkpoint.generators(checkpoint.find(new CheckpointStore(directory), warn));
        return GeneratorSource.of(configuration, file, network, options);
    }

    private static Path file(Configuration configuration, String weights) {
        Path file = PathOption.qualified(configuration, "--weights", weights);
        NameEncoding.require("--weights", file);
        return file;
    }

    private static String word(Network generator) {
        return (generator == Direction.A2B.generator() ? Direction.A2B : Direction.B2A).word();
    }

    /**
     * Refuses a file of one generator without its name where both are needed.
     *
     * @throws InvalidRequestException with one line that names {@code --direction} and the file
     * @throws IOException if the file system fails
     */
    static void requireBoth(Configuration configuration, String weights) throws IOException {
        Path file = file(configuration, weights);
        try (WeightsFile opened = WeightsFile.open(configuration, file)) {
            if (opened.isBare()) {
                throw new InvalidRequestException("--direction is both: " + file + " holds one generator; give "
                        + opened.bareGenerator().map(GeneratorRequest::word).orElse("a2b or b2a, the way it translates"));
            }
        }
    }

    /**
     * The run that is named, or that is promoted in the workspace that is named.
     *
     * @throws InvalidRequestException if there is none
     */
    static RunDirectory directory(Configuration configuration, String run) {
        RunDirectory directory = RunDirectory.open(run, configuration);
        NameEncoding.require("--run", directory.path());
        return directory;
    }
}
