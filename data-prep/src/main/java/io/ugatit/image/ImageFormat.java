package io.ugatit.image;

import static io.ugatit.image.metadata.Blocks.isAt;

import io.ugatit.image.metadata.KeptMetadata;
import io.ugatit.image.metadata.Orientation;
import io.ugatit.image.metadata.OrientationMetadata;
import io.ugatit.image.reader.EncodedImage;
import io.ugatit.image.reader.GifImage;
import io.ugatit.image.reader.RasterImage;
import io.ugatit.image.reader.TiffImage;
import io.ugatit.image.reader.WebpImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The image formats that can be decoded, told apart by their first bytes, never by the file's name. */
public enum ImageFormat {
    /** JPEG, baseline and progressive; gray, RGB, CMYK and YCCK. */
    JPEG("JPEG", "jpg", "jpeg", "jpe", "jfif"),
    /** PNG of any bit depth; of an animated one the default image. */
    PNG("PNG", "png", "apng"),
    /** GIF, the first frame. */
    GIF("GIF", "gif"),
    /** Windows bitmap. */
    BMP("BMP", "bmp", "dib"),
    /** WebP, lossy and lossless, the first frame. */
    WEBP("WebP", "webp"),
    /** TIFF, the first page; BigTIFF too. */
    TIFF("TIFF", "tif", "tiff");

    /** How many first bytes of a file {@link #of} and {@link #requireImage} look at. */
    public static final int MAGIC_LENGTH = 64;

    private final String label;
    private final List<String> extensions;

    ImageFormat(String label, String... extensions) {
        this.label = label;
        this.extensions = List.of(extensions);
    }

    /**
     * The format of a file.
     *
     * @param head the file, or its first {@link #MAGIC_LENGTH} bytes
     * @return the format, or nothing if these are not the first bytes of an image that can be decoded
     */
    public static Optional<ImageFormat> of(byte[] head) {
        if (isAt(head, 0, "\u00ff\u00d8\u00ff")) {
            return Optional.of(JPEG);
        }
        if (isAt(head, 0, "\u0089PNG\r\n\u001a\n")) {
            return Optional.of(PNG);
        }
        if (isAt(head, 0, "GIF87a") || isAt(head, 0, "GIF89a")) {
            return Optional.of(GIF);
        }
        if (isAt(head, 0, "RIFF") && isAt(head, 8, "WEBP")) {
            return Optional.of(WEBP);
        }
        // "BM" alone begins many a text; a bitmap's bytes 6 to 9 are reserved and zero
        if (isAt(head, 0, "BM") && isAt(head, 6, "\0\0\0\0")) {
            return Optional.of(BMP);
        }
        boolean tiff = isAt(head, 0, "II*\0") || isAt(head, 0, "MM\0*")
                || isAt(head, 0, "II+\0\10\0\0\0") || isAt(head, 0, "MM\0+\0\10\0\0");
        return tiff && UndecodedFormat.of(head, "").isEmpty() ? Optional.of(TIFF) : Optional.empty();
    }

    /** The names of the formats, in one line: {@code JPEG, PNG, ...}. */
    public static String names() {
        return Arrays.stream(values()).map(format -> format.label).collect(Collectors.joining(", "));
    }

    /**
     * Whether a file's name ends like that of an image, of a format that can be decoded or not.
     *
     * @param name a file name or path
     */
    public static boolean hasImageExtension(String name) {
        String extension = extension(name);
        return Arrays.stream(values()).anyMatch(format -> format.extensions.contains(extension)) || UndecodedFormat.hasExtension(name);
    }

    /**
     * Whether a file is an image, as far as can be told without reading it: its first bytes or the ending of its name are those of an
     * image, of a format that can be decoded or not.
     *
     * @param head the file, or its first {@link #MAGIC_LENGTH} bytes
     * @param name its name or path
     */
    public static boolean isImage(byte[] head, String name) {
        return of(head).isPresent() || hasImageExtension(name) || UndecodedFormat.of(head, name).isPresent();
    }

    /**
     * Lets images of a format that can be decoded pass.
     *
     * @param head the file, or its first {@link #MAGIC_LENGTH} bytes
     * @param name its name or path
     * @return the format
     * @throws NotAnImageException if {@link #isImage} is false
     * @throws ImageFormatException if the format cannot be decoded, with what to do, or the bytes are not what the name promises
     */
    public static ImageFormat requireImage(byte[] head, String name) throws ImageFormatException {
        if (!isImage(head, name)) {
            throw new NotAnImageException();
        }
        return requireDecoded(head, name);
    }

    /** Tells the format of an image that may have any name, or refuses it. */
    static ImageFormat requireDecoded(byte[] head, String name) throws ImageFormatException {
        Optional<UndecodedFormat> undecoded = UndecodedFormat.of(head, name);
        if (undecoded.isPresent()) {
            throw new ImageFormatException(undecoded.get().advice());
        }
        String reason = head.length == 0 ? "the file is empty" : "not a " + orList() + " image";
        return of(head).orElseThrow(() -> new ImageFormatException(reason));
    }

    /**
     * Reads the header of a file of this format.
     *
     * @param file the whole file, left as it is
     * @throws IOException if it is damaged or cut off
     */
    EncodedImage open(byte[] file) throws IOException {
        return switch (this) {
            case JPEG -> EncodedImage.jpeg(file);
            case PNG -> EncodedImage.png(file);
            case BMP -> RasterImage.bmp(file);
            case GIF -> new GifImage(file);
            case WEBP -> WebpImage.parse(file);
            case TIFF -> tiff(file);
        };
    }

    /** Reads the header of a TIFF that is no camera's. */
    static TiffImage tiff(byte[] file) throws IOException {
        if (TiffImage.isCameraRaw(file)) {
            throw new ImageFormatException(UndecodedFormat.CAMERA_RAW.advice());
        }
        return new TiffImage(file);
    }

    /** What a file of this format, which is the whole file, says of its orientation. */
    Orientation orientation(byte[] file) {
        return switch (this) {
            case JPEG -> OrientationMetadata.ofJpeg(file);
            case PNG -> OrientationMetadata.ofPng(file);
            case WEBP -> OrientationMetadata.ofWebp(file);
            case TIFF -> OrientationMetadata.ofTiff(file);
            case GIF, BMP -> Orientation.UPRIGHT;
        };
    }

    /**
     * What a file of this format says beside its pixels, for a picture that is made of them; of GIF and BMP nothing is read.
     *
     * @param file the whole file, left as it is
     */
    public KeptMetadata metadata(byte[] file) {
        return switch (this) {
            case JPEG -> KeptMetadata.ofJpeg(file);
            case PNG -> KeptMetadata.ofPng(file);
            case WEBP -> KeptMetadata.ofWebp(file);
            case TIFF -> KeptMetadata.ofTiff(file);
            case GIF, BMP -> KeptMetadata.NONE;
        };
    }

    /** The format's name, as people write it. */
    @Override
    public String toString() {
        return label;
    }

    /** What follows the last dot of a name, in small letters. */
    static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private static String orList() {
        String names = names();
        int last = names.lastIndexOf(", ");
        return names.substring(0, last) + " or " + names.substring(last + 2);
    }
}
