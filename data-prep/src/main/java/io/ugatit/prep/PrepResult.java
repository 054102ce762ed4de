package io.ugatit.prep;

/**
 * What the prep job made.
 *
 * @param path the dataset folder, fully qualified
 * @param trainA images of domain A to train on
 * @param trainB images of domain B to train on
 * @param testA images of domain A to judge by
 * @param testB images of domain B to judge by
 * @param duplicates files left out because an earlier one in the same folder has the same bytes
 * @param rejected image files that could not be decoded
 * @param notImages files that are no images at all
 * @param contentHash the dataset's hash: the same images and options give the same one
 * @param seconds how long the job took
 */
public record PrepResult(
        String path,
        long trainA,
        long trainB,
        long testA,
        long testB,
        long duplicates,
        long rejected,
        long notImages,
        String contentHash,
        double seconds) {}
