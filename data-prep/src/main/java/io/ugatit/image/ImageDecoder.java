package io.ugatit.image;

import io.ugatit.image.DecodingMemory.Share;
import io.ugatit.image.metadata.Orientation;
import io.ugatit.image.reader.EncodedImage;
import io.ugatit.image.reader.StripImage;
import io.ugatit.image.reader.RefusedImageException;
import io.ugatit.image.strip.ResizedStrips;
import io.ugatit.image.strip.WideVectors;
import io.ugatit.job.JobFailedException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * Decodes image files into upright RGB: JPEG (CMYK too), PNG, GIF, BMP, WebP and TIFF, of those with several pictures the first, whatever
 * the file is called. Gray, palettes and 16-bit samples become 8-bit RGB, transparency is composed on white, orientation in EXIF and XMP is
 * applied, colour profiles are not: the pixels are Pillow's. A file that is cut off or damaged is an error, never half an image.
 *
 * <p>The size in the header is checked before memory is taken, so a few bytes cannot ask for gigabytes, and all decoders of a process share
 * its memory: one waits for its turn where the slots together would take too much, and ends with a {@link JobFailedException} if it is
 * interrupted then. Thread-safe; every call uses a reader of its own.
 */
public final class ImageDecoder {
    /** The most pixels an image may have unless told otherwise: 100 million. */
    public static final long DEFAULT_MAX_PIXELS = 100_000_000;

    /** The highest limit that can be set; more would not fit an array of RGB bytes. */
    public static final long LIMIT = Integer.MAX_VALUE / 3 - 8;

    private static final int ENOUGH_FOR_TINY = 1 << 20;
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    private final long maxPixels;
    private final DecodingMemory memory;

    /** A decoder that takes images of up to {@link #DEFAULT_MAX_PIXELS}. */
    public ImageDecoder() {
        this(DEFAULT_MAX_PIXELS);
    }

    /**
     * A decoder with a limit of its own.
     *
     * @param maxPixels the most pixels an image may have, from 1 to {@link #LIMIT}
     * @throws IllegalArgumentException if the limit is out of range
     */
    public ImageDecoder(long maxPixels) {
        this(maxPixels, DecodingMemory.SHARED);
    }

    ImageDecoder(long maxPixels, DecodingMemory memory) {
        if (maxPixels < 1 || maxPixels > LIMIT) {
            throw new IllegalArgumentException("maxPixels is " + maxPixels + ": must be from 1 to " + LIMIT);
        }
        this.maxPixels = maxPixels;
        this.memory = memory;
    }

    /**
     * Decodes an image that is in memory.
     *
     * @param file the whole file
     * @return the upright image
     * @throws ImageFormatException if the bytes are no image of a format that can be decoded, are cut off or damaged, hold too many pixels,
     *         or decoding them takes more memory than there is
     */
    public RgbImage decode(byte[] file) throws ImageFormatException {
        try (Header header = header(file, "")) {
            Share share = memory.take(header.bytes);
            try {
                return header.upright();
            } finally {
                share.close();
            }
        }
    }

    /**
     * Reads, decodes and fits an image. The file and its pixels are held only until this returns.
     *
     * @param file the file
     * @param fit how it becomes a square
     * @param side the square's side in pixels, at least 1
     * @param use what becomes of the square and of the file's bytes; gives no null
     * @return what {@code use} gives
     * @throws ImageFormatException as {@link #decode(byte[])}, or as the reading of the file or {@code use}
     */
    public <T> T decode(ImageFile file, Fit fit, int side, Use<T> use) throws ImageFormatException {
        return decode(file, new Work<T>() {
            @Override
            public long bytes(Header header) throws ImageFormatException {
                return header.fittedBytes(fit, side);
            }

            @Override
            public T of(Header header, byte[] bytes) throws ImageFormatException {
                return use.of(header.fitted(fit, side), bytes);
            }
        });
    }

    /**
     * Reads, decodes and fits an image that is wanted in its own resolution too. File and pixels are held only until this returns.
     *
     * @param file the file
     * @param fit how it becomes a square
     * @param side the square's side in pixels, at least 1
     * @param transparency what becomes of transparent pixels
     * @param use what becomes of the image; gives no null
     * @return what {@code use} gives
     * @throws ImageFormatException as {@link #decode(byte[])}, or as the reading of the file or {@code use}
     */
    public <T> T decode(ImageFile file, Fit fit, int side, Transparency transparency, FittedImage.Use<T> use) throws ImageFormatException {
        return decode(file, new Work<T>() {
            @Override
            public long bytes(Header header) throws ImageFormatException {
                Placement part = fit.placement(header.width(), header.height(), side);
                return header.partBytes(fit, side, transparency) + use.bytes(part.width(), part.height());
            }

            @Override
            public T of(Header header, byte[] bytes) throws ImageFormatException {
                return use.of(header.part(fit, side, transparency), bytes);
            }
        });
    }

