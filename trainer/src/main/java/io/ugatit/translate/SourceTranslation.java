package io.ugatit.translate;

import io.ugatit.image.Fit;
import io.ugatit.image.FittedImage;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormat;
import io.ugatit.image.ImageFormatException;
import io.ugatit.image.RgbImage;
import io.ugatit.image.Transparency;
import io.ugatit.input.InputFile;
import io.ugatit.input.LeftOut;
import io.ugatit.input.SourceReader;
import io.ugatit.input.UnusableFileException;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.translate.output.EncodedTranslation;
import io.ugatit.translate.output.TranslationWriter;
import io.ugatit.translate.tile.TileTranslator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.AccessDeniedException;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;

/**
 * Makes files of translations out of files of images.
 *
 * @param translator of the calling thread
 * @param reader of the input
 * @param options what translations are to be like
 */
record SourceTranslation(Translator translator, SourceReader reader, TranslateOptions options) {

    /**
     * Translates an image. What that takes is shared with the other decoders of this process.
     *
     * @param image as it was listed
     * @throws io.ugatit.image.NotAnImageException if the file is none
     * @throws ImageFormatException if it cannot be decoded or translated
     * @throws JobFailedException if it cannot be read now
     */
    EncodedTranslation of(InputFile image) throws ImageFormatException {
        ImageFile file = new ImageFile(image.path(), image.length(), () -> read(image));
        ImageDecoder decoder = new ImageDecoder(options.maxPixels());
        Transparency transparency = options.shape().transparency();
        if (!options.shape().isOfOwnSize() && transparency.equals(Transparency.DROPPED)) {
            RgbImage square = decoder.decode(file, options.resize(), translator.size(), (fitted, bytes) -> fitted);
            Translator.Translation made = finite(translator.translate(square));
            return files(made.image(), Optional.of(made.heatmap()), Optional.empty());
        }
        return decoder.decode(file, options.resize(), translator.size(), transparency,
                options.shape().tile() ? new InTiles() : options.shape().keepSize() ? new OfOwnSize() : new OfNetworksSize());
    }

    private static <T> T finite(Optional<T> translation) throws ImageFormatException {
        return translation.orElseThrow(() -> new ImageFormatException("the network's output is not finite"));
    }

    private EncodedTranslation files(RgbImage image, Optional<RgbImage> heatmap, Optional<RgbImage> opacity) {
        byte[] encoded = opacity.isPresent() ? ImageEncoder.png(image, opacity.get()) : options.format().encode(image);
        return new EncodedTranslation(encoded, options.heatmaps() ? heatmap.map(ImageEncoder.PNG::encode) : Optional.empty());
    }

    /** The network's size, with transparency that is more than white. */
    private final class OfNetworksSize implements FittedImage.Use<EncodedTranslation> {
        @Override
        public long bytes(int width, int height) throws ImageFormatException {
            return ImageEncoder.bytes(translator.size(), translator.size());
        }

        @Override
        public EncodedTranslation of(FittedImage image) throws ImageFormatException {
            Translator.Translation made = finite(translator.translate(image.square()));
            return files(made.image(), Optional.of(made.heatmap()),
                    image.opacity().map(opacity -> options.resize().apply(opacity, translator.size())));
        }
    }

    /** The network's size, scaled back. */
    private final class OfOwnSize implements FittedImage.Use<EncodedTranslation> {
        @Override
        public long bytes(int width, int height) throws ImageFormatException {
            return restoring(width, height) + ImageEncoder.bytes(width, height);
        }

        @Override
        public EncodedTranslation of(FittedImage image) throws ImageFormatException {
            Translator.Translation made = finite(translator.translate(image.square()));
            return files(restored(made.image(), image), heatmap(Optional.of(made.heatmap()), image), image.opacity());
        }
    }

    /** The image's own resolution. */
    private final class InTiles implements FittedImage.Use<EncodedTranslation> {
        private final TileTranslator tiles = new TileTranslator(translator, options.shape().statistics(), options.heatmaps());

        @Override
        public long bytes(int width, int height) throws ImageFormatException {
            return tiles.bytes(width, height) + (options.heatmaps() ? restoring(width, height) : 0) + ImageEncoder.bytes(width, height);
        }

        @Override
        public EncodedTranslation of(FittedImage image) throws ImageFormatException {
            TileTranslator.Translation made = finite(tiles.translate(image));
            return files(made.image(), heatmap(made.heatmap(), image), image.opacity());
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

    /** What the file system fails fails the task: it may be readable on the next attempt, so it is no reject. */
    private byte[] read(InputFile image) throws ImageFormatException {
        try (InputStream in = reader.open(image.path(), image.length(), image.modified(), image.member())) {
            byte[] head = in.readNBytes(ImageFormat.MAGIC_LENGTH);
            ImageFormat.requireImage(head, image.path());
            ImageFile.requireLength(image.length());
            // as it comes: an archive may be wrong about its files' lengths
            return new SequenceInputStream(new ByteArrayInputStream(head), in).readAllBytes();
        } catch (ImageFormatException e) {
            throw e;
        } catch (UnusableFileException e) {
            throw new ImageFormatException(e.getMessage(), e);
        } catch (AccessDeniedException e) {
            throw new ImageFormatException(LeftOut.NO_PERMISSION, e);
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot read " + image.path() + " (" + FileFailure.reason(e) + "); " + TranslationWriter.SAFE, e);
        }
    }
}
