package io.ugatit.spark;

import io.ugatit.checkpoint.CheckpointChoice;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageEncoder;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.tensor.choice.KernelKind;
import io.ugatit.tensor.cuda.Precision;
import io.ugatit.translate.Direction;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import scala.Function1;

/**
 * The params of {@link ImageTranslator}, in the way of Spark ML: a method for each param, which Spark finds by its type, and a getter, which
 * throws NoSuchElementException for a param that is neither set nor has a default. A wrong value is refused when it is set, with one line
 * that says what would be right.
 */
public abstract class ImageTranslatorParams extends Transformer {
    private static final long serialVersionUID = 1L;
    private final String uid;
    private final Param<String> run;
    private final Param<String> weights;
    private final IntParam size;
    private final Param<String> direction;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final Param<String> heatmapCol;
    private final Param<String> errorCol;
    private final Param<String> checkpoint;
    private final Param<String> resize;
    private final LongParam maxPixels;
    private final Param<String> format;
    private final Param<String> kernels;
    private final Param<String> precision;

    /** @param uid tells instances apart */
    ImageTranslatorParams(String uid) {
        this.uid = uid; // first: params ask for it
        this.run = text("run", "folder of the run that translates");
        this.checkpoint = new Param<>(this, "checkpoint", "with a run: the checkpoint that translates: latest|best|STEP",
                check((String value) -> choice(value)));
        this.weights = text("weights", "safetensors file or PyTorch checkpoint that translates, in place of a run");
        this.size = new IntParam(this, "size",
                "with weights of a light model that do not tell: height and width of the network's images in pixels; else 256",
                check((Object value) -> requireFrom1("size", (Integer) value, Integer.MAX_VALUE)));
        this.direction = word("direction", "which way to translate", Direction.class);
        this.inputCol = text("inputCol", "column of images: bytes of image files, or Spark's image schema");
        this.outputCol = text("outputCol", "column for the translations: bytes of image files");
        this.heatmapCol = text("heatmapCol", "column for where the generator looked: bytes of PNG files; without it there are none");
        this.errorCol = text("errorCol", "column for why an image has no translation: one line, or null");
        this.resize = word("resize", "how images become squares", Fit.class);
        this.maxPixels = new LongParam(this, "maxPixels", "the most pixels an image may have",
                check((Object value) -> requireFrom1("maxPixels", (Long) value, ImageDecoder.LIMIT)));
        this.format = word("format", "what translations are encoded in", ImageEncoder.class);
        this.kernels = word("kernels", "what to compute with", KernelKind.class);
        this.precision = word("precision", "of the convolutions on a GPU", Precision.class);
        setDefault(inputCol, "content");
        setDefault(outputCol, "translation");
        setDefault(errorCol, "error");
        setDefault(checkpoint, "latest");
        setDefault(resize, "stretch");
        setDefault(maxPixels, ImageDecoder.DEFAULT_MAX_PIXELS);
        setDefault(format, "png");
        setDefault(kernels, "auto");
        setDefault(precision, "fp32");
    }

    /** What a value must be; params are serialized, and this with them. */
    private interface Requirement<T> extends Serializable {
        void require(T value);
    }

    private static <T> Function1<T, Object> check(Requirement<T> requirement) {
        return (Function1<T, Object> & Serializable) value -> {
            requirement.require(value);
            return true;
        };
    }

    private static void requireFrom1(String name, long value, long most) {
        if (value < 1 || value > most) {
            throw new InvalidRequestException(name + " is " + value + ": must be from 1 to " + most);
        }
    }

    /** @throws InvalidRequestException if it is none of the three */
    private static CheckpointChoice choice(String value) {
        try {
            return new CheckpointChoice(value, false);
        } catch (InvalidRequestException e) {
            throw OptionNames.asParams(e);
        }
    }

    /** Which of the run's checkpoints translates. */
    final CheckpointChoice choice() {
        return choice(getCheckpoint());
    }

    private Param<String> text(String name, String doc) {
        return new Param<>(this, name, doc, check((String value) -> {
            if (value == null || value.isBlank()) {
                throw new InvalidRequestException(name + " is empty: must be the " + doc);
            }
        }));
    }

