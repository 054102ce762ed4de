package io.ugatit.prep;

/**
 * What the prep job made, or found to be up to date.
 *
 * @param path the dataset folder, fully qualified
 * @param trainA images of domain A to train on
 * @param trainB images of domain B to train on
 * @param testA images of domain A to judge by
 * @param testB images of domain B to judge by
 * @param duplicates files left out because an earlier one in the same folder has the same bytes
 * @param rejected image files that could not be decoded, and what this user may not read
 * @param notImages files that are no images at all
 * @param leaks train files left out because a test file of the same domain has the same bytes
 * @param hidden hidden files and folders
 * @param links links to nothing, or to a folder that is read under another name
 * @param noRegularFiles pipes, sockets and devices
 * @param nearDuplicates train files left out because they look like a test file of the same domain
 * @param version the dataset's version; the same as before if nothing was new
 * @param added images of files that the version before did not have
 * @param changed images of files that are others than in the version before
 * @param unchanged images that were prepared before
 * @param vanished images of the version before whose files are gone; they stay unless the input is mirrored
 * @param contentHash the dataset's hash: the same images and options give the same one, at once or by and by
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
        long leaks,
        long hidden,
        long links,
        long noRegularFiles,
        long nearDuplicates,
        int version,
        long added,
        long changed,
        long unchanged,
        long vanished,
        String contentHash,
        double seconds) {}
