package io.ugatit.translate;

/**
 * What the translation job would do. The times are of the images that were tried, as many at a time as the job translates.
 *
 * @param output the folder of the translations
 * @param model the safetensors file that the generator comes from
 * @param shape how translations get their size
 * @param size height and width of the network's images in pixels
 * @param found files in the input that are to be images
 * @param leftOut files and folders in the input that are not
 * @param wanted how many of those found are chosen; all without a limit
 * @param done translated before, of those wanted
 * @param todo still to be translated, of those wanted
 * @param atATime images that are translated at the same time
 * @param tried images that were translated to measure
 * @param imageSeconds what an image takes; NaN if none could be translated, or none is to do
 */
public record DryRunResult(String output, String model, String shape, int size, long found, long leftOut, long wanted, long done, long todo,
        int atATime, int tried, double imageSeconds) {

    /** How long the job would take, without its start; NaN if that is not known. */
    public double seconds() {
        return todo == 0 ? 0 : imageSeconds * todo / Math.min(todo, atATime);
    }
}
