package io.ugatit.evaluate;

import io.ugatit.checkpoint.CheckpointChoice;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.tensor.choice.KernelOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options of {@link EvaluateJob}.
 *
 * @param run whose checkpoint is judged
 * @param data a data set that {@code prep} made, of the run's size, with test images
 * @param extractor what features to compare; null becomes {@code inception}, or {@code inception-2015-12-05} with {@code fidWeights}
 * @param fidWeights the weights of the network of publications, a file; null for none
 * @param features folder that keeps the real images' features; null becomes {@code evaluation/features} of the run
 * @param maxImages test images of each domain that take part at most, 2 to 100000, spread evenly over all; KID takes time in
 *     proportion to their square
 * @param kidSubsets random subsets of which KID is computed beside that of all images, 1 to 10000
 * @param kidSubsetSize images in each of them, 2 to 100000, or as many as the domain with fewer has
 * @param seed of the subsets and of the directions of the sliced Wasserstein distance
 * @param pairs whether test images of the same name in both domains are compared pixel by pixel
 * @param kernels to compute with; null becomes the fastest
 * @param checkpoint which of the run's is judged; null becomes the newest whole one
 */
public record EvaluateOptions(
        @Option(names = "--run", required = true, paramLabel = "RUN",
                description = "run whose checkpoint is judged, or a workspace of retrain for its promoted run") String run,
        @Option(names = "--data", required = true, paramLabel = "DATASET",
                description = "data set of the run's size, with test images") String data,
        @Option(names = "--extractor", paramLabel = "NAME",
                description = "features that are compared: inception, which sees objects and takes a core about 0.2 s for each translation"
                        + " and, the first time, each image; random-conv, which takes milliseconds; or thumbnail; none of these is comparable"
                        + " with published figures (default: inception unless --fid-weights is given)") String extractor,
        @Option(names = "--fid-weights", paramLabel = "FILE",
                description = "weights of the network with which publications compute FID and KID, the state_dict of pt_inception-2015-12-05 as"
                        + " safetensors or of PyTorch 1.6 or newer: the extractor is inception-2015-12-05 then (default: none)")
                String fidWeights,
        @Option(names = "--features", paramLabel = "DIR",
                description = "folder that keeps the features of the real test images; runs judged by one data set may share it, so that"
                        + " each costs its translations alone (default: evaluation/features in the run)") String features,
        @Option(names = "--max-images", paramLabel = "N", defaultValue = "10000",
                description = "test images of each domain that take part at most, 2 to 100000, spread evenly over all"
                        + " (default: ${DEFAULT-VALUE})") int maxImages,
        @Option(names = "--kid-subsets", paramLabel = "N", defaultValue = "100",
                description = "random subsets of which KID is computed beside that of all images, 1 to 10000 (default: ${DEFAULT-VALUE})")
                int kidSubsets,
        @Option(names = "--kid-subset-size", paramLabel = "N", defaultValue = "1000",
                description = "images in each of them, 2 to 100000, or as many as the domain with fewer has (default: ${DEFAULT-VALUE})")
                int kidSubsetSize,
        @Option(names = "--seed", paramLabel = "SEED", defaultValue = "0",
                description = "decides the subsets and the directions of the sliced Wasserstein distance (default: ${DEFAULT-VALUE})")
                long seed,
        @Option(names = "--pairs",
                description = "compares translations with the test image of the same name in the other domain, extensions aside, pixel by pixel:"
                        + " SSIM and mean absolute difference; only for data sets whose test images show the same in both (default: off)")
                boolean pairs,
        @Mixin KernelOptions kernels,
        @Mixin CheckpointChoice checkpoint) {

    /** @throws InvalidRequestException if a value is missing, out of range or names no extractor */
    public EvaluateOptions {
        if (run == null || run.isBlank()) {
            throw new InvalidRequestException("--run is missing: must be the folder of a run");
        }
        if (data == null || data.isBlank()) {
            throw new InvalidRequestException("--data is missing: must be a data set that the prep command made");
        }
        extractor = extractor(extractor, fidWeights);
        if (features != null && features.isBlank()) {
            throw new InvalidRequestException("--features is empty: must be a folder");
        }
        kernels = kernels == null ? KernelOptions.DEFAULT : kernels;
        checkpoint = checkpoint == null ? CheckpointChoice.NEWEST : checkpoint;
        if (maxImages < 2 || maxImages > 100_000) {
            throw new InvalidRequestException("--max-images is " + maxImages + ": must be from 2 to 100000");
        }
        if (kidSubsets < 1 || kidSubsets > 10_000) {
            throw new InvalidRequestException("--kid-subsets is " + kidSubsets + ": must be from 1 to 10000");
        }
        if (kidSubsetSize < 2 || kidSubsetSize > 100_000) {
            throw new InvalidRequestException("--kid-subset-size is " + kidSubsetSize + ": must be from 2 to 100000");
        }
    }

    /**
     * Options with all else as the command line has it by default.
     *
     * @throws InvalidRequestException if a value is missing, out of range or names no extractor
     */
    public EvaluateOptions(String run, String data, String extractor, int maxImages, KernelOptions kernels) {
        this(run, data, extractor, null, null, maxImages, 100, 1000, 0, false, kernels, null);
    }

    private static String extractor(String asked, String fidWeights) {
        if (fidWeights != null) {
            if (fidWeights.isBlank()) {
                throw new InvalidRequestException("--fid-weights is empty: must be a file");
            }
            if (asked != null && !asked.equals(FidFeatures.NAME)) {
                throw new InvalidRequestException("--extractor is '" + asked + "' beside --fid-weights, whose extractor is " + FidFeatures.NAME
                        + ": leave one of them out");
            }
            return FidFeatures.NAME;
        }
        if (FidFeatures.NAME.equals(asked)) {
            throw new InvalidRequestException("--extractor is '" + asked + "': needs its weights, --fid-weights FILE");
        }
        return FeatureExtractor.named(asked == null ? FeatureExtractor.standard() : asked).name();
    }
}
