package io.ugatit.translate;

import io.ugatit.image.Fit;
import io.ugatit.image.FittedImage;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormat;
import io.ugatit.image.ImageFormatException;
import io.ugatit.image.NotAnImageException;
import io.ugatit.image.RgbImage;
import io.ugatit.image.metadata.KeptMetadata;
import io.ugatit.input.LeftOut;
import io.ugatit.job.JobFailedException;
import io.ugatit.translate.generator.Translator;
import io.ugatit.translate.output.EncodedTranslation;
import io.ugatit.translate.tile.TileTranslator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Makes files of translations out of files of images.
 *
 * @param translator of the calling thread
 * @param options what translations are to be like
 */
record SourceTranslation(Translator translator, TranslateOptions options) {

    /**
     * An image as the network sees it, and what its file says beside.
     *
     * @param image of the network's size
     * @param metadata that the translation keeps
     */
    record Square(RgbImage image, KeptMetadata metadata) { }

    /**
     * Reads an image of several that are translated together. What that takes is shared with the other decoders of this process.
     *
     * @param file the image
     * @throws io.ugatit.image.NotAnImageException if the file is none
     * @throws ImageFormatException if it cannot be decoded
     * @throws JobFailedException if it cannot be read now
     */
    Square square(ImageFile file) throws ImageFormatException {
        return new ImageDecoder(options.maxPixels()).decode(file, options.resize(), translator.size(),
                (fitted, bytes) -> new Square(fitted, metadata(bytes)));
    }

    /**
     * Translates images together.
     *
     * @param squares what {@link #square} has read
     * @return in their order; empty where the network's output is not finite
     */
    List<Optional<EncodedTranslation>> of(List<Square> squares) {
        List<Optional<Translator.Translation>> made = translator.translate(squares.stream().map(Square::image).toList());
        return IntStream.range(0, made.size()).mapToObj(i -> made.get(i).map(translation ->
                files(translation.image(), Optional.of(translation.heatmap()), Optional.empty(), squares.get(i).metadata()))).toList();
    }

    /**
     * Translates an image. What that takes is shared with the other decoders of this process.
     *
     * @param file the image
     * @throws io.ugatit.image.NotAnImageException if the file is none
     * @throws ImageFormatException if it cannot be decoded or translated
     * @throws JobFailedException if it cannot be read now
     */
    EncodedTranslation of(ImageFile file) throws ImageFormatException {
        if (options.takesSquares()) {
            return finite(of(List.of(square(file))).get(0));
        }
        return new ImageDecoder(options.maxPixels()).decode(file, options.resize(), translator.size(), options.shape().transparency(),
                options.shape().tile() ? new InTiles() : options.shape().keepSize() ? new OfOwnSize() : new OfNetworksSize());
    }

    /** An image that cannot be translated, for lists and messages. @param source its path or name */
    static LeftOut leftOut(String source, ImageFormatException why) {
        return new LeftOut(source, why instanceof NotAnImageException ? LeftOut.Kind.NOT_AN_IMAGE : LeftOut.Kind.REJECTED,
                why.getMessage());
    }

    private KeptMetadata metadata(byte[] file) {
        return options.shape().keepMetadata() ? ImageFormat.of(file).map(format -> format.metadata(file)).orElse(KeptMetadata.NONE)
                : KeptMetadata.NONE;
    }

    static <T> T finite(Optional<T> translation) throws ImageFormatException {
        return translation.orElseThrow(() -> new ImageFormatException("the network's output is not finite"));
    }

    private EncodedTranslation files(RgbImage image, Optional<RgbImage> heatmap, Optional<RgbImage> opacity, KeptMetadata metadata) {
        byte[] encoded = opacity.isPresent() ? ImageEncoder.png(image, opacity.get()) : options.format().encode(image);
        return new EncodedTranslation(options.format().with(metadata, encoded, image.width(), image.height()),
                options.heatmaps() ? heatmap.map(ImageEncoder.PNG::encode) : Optional.empty(), metadata.isCut());
    }

    /** The network's size, with transparency that is more than white. */
    private final class OfNetworksSize implements FittedImage.Use<EncodedTranslation> {
        @Override
        public long bytes(int width, int height) throws ImageFormatException {
            return options.format().bytes(translator.size(), translator.size());
        }

        @Override
        public EncodedTranslation of(FittedImage image, byte[] file) throws ImageFormatException {
            Translator.Translation made = finite(translator.translate(image.square()));
            return files(made.image(), Optional.of(made.heatmap()),
                    image.opacity().map(opacity -> options.resize().apply(opacity, translator.size())), metadata(file));
        }
    }

    /** The network's size, scaled back. */
    private final class OfOwnSize implements FittedImage.Use<EncodedTranslation> {
        @Override
        public long bytes(int width, int height) throws ImageFormatException {
            return restoring(width, height) + options.format().bytes(width, height);
        }

        @Override
        public EncodedTranslation of(FittedImage image, byte[] file) throws ImageFormatException {
            Translator.Translation made = finite(translator.translate(image.square()));
            return files(restored(made.image(), image), heatmap(Optional.of(made.heatmap()), image), image.opacity(), metadata(file));
        }
    }

    /** The image's own resolution. */
    private final class InTiles implements FittedImage.Use<EncodedTranslation> {
        private final TileTranslator tiles = new TileTranslator(translator, options.shape().statistics(), options.heatmaps());

        @Override
        public long bytes(int width, int height) throws ImageFormatException {
            return tiles.bytes(width, height) + (options.heatmaps() ? restoring(width, height) : 0) + options.format().bytes(width, height);
        }

        @Override
        public EncodedTranslation of(FittedImage image, byte[] file) throws ImageFormatException {
            TileTranslator.Translation made = finite(tiles.translate(image));
            return files(made.image(), heatmap(made.heatmap(), image), image.opacity(), metadata(file));
        }
    }

    private long restoring(int width, int height) throws ImageFormatException {
        return (options.heatmaps() ? 2 : 1) * Fit.restoringBytes(width, height, translator.size());
    }

    private Optional<RgbImage> heatmap(Optional<RgbImage> square, FittedImage image) {
        return options.heatmaps() ? square.map(heatmap -> restored(heatmap, image)) : Optional.empty();
    }

    private RgbImage restored(RgbImage square, FittedImage image) {
        return options.resize().restore(square, image.part().width(), image.part().height());
    }
}
