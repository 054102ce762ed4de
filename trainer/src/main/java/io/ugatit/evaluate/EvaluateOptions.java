package io.ugatit.evaluate;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.tensor.choice.KernelOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options of {@link EvaluateJob}.
 *
 * @param run whose newest whole checkpoint is judged
 * @param data a data set that {@code prep} made, of the run's size, with test images
 * @param extractor what features to compare; null becomes {@code random-conv}
 * @param maxImages test images of each domain that take part at most, 2 to 100000, spread evenly over all; KID takes time in
 *     proportion to their square
 * @param kernels to compute with; null becomes the fastest
 */
public record EvaluateOptions(
        @Option(names = "--run", required = true, paramLabel = "RUN", description = "run whose newest whole checkpoint is judged") String run,
        @Option(names = "--data", required = true, paramLabel = "DATASET",
                description = "data set of the run's size, with test images") String data,
        @Option(names = "--extractor", paramLabel = "NAME", defaultValue = "random-conv",
                description = "features that are compared: random-conv, thumbnail, or inception, which sees objects and takes a core 0.15 s"
                        + " for each image and each translation; none is comparable with published figures (default: ${DEFAULT-VALUE})") String extractor,
        @Option(names = "--max-images", paramLabel = "N", defaultValue = "10000",
                description = "test images of each domain that take part at most, 2 to 100000, spread evenly over all"
                        + " (default: ${DEFAULT-VALUE})") int maxImages,
        @Mixin KernelOptions kernels) {

    /** @throws InvalidRequestException if a value is missing, out of range or names no extractor */
    public EvaluateOptions {
        if (run == null || run.isBlank()) {
            throw new InvalidRequestException("--run is missing: must be the folder of a run");
        }
        if (data == null || data.isBlank()) {
            throw new InvalidRequestException("--data is missing: must be a data set that the prep command made");
        }
        extractor = extractor == null ? RandomConvolutions.INSTANCE.name() : extractor;
        FeatureExtractor.named(extractor);
        kernels = kernels == null ? KernelOptions.DEFAULT : kernels;
        if (maxImages < 2 || maxImages > 100_000) {
            throw new InvalidRequestException("--max-images is " + maxImages + ": must be from 2 to 100000");
        }
    }
}