    private <E extends Enum<E>> Param<String> word(String name, String doc, Class<E> values) {
        String words = Arrays.stream(values.getEnumConstants()).map(ImageTranslatorParams::word).collect(Collectors.joining("|"));
        return new Param<>(this, name, doc + ": " + words, check((String value) -> {
            if (Arrays.stream(values.getEnumConstants()).noneMatch(one -> word(one).equals(value))) {
                throw new InvalidRequestException(name + " is " + value + ": must be one of " + words);
            }
        }));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The value that the word of a param stands for. */
    final <E extends Enum<E>> E value(Param<String> param, Class<E> values) {
        return Enum.valueOf(values, getOrDefault(param).toUpperCase(Locale.ROOT));
    }

    @Override
    public String uid() {
        return uid;
    }

    /** Param: folder of the run that translates; a Hadoop path. */
    public final Param<String> run() {
        return run;
    }

    /** The value of {@link #run}. */
    public final String getRun() {
        return getOrDefault(run);
    }

    /** Param: with a run, the checkpoint that translates: {@code latest} (unless set), {@code best} or a step. */
    public final Param<String> checkpoint() {
        return checkpoint;
    }

    /** The value of {@link #checkpoint}. */
    public final String getCheckpoint() {
        return getOrDefault(checkpoint);
    }

    /** Param: safetensors file or PyTorch checkpoint that translates, in place of a run; a Hadoop path. */
    public final Param<String> weights() {
        return weights;
    }

    /** The value of {@link #weights}. */
    public final String getWeights() {
        return getOrDefault(weights);
    }

    /** Param: with weights of a light model that do not tell, height and width of the network's images in pixels; 256 unless set. */
    public final IntParam size() {
        return size;
    }

    /** The value of {@link #size}. */
    public final int getSize() {
        return (Integer) getOrDefault(size);
    }

    /** Param: {@code a2b} or {@code b2a}. */
    public final Param<String> direction() {
        return direction;
    }

    /** The value of {@link #direction}. */
    public final String getDirection() {
        return getOrDefault(direction);
    }

    /** Param: column of images; {@code content} unless set. */
    public final Param<String> inputCol() {
        return inputCol;
    }

    /** The value of {@link #inputCol}. */
    public final String getInputCol() {
        return getOrDefault(inputCol);
    }

    /** Param: column for the translations, binary; {@code translation} unless set. */
    public final Param<String> outputCol() {
        return outputCol;
    }

    /** The value of {@link #outputCol}. */
    public final String getOutputCol() {
        return getOrDefault(outputCol);
    }

    /** Param: column for heatmaps, binary: PNG, as large as the translation, white where the generator looked most; none unless set. */
    public final Param<String> heatmapCol() {
        return heatmapCol;
    }

    /** The value of {@link #heatmapCol}. */
    public final String getHeatmapCol() {
        return getOrDefault(heatmapCol);
    }

    /** Param: column for why an image has no translation, a string; {@code error} unless set. */
    public final Param<String> errorCol() {
        return errorCol;
    }

    /** The value of {@link #errorCol}. */
    public final String getErrorCol() {
        return getOrDefault(errorCol);
    }

    /** Param: how images become squares: {@code stretch} (unless set), {@code crop} or {@code pad}. */
    public final Param<String> resize() {
        return resize;
    }

    /** The value of {@link #resize}. */
    public final String getResize() {
        return getOrDefault(resize);
    }

    /** Param: the most pixels an image may have, from 1 to 715,827,874; 100 million unless set. */
    public final LongParam maxPixels() {
        return maxPixels;
    }

    /** The value of {@link #maxPixels}. */
    public final long getMaxPixels() {
        return (Long) getOrDefault(maxPixels);
    }

    /** Param: what translations are encoded in: {@code png} (unless set) or {@code jpeg}. */
    public final Param<String> format() {
        return format;
    }

    /** The value of {@link #format}. */
    public final String getFormat() {
        return getOrDefault(format);
    }

    /** Param: what to compute with: {@code auto} (unless set), {@code cpu}, {@code cuda} or {@code nd4j}. */
    public final Param<String> kernels() {
        return kernels;
    }

    /** The value of {@link #kernels}. */
    public final String getKernels() {
        return getOrDefault(kernels);
    }

    /** Param: of the convolutions on a GPU: {@code fp32} (unless set), {@code tf32} or {@code bf16}. */
    public final Param<String> precision() {
        return precision;
    }

    /** The value of {@link #precision}. */
    public final String getPrecision() {
        return getOrDefault(precision);
    }
}
