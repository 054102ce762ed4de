package io.ugatit.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.ImageFormat;
import io.ugatit.image.ImageFormatException;
import io.ugatit.image.ImageHeader;
import io.ugatit.image.RgbImage;
import java.util.Locale;

/** How the pixels of a dataset are stored. */
public enum Store {
    /** As they are, three bytes a pixel; the shard compresses them. */
    @JsonProperty("raw")
    RAW(null),
    /** As PNG files: the same pixels in fewer bytes, which take longer to decode. */
    @JsonProperty("png")
    PNG(ImageFormat.PNG),
    /** As JPEG files of quality 95 without chroma subsampling: nearly the same pixels in far fewer bytes. */
    @JsonProperty("jpeg")
    JPEG(ImageFormat.JPEG);

    /** Of the image files in the column of pixels; null if they are no files. */
    private final ImageFormat format;

    Store(ImageFormat format) {
        this.format = format;
    }

    /** The name in options, manifests and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is written for an image. */
    byte[] encode(DatasetImage image) {
        return switch (this) {
            case RAW -> image.pixels();
            case PNG -> PngFile.encode(image.width(), image.height(), image.pixels());
            case JPEG -> ImageEncoder.JPEG.encode(new RgbImage(image.width(), image.height(), image.pixels()));
        };
    }

    /**
     * The most bytes that an image may be stored in, by which a reader knows what cannot be true.
     *
     * @param side of the image in pixels
     */
    long mostBytes(int side) {
        long pixels = ShardFormat.pixelBytes(side);
        return format == null ? pixels : 2 * pixels + (1 << 16); // noise takes a little more than its pixels, tiny images their headers
    }

    /**
     * Reads the pixels of an image.
     *
     * @param stored what {@link #encode} gave, perhaps damaged; becomes the result if pixels are stored as they are
     * @param side in pixels, which is checked before memory is taken
     * @return {@code side * side * 3} bytes
     * @throws ImageFormatException if it is no image of this store and side
     */
    byte[] decode(byte[] stored, int side) throws ImageFormatException {
        if (format == null) {
            if (stored.length != ShardFormat.pixelBytes(side)) {
                throw new ImageFormatException(stored.length + " bytes are not " + side + " x " + side + " pixels as the manifest says");
            }
            return stored;
        }
        ImageHeader header = ImageHeader.of(stored, "");
        if (header.format() != format || header.width() != side || header.height() != side) {
            throw new ImageFormatException("a " + header.format() + " of " + header.width() + " x " + header.height() + " pixels is not the "
                    + format + " of " + side + " x " + side + " that the manifest says");
        }
        return new ImageDecoder((long) side * side).decode(stored).pixels();
    }
}
