package io.ugatit.translate;

import io.ugatit.input.LeftOut;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What the translation job would do. The times are of the images that were tried, as many at a time as the job translates.
 *
 * @param output the folder of the translations
 * @param shape how translations get their size
 * @param size height and width of the network's images in pixels
 * @param folders the output, or the folders in it by checkpoint and direction
 * @param atATime images that are translated at the same time
 * @param tried images that were translated to measure
 * @param imageSeconds what an image takes; NaN if none could be translated, or none is to do
 * @param firstLeftOut one of the images tried that could not be translated, the first if none could; empty if all could or none was tried
 */
public record DryRunResult(String output, String shape, int size, List<PlannedFolder> folders, int atATime, int tried, double imageSeconds,
        Optional<LeftOut> firstLeftOut) {

    /**
     * What would be done in one folder.
     *
     * @param path the folder of the translations
     * @param model the safetensors file that the generator comes from
     * @param label what people know the generator by, such as {@code a2b, step 1000}
     * @param found files or rows in the input that are to be images
     * @param leftOut files and folders, or rows, in the input that are not
     * @param wanted how many of those found are chosen; all without a limit
     * @param done translated before, of those wanted
     * @param todo still to be translated, of those wanted
     */
    public record PlannedFolder(String path, String model, String label, long found, long leftOut, long wanted, long done, long todo) { }

    /** Files or rows that are to be images, counted for each folder. */
    public long found() {
        return sum(PlannedFolder::found);
    }

    /** Files and folders, or rows, that are not, counted for each folder. */
    public long leftOut() {
        return sum(PlannedFolder::leftOut);
    }

    /** Translations that are wanted, in all folders. */
    public long wanted() {
        return sum(PlannedFolder::wanted);
    }

    /** Translations that were made before, of those wanted. */
    public long done() {
        return sum(PlannedFolder::done);
    }

    /** Translations that are still to be made. */
    public long todo() {
        return sum(PlannedFolder::todo);
    }

    private long sum(ToLongFunction<PlannedFolder> count) {
        return folders.stream().mapToLong(count).sum();
    }

    /** How long the job would take, without its start; NaN if that is not known. */
    public double seconds() {
        double perImage = 0;
        for (PlannedFolder folder : folders) { // one after the other
            perImage += folder.todo() == 0 ? 0 : (double) folder.todo() / Math.min(folder.todo(), atATime);
        }
        return perImage == 0 ? 0 : imageSeconds * perImage;
    }
}
