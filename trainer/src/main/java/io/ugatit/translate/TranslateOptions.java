package io.ugatit.translate;

import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.Transparency;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.tensor.choice.KernelOptions;
import io.ugatit.translate.option.CheckpointChoices;
import io.ugatit.translate.option.OutputOptions;
import io.ugatit.translate.option.SelectionOptions;
import io.ugatit.translate.option.ShapeOptions;
import io.ugatit.translate.output.OutputKind;
import io.ugatit.translate.sheet.ComparisonSheet;
import java.io.Serializable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What the translation job is asked for; exactly one of {@code run} and {@code weights} is given, the other is null.
 *
 * @param run the run that translates
 * @param weights a safetensors file with the generator's parameters under {@code NET.KEY}
 * @param directions which generator translates, or both
 * @param from where images come from
 * @param to where translations go
 * @param format what translations are written as; null becomes PNG
 * @param heatmaps whether to write beside each translation where the generator looked
 * @param overwrite whether to translate again what has been translated
 * @param size with {@code weights} of a light model: height and width of the images in pixels; null for what the file says, else 256
 * @param resize how images become squares; null becomes {@link Fit#STRETCH}
 * @param maxPixels the most pixels an image may have, from 1 to {@link ImageDecoder#LIMIT}; null becomes
 *        {@link ImageDecoder#DEFAULT_MAX_PIXELS}
 * @param shape what size translations have, and what becomes of transparency; null becomes {@link ShapeOptions#DEFAULT}
 * @param selection which images are translated; null becomes {@link SelectionOptions#DEFAULT}
 * @param kernels to compute with; null becomes the fastest
 * @param checkpoint which of the run's translate; null becomes the newest whole one
 * @param sheet the HTML file that shows images beside their translations; null for none
 * @param batch images a call of the network, from 1 to {@link #MOST_IN_A_BATCH}; null becomes 1
 */
public record TranslateOptions(
        @Option(names = "--run", paramLabel = "RUN",
                description = "run that translates, or a workspace of retrain for its promoted run; unless given, --weights is") String run,
        @Option(names = "--weights", paramLabel = "FILE",
                description = "safetensors file or PyTorch checkpoint to take instead of a run") String weights,
        @Option(names = "--direction", required = true, description = "which way to translate; both: each into a folder of its own in the"
                + " output") Directions directions,
        @Mixin InputOptions from,
        @Mixin OutputOptions to,
        @Option(names = "--format", defaultValue = "png", description = "what translations are written as"
                + " (default: ${DEFAULT-VALUE})") ImageEncoder format,
        @Option(names = "--heatmaps", description = "also write NAME.heatmap.png: where the generator looked") boolean heatmaps,
        @Option(names = "--overwrite", description = "translate again what has been translated") boolean overwrite,
        @Option(names = "--size", paramLabel = "PIXELS",
                description = "with --weights: height and width of the images in pixels, which full models and files of export tell (default: 256)")
        Integer size,
        @Option(names = "--resize", paramLabel = "FIT", defaultValue = "stretch",
                description = "how images become squares: stretch (as the authors do), crop (the centre), pad (with white)"
                        + " (default: ${DEFAULT-VALUE})") Fit resize,
        @Option(names = "--max-pixels", paramLabel = "N", defaultValue = "100000000",
                description = "most pixels an image may have; larger ones are left out (default: ${DEFAULT-VALUE})") Long maxPixels,
        @Mixin ShapeOptions shape,
        @Mixin SelectionOptions selection,
        @Mixin KernelOptions kernels,
        @Mixin CheckpointChoices checkpoint,
        @Option(names = "--sheet", paramLabel = "FILE.html", description = "with --output: also a page with images beside their translations by"
                + " every checkpoint, at most " + ComparisonSheet.MOST_ROWS + " each way (default: none)") String sheet,
        @Option(names = "--batch", paramLabel = "N", defaultValue = "1", description = "images that the network translates together, which is"
                + " faster if they are small; with more than 1 a translation's colours may differ by one level, depending on the images beside it"
                + " (default: ${DEFAULT-VALUE})") Integer batch)
        implements Serializable {
    private static final int MOST_IN_A_BATCH = 256;

    /** @throws InvalidRequestException if options are missing or do not go together; the message names them */
    public TranslateOptions {
        if ((run == null) == (weights == null)) {
            throw new InvalidRequestException(run == null
                    ? "--run is missing: give a run, or --weights with a safetensors file or a PyTorch checkpoint"
                    : "--run and --weights exclude each other: give one of them");
        }
        if (size != null && weights == null) {
            throw new InvalidRequestException("--size is for --weights only: a run has a size of its own");
        }
        checkpoint = checkpoint == null ? CheckpointChoices.NEWEST : checkpoint;
        if (weights != null) {
            checkpoint.requireNone("--weights");
        }
        if (directions == null) {
            throw new InvalidRequestException("--direction is missing: must be a2b, b2a or both");
        }
        from = from == null ? InputOptions.of(null) : from;
        from.requireFor(directions);
        if (to == null) {
            throw new InvalidRequestException("--output is missing: must be a folder");
        }
        requireSheet(sheet, to);
        format = format == null ? ImageEncoder.PNG : format;
        resize = resize == null ? Fit.STRETCH : resize;
        shape = shape == null ? ShapeOptions.DEFAULT : shape;
        selection = selection == null ? SelectionOptions.DEFAULT : selection;
        if (shape.transparency().kept() && format != ImageEncoder.PNG) {
            throw new InvalidRequestException("--alpha is keep, and --format jpeg has no transparency: leave --format out for PNG, or give"
                    + " --alpha a colour");
        }
        kernels = kernels == null ? KernelOptions.DEFAULT : kernels;
        maxPixels = maxPixels == null ? ImageDecoder.DEFAULT_MAX_PIXELS : maxPixels;
        if (maxPixels < 1 || maxPixels > ImageDecoder.LIMIT) {
            throw new InvalidRequestException("--max-pixels is " + maxPixels + ": must be from 1 to " + ImageDecoder.LIMIT);
        }
        batch = batch == null ? 1 : batch;
        requireBatch(batch, shape);
    }

    private static void requireBatch(int batch, ShapeOptions shape) {
        if (batch < 1 || batch > MOST_IN_A_BATCH) {
            throw new InvalidRequestException("--batch is " + batch + ": must be from 1 to " + MOST_IN_A_BATCH);
        }
        if (batch > 1 && !takesSquares(shape)) {
            throw new InvalidRequestException("--batch is " + batch + ": is for translations of the network's size with transparency on white,"
                    + " leave it out with " + (shape.tile() ? "--tile" : shape.keepSize() ? "--keep-size" : "--alpha"));
        }
    }

    /**
     * Options with translations of the network's size of all images, by the newest whole checkpoint.
     *
     * @throws InvalidRequestException if options are missing or do not go together; the message names them
     */
    public TranslateOptions(String run, String weights, Direction direction, String input, String output, ImageEncoder format,
            boolean heatmaps, boolean overwrite, Integer size, Fit resize, Long maxPixels, KernelOptions kernels) {
        this(run, weights, direction == null ? null : Directions.of(direction), InputOptions.of(input), OutputOptions.files(output), format,
                heatmaps, overwrite, size, resize, maxPixels, null, null, kernels, null, null, null);
    }

    /**
     * The same with the default limit of pixels and the fastest kernels.
     *
     * @throws InvalidRequestException if options are missing or do not go together; the message names them
     */
    public TranslateOptions(String run, String weights, Direction direction, String input, String output, ImageEncoder format,
            boolean heatmaps, boolean overwrite, Integer size, Fit resize) {
        this(run, weights, direction, input, output, format, heatmaps, overwrite, size, resize, null, null);
    }

    /** The folder that translations go to. */
    public String output() {
        return to.folder();
    }

    /** Whether translations are in folders of the output, one for each direction and checkpoint. */
    boolean isOfSeveral() {
        return directions == Directions.BOTH || checkpoint.isList();
    }

    /** Whether of an image nothing is wanted but the square that the network sees. */
    boolean takesSquares() {
        return takesSquares(shape);
    }

    private static boolean takesSquares(ShapeOptions shape) {
        return !shape.isOfOwnSize() && shape.transparency().equals(Transparency.DROPPED);
    }

    private static void requireSheet(String sheet, OutputOptions to) {
        if (sheet == null) {
            return;
        }
        if (!sheet.endsWith(".html")) {
            throw new InvalidRequestException("--sheet is " + (sheet.isBlank() ? "empty" : sheet) + ": must be a file that ends in .html");
        }
        if (to.kind() != OutputKind.FILES) {
            throw new InvalidRequestException("--sheet is for --output only: it shows translations that are files, not those in "
                    + to.kind().option());
        }
    }
}