    /** Something that is done with a file while its memory is held. */
    private interface Work<T> {
        /** The most bytes that it takes, without the file. */
        long bytes(Header header) throws ImageFormatException;

        T of(Header header, byte[] file) throws ImageFormatException;
    }

    private <T> T decode(ImageFile file, Work<T> work) throws ImageFormatException {
        Share share = memory.take(Math.min(file.length(), ImageFile.MAX_LENGTH));
        T result = decode(file, work, share);
        while (result == null) { // others hold the memory: wait for all of it with nothing in hand, the file neither
            file.content().waits();
            share = memory.take(share.wanted());
            result = decode(file, work, share);
        }
        return result;
    }

    /** Gives null if the memory is not there now. */
    private <T> T decode(ImageFile file, Work<T> work, Share held) throws ImageFormatException {
        try (Share share = held) {
            byte[] bytes = file.content().read();
            try (Header header = header(bytes, file.name())) {
                if (!share.extend(bytes.length + work.bytes(header))) {
                    return null;
                }
                return work.of(header, bytes);
            }
        }
    }

    /**
     * Fits an image that somebody else has decoded, within the same limits.
     *
     * @param pixels the image
     * @param fit how it becomes a square
     * @param side the square's side in pixels, at least 1
     * @return an image of {@code side} x {@code side}
     * @throws ImageFormatException if the image has no or too many pixels, channels that are not known or another number of bytes than
     *         its size asks for, or takes more memory than there is
     */
    public RgbImage fit(OpenCvPixels pixels, Fit fit, int side) throws ImageFormatException {
        requireSize(pixels.width(), pixels.height());
        pixels.require();
        long bytes = 3L * pixels.width() * pixels.height() + fittingBytes(pixels.width(), pixels.height(), fit, side);
        Share share = memory.take(bytes);
        try {
            return fit.apply(pixels.toRgb(), side);
        } finally {
            share.close();
        }
    }

    /**
     * Whether a thread that decodes waits for memory that will not be there.
     *
     * @param thread which
     * @param endless threads that decode and are not going to end
     */
    public boolean waitsInVain(Thread thread, Set<Thread> endless) {
        return memory.waitsInVain(thread, endless);
    }

    /** What fitting takes beside the image. Whether an image can be fitted does not depend on the machine, only what it takes. */
    private static long fittingBytes(int width, int height, Fit fit, int side) throws ImageFormatException {
        long fitting = fit.bytes(width, height, side);
        if (fitting > MAX_ARRAY) {
            throw new ImageFormatException(width + " x " + height + " pixels are too long and narrow");
        }
        if (!WideVectors.AVAILABLE) {
            return fitting;
        }
        long strips = fit.placement(width, height, side).stripBytes(width, height) + Fit.squareBytes(side);
        return Math.max(fitting, strips); // extreme shapes are fitted without vectors all the same
    }

    private Header header(byte[] file, String name) throws ImageFormatException {
        ImageFormat format = ImageFormat.requireDecoded(file, name);
        Orientation orientation = reading(format, () -> format.orientation(file));
        return reading(format, () -> {
            EncodedImage image = format.open(file);
            try {
                requireSize(image.width(), image.height());
                long turned = orientation == Orientation.UPRIGHT ? 0 : 6L * image.width() * image.height();
                return new Header(format, image, orientation, Math.max(turned, image.decodingBytes()));
            } catch (IOException | RuntimeException e) {
                image.close();
                throw e;
            }
        });
    }

    private void requireSize(int width, int height) throws ImageFormatException {
        if (width < 1 || height < 1) {
            throw new ImageFormatException(width + " x " + height + " pixels are no image");
        }
        if ((long) width * height > maxPixels) {
            throw new ImageFormatException(width + " x " + height + " pixels are more than the " + maxPixels + " that --max-pixels allows");
        }
    }

    /**
     * A file whose header has been read.
     *
     * @param image its stored pixels, not yet decoded
     * @param bytes the most that are held at once until it is decoded and upright, without the file
     */
    private record Header(ImageFormat format, EncodedImage image, Orientation orientation, long bytes) implements AutoCloseable {
        /** Columns of the upright image. */
        int width() throws ImageFormatException {
            return reading(format, orientation.isSideways() ? image::height : image::width);
        }

        /** Rows of the upright image. */
        int height() throws ImageFormatException {
            return reading(format, orientation.isSideways() ? image::width : image::height);
        }

        RgbImage upright() throws ImageFormatException {
            return new RgbImage(width(), height(), reading(format, () -> orientation.apply(image.decode(), image.width(), image.height())));
        }

