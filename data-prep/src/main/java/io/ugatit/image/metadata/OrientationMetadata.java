package io.ugatit.image.metadata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a file says of its orientation, wherever Pillow's {@code ImageOps.exif_transpose} looks, in the same order: in EXIF (of a PNG also
 * as the hexadecimal text that ImageMagick writes, of a TIFF in its own tags), and if that does not speak of it in XMP. Metadata that makes
 * no sense says nothing: the pixels may still be good, and the decoder decides that.
 */
public final class OrientationMetadata {
    private static final int TAG = 274;
    private static final int XMP_TAG = 700;
    private static final Pattern IN_XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

    private OrientationMetadata() {}

    /** The orientation of a JPEG, which is the whole file. */
    public static Orientation ofJpeg(byte[] file) {
        return in(MetadataBlocks.ofJpeg(file));
    }

    /** The orientation of a PNG, which is the whole file. */
    public static Orientation ofPng(byte[] file) {
        return in(MetadataBlocks.ofPng(file));
    }

    /** The orientation of a WebP, which is the whole file. */
    public static Orientation ofWebp(byte[] file) {
        return in(MetadataBlocks.ofWebp(file));
    }

    /** The orientation of a TIFF's first page; the TIFF is the whole file. */
    public static Orientation ofTiff(byte[] file) {
        Optional<TiffDirectory> tags = TiffDirectory.read(ByteBuffer.wrap(file));
        return in(tags, () -> tags.map(page -> page.bytes(XMP_TAG)).map(OrientationMetadata::start).orElse(ByteBuffer.allocate(0)));
    }

    private static ByteBuffer start(ByteBuffer bytes) {
        return bytes.limit(Math.min(bytes.limit(), bytes.position() + MetadataBlocks.MAX_TEXT));
    }

    private static Orientation in(MetadataBlocks blocks) {
        return in(blocks.exif().flatMap(TiffDirectory::read), () -> ByteBuffer.wrap(blocks.xmp()));
    }

    private static Orientation in(Optional<TiffDirectory> tags, Supplier<ByteBuffer> xmp) {
        if (tags.isPresent() && tags.get().has(TAG)) {
            return Orientation.of(tags.get().number(TAG).orElse(0.0));
        }
        Matcher found = IN_XMP.matcher(StandardCharsets.ISO_8859_1.decode(xmp.get()));
        return Orientation.of(found.find() ? Integer.parseInt(found.group(1)) : 0);
    }
}
