package io.ugatit.prep;

import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.Split;
import io.ugatit.dataset.Store;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.prep.source.TableOptions;
import io.ugatit.prep.version.NearDuplicatePolicy;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What the prep job is asked for.
 *
 * @param input the folder or archive that holds trainA, trainB and perhaps testA, testB; null if the images are in a table
 * @param output the dataset folder to make, or one made with the same options to add to
 * @param size side in pixels of the images the model works on: a multiple of 4 from 16 to 2048
 * @param loadSize side in pixels of the stored train images, from {@code size} to 4096; null becomes 286/256 of size, as the authors'
 * @param resize how images become squares; null becomes {@link Fit#STRETCH}
 * @param maxRejects the share of the images of a folder that may be unreadable, from 0 to 1
 * @param maxPixels the most pixels an image may have, from 1 to {@link ImageDecoder#LIMIT}; null becomes
 *        {@link ImageDecoder#DEFAULT_MAX_PIXELS}
 * @param store how pixels are stored; null becomes {@link Store#RAW}
 * @param mirror whether images whose files have vanished from the input are left out of the version
 * @param nearDuplicates what to do with train images that look like a test image; null becomes {@link NearDuplicatePolicy#REPORT}
 * @param fileSeconds how long reading, decoding and fitting a file may take, in seconds from 1 to 86400; null becomes 60
 * @param rejects a file for the list of what was left out, written when the job fails too; null for none
 * @param table the table in the place of {@code input}; null becomes none
 */
public record PrepOptions(
        @Option(
                names = "--input",
                paramLabel = "DIR",
                description = "folder that holds trainA, trainB and, if wanted, testA, testB, with any nesting and file names, and archives"
                        + " (.tar, .tar.gz, .tgz, .zip) of images among them or in the place of a folder; or one archive of it all; needed"
                        + " unless given a table by --input-table")
        String input,
        @Option(
                names = "--output",
                required = true,
                paramLabel = "DATASET",
                description = "data set to make, or to add a version to that was made with the same options")
        String output,
        @Option(
                names = "--size",
                paramLabel = "PIXELS",
                defaultValue = "256",
                description = "height and width of the model's and of the stored test images in pixels, a multiple of 4 from 16 to 2048"
                        + " (default: ${DEFAULT-VALUE})")
        int size,
        @Option(
                names = "--load-size",
                paramLabel = "PIXELS",
                description = "height and width of the stored train images in pixels, from which training crops, --size to 4096;"
                        + " 286/256 of --size unless given")
        Integer loadSize,
        @Option(
                names = "--resize",
                paramLabel = "FIT",
                defaultValue = "stretch",
                description = "how images become squares: stretch (as the authors do), crop (the centre), pad (with white)"
                        + " (default: ${DEFAULT-VALUE})")
        Fit resize,
        @Option(
                names = "--max-rejects",
                paramLabel = "SHARE",
                defaultValue = "0.01",
                description = "share of a folder's images, 0 to 1, that may be unreadable; more, and the job fails"
                        + " (default: ${DEFAULT-VALUE})")
        double maxRejects,
        @Option(
                names = "--max-pixels",
                paramLabel = "N",
                defaultValue = "100000000",
                description = "most pixels an image may have; larger ones are left out (default: ${DEFAULT-VALUE})")
        Long maxPixels,
        @Option(
                names = "--store",
                paramLabel = "STORE",
                defaultValue = "raw",
                description = "how pixels are stored: raw, png (the same pixels in fewer bytes, slower to read), jpeg (quality 95: nearly the"
                        + " same pixels in far fewer bytes) (default: ${DEFAULT-VALUE})")
        Store store,
        @Option(
                names = "--mirror",
                description = "leave images out whose files have vanished from the input since the data set's version before; they stay"
                        + " unless given")
        boolean mirror,
        @Option(
                names = "--near-duplicates",
                defaultValue = "report",
                description = "what to do with images to train on that look like one to judge by, which is when their perceptual hashes"
                        + " (pHash) differ in at most 4 of 64 bits: report them, or drop them from training (default: ${DEFAULT-VALUE})")
        NearDuplicatePolicy nearDuplicates,
        @Option(
                names = "--file-seconds",
                paramLabel = "N",
                defaultValue = "60",
                description = "seconds that reading, decoding and resizing one file may take, 1 to 86400; what takes longer is left out"
                        + " (default: ${DEFAULT-VALUE})")
        Integer fileSeconds,
        @Option(
                names = "--rejects",
                paramLabel = "FILE",
                description = "file for the list of what was left out, JSON lines as in the data set's rejected.jsonl, written when the job"
                        + " fails for too many of them too; replaced if it is there; none unless given")
        String rejects,
        @Mixin
        TableOptions table) {

    /** @throws InvalidRequestException if a value is missing or out of range; the message names the option */
    public PrepOptions {
        table = table == null ? TableOptions.NONE : table;
        if (table.table() == null) {
            requirePath("--input", input);
        } else if (input != null) {
            throw new InvalidRequestException("--input is " + input + " and --input-table " + table.table() + ": must be one of them");
        }
        requirePath("--output", output);
        if (size < 16 || size > 2048 || size % 4 != 0) {
            throw new InvalidRequestException("--size is " + size + ": must be a multiple of 4 from 16 to 2048");
        }
        if (loadSize == null) {
            loadSize = (int) Math.round(size * 286 / 256.0);
        }
        if (loadSize < size || loadSize > DatasetManifest.MAX_SIDE) {
            throw new InvalidRequestException(
                    "--load-size is " + loadSize + ": must be from " + size + " (--size) to " + DatasetManifest.MAX_SIDE);
        }
        if (resize == null) {
            resize = Fit.STRETCH;
        }
        if (!(maxRejects >= 0 && maxRejects <= 1)) {
            throw new InvalidRequestException("--max-rejects is " + maxRejects + ": must be from 0 to 1");
        }
        if (maxPixels == null) {
            maxPixels = ImageDecoder.DEFAULT_MAX_PIXELS;
        }
        if (store == null) {
            store = Store.RAW;
        }
        if (nearDuplicates == null) {
            nearDuplicates = NearDuplicatePolicy.REPORT;
        }
        if (maxPixels < 1 || maxPixels > ImageDecoder.LIMIT) {
            throw new InvalidRequestException("--max-pixels is " + maxPixels + ": must be from 1 to " + ImageDecoder.LIMIT);
        }
        fileSeconds = fileSeconds == null ? 60 : fileSeconds;
        if (fileSeconds < 1 || fileSeconds > 86_400) {
            throw new InvalidRequestException("--file-seconds is " + fileSeconds + ": must be from 1 to 86400");
        }
    }

    /**
     * Options with the defaults for the others.
     *
     * @throws InvalidRequestException if a value is missing or out of range; the message names the option
     */
    public PrepOptions(String input, String output, int size, Integer loadSize, Fit resize, double maxRejects) {
        this(input, output, size, loadSize, resize, maxRejects, null, null, false, null, null, null, null);
    }

    /**
     * The side in pixels at which images are stored.
     *
     * @param split train images have the load size, test images the size
     */
    int side(Split split) {
        return split == Split.TRAIN ? loadSize : size;
    }

    /**
     * Makes sure that all versions of a data set are of a kind.
     *
     * @param before of the newest version
     * @param folder the data set
     * @throws InvalidRequestException if it was made with other options; names one and both values
     */
    void requireSame(DatasetManifest before, Path folder) {
        requireSame("--size", size, before.size(), folder);
        requireSame("--load-size", loadSize, before.loadSize(), folder);
        requireSame("--resize", resize.toString(), before.resize().toString(), folder);
        requireSame("--store", store.label(), before.store().label(), folder);
    }

    private static void requireSame(String option, Object now, Object before, Path folder) {
        if (!now.equals(before)) {
            throw new InvalidRequestException(option + " is " + now + ", but --output " + folder + " was made with " + before
                    + ": give that, or another --output");
        }
    }

    private static void requirePath(String option, String value) {
        if (value == null || value.isBlank()) {
            throw new InvalidRequestException(option + " is missing: must be a folder");
        }
    }
}