        /** The most that {@link #part} holds at once, without the file. */
        long partBytes(Fit fit, int side, Transparency transparency) throws ImageFormatException {
            long pixels = 3L * width() * height();
            long opacity = transparency.needsOpacity() ? pixels : 0;
            long again = opacity == 0 ? 0 : pixels + reading(format, image::opacityBytes); // while the pixels are held
            long decoding = Math.max(bytes, again) + 2 * opacity; // one after the other
            return Math.max(decoding, pixels + opacity + fittingBytes(width(), height(), fit, side) + opacity);
        }

        FittedImage part(Fit fit, int side, Transparency transparency) throws ImageFormatException {
            byte[] pixels = upright().pixels();
            Optional<byte[]> opacity = transparency.needsOpacity() ? reading(format, this::uprightOpacity) : Optional.empty();
            transparency.compose(pixels, opacity);
            Placement placement = fit.placement(width(), height(), side);
            RgbImage part = placement.cut(new RgbImage(width(), height(), pixels));
            RgbImage square = Fit.square(Resize.bilinear(part, placement.outWidth(), placement.outHeight()), side);
            Optional<byte[]> kept = transparency.kept() ? opacity : Optional.empty();
            return new FittedImage(part, square, kept.isEmpty() ? Optional.empty()
                    : Optional.of(placement.cut(new RgbImage(width(), height(), kept.get()))));
        }

        private Optional<byte[]> uprightOpacity() throws IOException {
            Optional<byte[]> stored = image.opacity();
            return stored.isEmpty() ? stored : Optional.of(orientation.apply(stored.get(), image.width(), image.height()));
        }

        /** The most that {@link #fitted} holds at once, without the file. */
        long fittedBytes(Fit fit, int side) throws ImageFormatException {
            return isFittedInStrips(fit, side) ? strippingBytes(fit, side) : wholeBytes(fit, side);
        }

        RgbImage fitted(Fit fit, int side) throws ImageFormatException {
            return isFittedInStrips(fit, side) ? fittedInStrips((StripImage) image, fit, side) : fit.apply(upright(), side);
        }

        /** Strips take less memory unless the shape is extreme, and of tiny images there is enough for both ways. */
        private boolean isFittedInStrips(Fit fit, int side) throws ImageFormatException {
            return strippingBytes(fit, side) <= Math.max(wholeBytes(fit, side), ENOUGH_FOR_TINY);
        }

        private long wholeBytes(Fit fit, int side) throws ImageFormatException {
            return Math.max(bytes, 3L * width() * height() + fittingBytes(width(), height(), fit, side));
        }

        private long strippingBytes(Fit fit, int side) throws ImageFormatException {
            Placement part = fit.placement(width(), height(), side);
            if (!(image instanceof StripImage strips) || !WideVectors.AVAILABLE
                    || Resize.isRowsFirst(part.width(), part.height(), part.outHeight())) {
                return Long.MAX_VALUE;
            }
            return strips.strippingBytes() + stored(fit, side).resizeBytes(orientation) + Fit.squareBytes(side);
        }

        private Placement stored(Fit fit, int side) throws ImageFormatException {
            Placement upright = fit.placement(width(), height(), side);
            return reading(format, () -> upright.stored(orientation, image.width(), image.height()));
        }

        private RgbImage fittedInStrips(StripImage strips, Fit fit, int side) throws ImageFormatException {
            Placement placement = fit.placement(width(), height(), side);
            Placement stored = stored(fit, side);
            ResizedStrips resize = stored.resize(orientation);
            reading(format, () -> {
                strips.decode(resize);
                return resize;
            });
            byte[] upright = orientation.apply(resize.rgb(), stored.outWidth(), stored.outHeight());
            return Fit.square(new RgbImage(placement.outWidth(), placement.outHeight(), upright), side);
        }

        @Override
        public void close() {
            image.close();
        }
    }

    /** What becomes of an image and its file, while both are in memory. */
    @FunctionalInterface
    public interface Use<T> {
        /**
         * Makes something of both.
         *
         * @param square the image, fitted
         * @param file the bytes that it was decoded from
         * @return what is wanted of them, never null
         * @throws ImageFormatException if nothing can be made of the file
         */
        T of(RgbImage square, byte[] file) throws ImageFormatException;
    }

    /** Something that a reader of a format does. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T reading(ImageFormat format, Reading<T> reading) throws ImageFormatException {
        try {
            return reading.read();
        } catch (ImageFormatException | JobFailedException e) {
            throw e;
        } catch (RefusedImageException e) {
            throw new ImageFormatException(e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            // the readers meet damage with exceptions of every kind, unchecked ones included
            throw new ImageFormatException("damaged or cut-off " + format + ": " + reasonOf(e), e);
        }
    }

    static String reasonOf(Exception e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof EOFException) {
            return "the file ends before the image does";
        }
        if (root instanceof OutOfMemoryError) {
            return "there is not memory enough to tell"; // a reader of ImageIO's made an exception of it
        }
        String message = root.getMessage();
        // without objects' addresses, so that the reason is the same in every run
        return message == null ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElse("").replaceAll("@[0-9a-f]+\\b", "");
    }
}
