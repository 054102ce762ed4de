package io.ugatit.image.reader;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import io.ugatit.image.metadata.Blocks;
import io.ugatit.image.metadata.Blocks.Block;
import io.ugatit.image.metadata.TiffDirectory;
import io.ugatit.image.reader.RgbConversion.Alpha;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageReader;

/**
 * The first page of a TIFF or BigTIFF, read by TwelveMonkeys' plug-in from a copy that holds only that page and the tags that tell how it
 * is stored. Sizes and offsets are checked before. Samples of 16 bits keep their high byte.
 */
public final class TiffImage extends EncodedImage {
    private static final int SUBFILE_TYPE = 254;
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_LENGTHS = 279;
    private static final int PLANAR = 284;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_LENGTHS = 325;
    private static final int SUB_DIRECTORIES = 330;
    private static final int EXTRA_SAMPLES = 338;
    private static final int SAMPLE_FORMAT = 339;
    private static final int JPEG_TABLES = 347;
    private static final int JPEG_STREAM = 513;
    private static final int DNG_VERSION = 50706;

    /** What a reader needs; more of fax, predictors, palettes, inks, JPEG tables and YCbCr. No names, profiles, thumbnails, other pages. */
    private static final Set<Integer> NEEDED = Set.of(WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, STRIP_OFFSETS, SAMPLES, ROWS_PER_STRIP,
            STRIP_LENGTHS, PLANAR, TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS, TILE_LENGTHS, EXTRA_SAMPLES, SAMPLE_FORMAT, JPEG_STREAM,
            JPEG_TABLES, 266, 292, 293, 317, 320, 332, 512, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532);
    /** None, CCITT (three), LZW, old JPEG, JPEG, Deflate, PackBits, Deflate again. */
    private static final Set<Long> COMPRESSIONS = Set.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 32773L, 32946L);
    private static final long OLD_JPEG = 6;
    private static final long JPEG = 7;
    private static final long WHITE_IS_ZERO = 0;
    private static final int BLACK_IS_ZERO = 1;
    private static final long PALETTE = 3;
    private static final long CMYK = 5;
    private static final long YCBCR = 6;
    private static final long SEPARATE = 2;
    private static final int UNSIGNED = 1;
    private static final int MAX_SAMPLES = 16;
    /** Times over that parts may lie in the same bytes. */
    private static final int MOST_SHARED = 4;

    private final byte[] file;
    private final TiffDirectory tags;
    private final int width;
    private final int height;
    private final int samples;
    private final int bits;
    private final long photometric;

    /**
     * Reads the header.
     *
     * @param file the whole file, left as it is
     * @throws IOException if it is damaged or cut off, or its pixels are of a kind that is not read
     */
    public TiffImage(byte[] file) throws IOException {
        this.file = file;
        tags = TiffDirectory.read(ByteBuffer.wrap(file)).orElseThrow(EOFException::new);
        width = size(WIDTH);
        height = size(HEIGHT);
        photometric = tags.value(PHOTOMETRIC, 0, tags.value(COMPRESSION, 0, 1) == OLD_JPEG ? YCBCR : 0);
        samples = (int) tags.value(SAMPLES, 0, 1);
        bits = (int) tags.value(BITS, 0, 1);
        requireKnown();
        requireInside();
    }

    /** Whether a file is camera raw: its first page is a thumbnail then. */
    public static boolean isCameraRaw(byte[] file) {
        return TiffDirectory.read(ByteBuffer.wrap(file))
                .map(tags -> tags.has(DNG_VERSION) || ((tags.value(SUBFILE_TYPE, 0, 0) & 1) == 1 && tags.has(SUB_DIRECTORIES)))
                .orElse(false);
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    /** Samples a pixel. */
    public int samples() {
        return samples;
    }

    /** Bits of each sample. */
    public int bits() {
        return bits;
    }

    /** What the samples mean, as TIFF numbers it. */
    public long photometric() {
        return photometric;
    }

    @Override
    public long decodingBytes() {
        return bytes(width, height) + 2 * bytes(partWidth(), partHeight()) + 3L * width * height + file.length;
    }

    @Override
    public byte[] decode() throws IOException {
        BufferedImage image = read();
        if (photometric == CMYK && image.getRaster().getNumBands() >= 4) {
            return RgbConversion.fromCmyk(image.getRaster());
        }
        return image.getColorModel() instanceof IndexColorModel ? RgbConversion.toRgb(image) : RgbConversion.toRgb(image, alpha());
    }

    @Override
    public Optional<byte[]> opacity() throws IOException {
        return photometric == CMYK || photometric == PALETTE || alpha() == Alpha.NONE ? Optional.empty()
                : Optional.of(RgbConversion.opacity(read(), alpha()));
    }

    private BufferedImage read() throws IOException {
        ImageReader reader = new TIFFImageReaderSpi().createReaderInstance(null);
        BufferedImage image;
        try {
            List<String> warnings = new ArrayList<>();
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            Map<Integer, Integer> changes = extraBesideWhiteIsZero() ? Map.of(PHOTOMETRIC, BLACK_IS_ZERO) : Map.of();
            reader.setInput(new ByteArrayImageInputStream(tags.only(file, NEEDED, changes)), true, true);
            if (reader.getWidth(0) != width || reader.getHeight(0) != height) {
                throw new RefusedImageException("damaged TIFF: its reader finds another size in it");
            }
            image = reader.read(0);
            RasterImage.requireUndamaged(warnings, "TIFF");
            if (extraBesideWhiteIsZero()) {
                invertLight(image.getRaster());
            }
        } finally {
            reader.dispose();
        }
        return image;
    }

    /** Of such pixels the reader would invert the transparency as well, or nothing if they are in planes: it is told that black is zero. */
    private boolean extraBesideWhiteIsZero() {
        return photometric == WHITE_IS_ZERO && tags.has(PHOTOMETRIC) && samples > 1;
    }

    private void invertLight(WritableRaster raster) {
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            raster.getSamples(0, y, width, 1, 0, row);
            for (int x = 0; x < width; x++) {
                row[x] ^= (1 << bits) - 1;
            }
            raster.setSamples(0, y, width, 1, 0, row);
        }
    }

    private Alpha alpha() {
        int colours = photometric == 2 || photometric == YCBCR ? 3 : 1;
        if (samples == colours) {
            return Alpha.NONE;
        }
        return switch ((int) tags.value(EXTRA_SAMPLES, 0, 2)) {
            case 0 -> Alpha.NONE;
            case 1 -> Alpha.PREMULTIPLIED;
            default -> Alpha.STRAIGHT;
        };
    }

    private int size(int tag) throws RefusedImageException {
        long value = tags.value(tag, 0, 0);
        if (value < 1 || value > Integer.MAX_VALUE) {
            throw new RefusedImageException("damaged TIFF: its first page has no size");
        }
        return (int) value;
    }

    private void requireKnown() throws RefusedImageException {
        long compression = tags.value(COMPRESSION, 0, 1);
        if (!COMPRESSIONS.contains(compression)) {
            throw unknown("compression " + compression);
        }
        if (compression == JPEG && samples > 1 && tags.value(PLANAR, 0, 1) == SEPARATE) {
            throw unknown("JPEG compression of each colour");
        }
        if (photometric < 0 || photometric > YCBCR || photometric == 4) {
            throw unknown("colours of kind " + photometric);
        }
        if (samples < 1 || samples > MAX_SAMPLES || tags.count(BITS) > samples) {
            throw unknown(samples + " samples a pixel");
        }
        for (int i = 0; i < samples; i++) {
            long format = tags.value(SAMPLE_FORMAT, i, tags.value(SAMPLE_FORMAT, 0, UNSIGNED));
            if (format != UNSIGNED) {
                throw unknown(format == 3 ? "floating-point samples" : "samples of format " + format);
            }
            if (tags.value(BITS, i, bits) != bits || !Set.of(1, 2, 4, 8, 16).contains(bits)) {
                throw unknown("samples of " + tags.value(BITS, i, bits) + " bits");
            }
        }
    }

    private static RefusedImageException unknown(String what) {
        return new RefusedImageException("TIFF images with " + what + " cannot be decoded: convert them to PNG");
    }

    /** Checks that the parts cover the page, are inside the file, and hold no more than they should. */
    private void requireInside() throws IOException {
        boolean tiled = tags.has(TILE_OFFSETS);
        int offsets = tiled ? TILE_OFFSETS : STRIP_OFFSETS;
        int lengths = tiled ? TILE_LENGTHS : STRIP_LENGTHS;
        if (partWidth() < 1 || partHeight() < 1 || bytes(partWidth(), partHeight()) > Integer.MAX_VALUE
                || bytes(partWidth(), partHeight()) > 4 * Math.max(bytes(width, height), 1 << 20)) {
            throw new RefusedImageException("damaged TIFF: its parts of " + partWidth() + " x " + partHeight() + " pixels make no sense");
        }
        int planes = tags.value(PLANAR, 0, 1) == SEPARATE ? samples : 1;
        long parts = ((width - 1) / partWidth() + 1) * ((height - 1) / partHeight() + 1) * planes;
        long compression = tags.value(COMPRESSION, 0, 1);
        if (compression != OLD_JPEG && tags.count(offsets) < parts) {
            throw new RefusedImageException("damaged TIFF: " + tags.count(offsets) + " of " + parts + " parts are there");
        }
        long together = 0;
        for (int i = 0; i < Math.min(parts, tags.count(offsets)); i++) {
            long offset = tags.value(offsets, i, 0);
            long length = tags.value(lengths, i, 0);
            if (offset < 0 || length < 0 || offset > file.length - length) {
                throw new EOFException();
            }
            together += length;
            if (together > MOST_SHARED * (long) file.length) { // each is gone through
                throw new RefusedImageException("damaged TIFF: its parts lie in the same bytes");
            }
            if (compression == JPEG) {
                requireJpegOfPart((int) offset, (int) (offset + length));
            }
        }
        if (compression == JPEG) {
            ByteBuffer tables = tags.bytes(JPEG_TABLES);
            requireNarrowTables(Blocks.ofJpeg(tables.array(), tables.arrayOffset(), tables.arrayOffset() + tables.limit()));
        }
        if (compression == OLD_JPEG && tags.has(JPEG_STREAM)) {
            requireJpegOfPart((int) Math.max(0, Math.min(file.length, tags.value(JPEG_STREAM, 0, 0))), file.length);
        }
    }

    /** Of wider ones the reader takes 8 bits. */
    private void requireNarrowTables(List<Block> segments) throws RefusedImageException {
        for (Block segment : segments) {
            if (JpegKind.hasWideTable(file, segment)) {
                throw unknown("JPEG tables of 16 bits");
            }
        }
    }

    private void requireJpegOfPart(int from, int end) throws RefusedImageException {
        List<Block> segments = Blocks.ofJpeg(file, from, end);
        requireNarrowTables(segments);
        for (Block block : segments) {
            if (JpegKind.isArithmetic(block)) {
                throw unknown("JPEG's arithmetic codes");
            }
            if (block.name().matches("c[0-35-79-bd-f]") && block.length() >= 5) {
                ByteBuffer frame = ByteBuffer.wrap(file, block.at() + 1, 4);
                int rows = frame.getShort() & 0xffff;
                int columns = frame.getShort() & 0xffff;
                // the last strip may be as high as the others
                if (columns > Math.max(partWidth(), width) || rows > Math.max(partHeight(), height)) {
                    throw new RefusedImageException("damaged TIFF: a JPEG in it is larger than the part it is for");
                }
            }
        }
    }

    private long partWidth() {
        return tags.has(TILE_OFFSETS) ? tags.value(TILE_WIDTH, 0, 0) : width;
    }

    private long partHeight() {
        return tags.has(TILE_OFFSETS) ? tags.value(TILE_HEIGHT, 0, 0) : Math.min(tags.value(ROWS_PER_STRIP, 0, height), height);
    }

    private long bytes(long columns, long rows) {
        double all = (double) rows * ((columns * samples * bits + 7) / 8);
        return (long) Math.min(all, Long.MAX_VALUE / 8);
    }
}
