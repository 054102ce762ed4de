package io.ugatit.image.reader;

import io.ugatit.image.metadata.Blocks;
import io.ugatit.image.metadata.Blocks.Block;
import io.ugatit.image.strip.White;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A WebP's picture, or first frame on its canvas: where the frame does not reach there is nothing, which is white, or black if the file
 * says that it has no transparency, as in Pillow.
 *
 * <p>The container is read here, and all its lengths and sizes are checked. libwebp, which is native, is given only the picture, in the
 * smallest container that holds one.
 */
public final class WebpImage extends EncodedImage {
    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int CANVAS_LENGTH = 10;
    private static final int FRAME_LENGTH = 16;
    private static final int ALPHA_FLAG = 0x10;
    private static final int ANIMATION_FLAG = 2;
    private static final int LOSSLESS_SIGNATURE = 0x2f;

    private final byte[] file;
    private final int width;
    private final int height;
    private final boolean alpha;
    private final int left;
    private final int top;
    private final Picture picture;

    private WebpImage(byte[] file, int width, int height, boolean alpha, int left, int top, Picture picture) throws RefusedImageException {
        if (left + picture.width > width || top + picture.height > height) {
            throw new RefusedImageException("damaged WebP: its picture reaches over its canvas");
        }
        this.file = file;
        this.width = width;
        this.height = height;
        this.alpha = alpha;
        this.left = left;
        this.top = top;
        this.picture = picture;
    }

    /**
     * A coded picture.
     *
     * @param width columns, from 1 to 16,384
     * @param height rows, from 1 to 16,384
     * @param alpha whether its transparency counts even if no canvas says so: only without animation
     * @param chunks its transparency, if that is a chunk of its own, and its colours
     */
    private record Picture(int width, int height, boolean alpha, List<Block> chunks) {}

    /**
     * Reads the container.
     *
     * @param file the whole file, left as it is
     * @throws IOException if it is damaged or cut off
     */
    public static WebpImage parse(byte[] file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long end = Integer.toUnsignedLong(bytes.getInt(4)) + 8;
        if (end > file.length) {
            throw new EOFException();
        }
        List<Block> chunks = chunks(bytes, RIFF_HEADER, (int) end);
        Block first = chunks.isEmpty() ? null : chunks.get(0);
        if (first == null || !first.name().equals("VP8X")) {
            Picture picture = picture(bytes, chunks);
            return new WebpImage(file, picture.width, picture.height, picture.alpha, 0, 0, picture);
        }
        requireLength(first, CANVAS_LENGTH);
        int flags = bytes.get(first.at());
        int width = 1 + threeBytes(bytes, first.at() + 4);
        int height = 1 + threeBytes(bytes, first.at() + 7);
        boolean alpha = (flags & ALPHA_FLAG) != 0;
        if ((flags & ANIMATION_FLAG) != 0) {
            return animated(width, height, alpha, bytes, chunks);
        }
        Picture picture = picture(bytes, chunks);
        if (picture.width != width || picture.height != height) {
            throw new RefusedImageException("damaged WebP: its picture and its canvas differ in size");
        }
        return new WebpImage(file, width, height, alpha || picture.alpha, 0, 0, picture);
    }

    private static WebpImage animated(int width, int height, boolean alpha, ByteBuffer bytes, List<Block> chunks)
            throws RefusedImageException {
        for (Block chunk : chunks) {
            if (chunk.name().equals("ANMF")) {
                requireLength(chunk, FRAME_LENGTH);
                Picture frame = picture(bytes, chunks(bytes, chunk.at() + FRAME_LENGTH, chunk.at() + chunk.length()));
                if (frame.width != 1 + threeBytes(bytes, chunk.at() + 6) || frame.height != 1 + threeBytes(bytes, chunk.at() + 9)) {
                    throw new RefusedImageException("damaged WebP: its first frame has two sizes");
                }
                int left = 2 * threeBytes(bytes, chunk.at());
                int top = 2 * threeBytes(bytes, chunk.at() + 3);
                return new WebpImage(bytes.array(), width, height, alpha, left, top, frame);
            }
        }
        throw new RefusedImageException("damaged WebP: an animation without a frame");
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    /** Whether it has transparency, be it that of a still picture whose canvas says that it does not count. */
    public boolean hasAlpha() {
        boolean animated = Blocks.isAt(file, RIFF_HEADER, "VP8X") && (file[RIFF_HEADER + CHUNK_HEADER] & ANIMATION_FLAG) != 0;
        return alpha || !animated && picture.chunks.size() > 1;
    }

    @Override
    public long decodingBytes() {
        return (4L + 4 + 3) * width * height + file.length; // libwebp's own, its result, and what becomes of it
    }

    @Override
    public byte[] decode() throws IOException {
        int[] argb = Libwebp.decode(standalone(), picture.width, picture.height);
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        if (alpha) {
            Arrays.fill(rgb, (byte) 0xff);
        }
        int i = 0;
        for (int y = 0; y < picture.height; y++) {
            int o = 3 * ((top + y) * width + left);
            for (int x = 0; x < picture.width; x++) {
                int pixel = argb[i++];
                int opacity = alpha ? pixel >>> 24 : 255;
                rgb[o++] = White.under(pixel >> 16 & 0xff, opacity);
                rgb[o++] = White.under(pixel >> 8 & 0xff, opacity);
                rgb[o++] = White.under(pixel & 0xff, opacity);
            }
        }
        return rgb;
    }

    @Override
    public Optional<byte[]> opacity() throws IOException {
        if (!alpha) {
            return Optional.empty();
        }
        int[] argb = Libwebp.decode(standalone(), picture.width, picture.height);
        byte[] opacity = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        for (int i = 0; i < argb.length; i++) {
            int o = 3 * ((top + i / picture.width) * width + left + i % picture.width);
            Arrays.fill(opacity, o, o + 3, (byte) (argb[i] >>> 24));
        }
        return Optional.of(opacity);
    }

    /** The picture as a file of its own. */
    private byte[] standalone() {
        int length = RIFF_HEADER + CHUNK_HEADER + CANVAS_LENGTH;
        for (Block chunk : picture.chunks) {
            length += CHUNK_HEADER + chunk.length() + (chunk.length() & 1);
        }
        boolean canvas = picture.chunks.size() > 1;
        length -= canvas ? 0 : CHUNK_HEADER + CANVAS_LENGTH;
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        out.put(latin1("RIFF")).putInt(length - 8).put(latin1("WEBP"));
        if (canvas) {
            out.put(latin1("VP8X")).putInt(CANVAS_LENGTH).putInt(ALPHA_FLAG);
            putThreeBytes(out, picture.width - 1);
            putThreeBytes(out, picture.height - 1);
        }
        for (Block chunk : picture.chunks) {
            out.put(latin1(chunk.name())).putInt(chunk.length()).put(file, chunk.at(), chunk.length());
            out.position(out.position() + (chunk.length() & 1));
        }
        return out.array();
    }

    /** Finds the picture among the chunks of a file or a frame. */
    private static Picture picture(ByteBuffer bytes, List<Block> chunks) throws RefusedImageException {
        Block transparency = null;
        for (Block chunk : chunks) {
            switch (chunk.name()) {
                case "ALPH" -> transparency = transparency == null ? chunk : transparency;
                case "VP8 " -> {
                    return lossy(bytes, transparency, chunk);
                }
                case "VP8L" -> {
                    return lossless(bytes, chunk);
                }
                default -> {} // profiles, and what is to come
            }
        }
        throw new RefusedImageException("damaged WebP: it holds no picture");
    }

    private static Picture lossy(ByteBuffer bytes, Block transparency, Block chunk) throws RefusedImageException {
        requireLength(chunk, 10);
        int tag = threeBytes(bytes, chunk.at());
        boolean keyFrame = (tag & 1) == 0;
        boolean shown = (tag >> 4 & 1) == 1;
        int partition = tag >> 5;
        int width = bytes.getShort(chunk.at() + 6) & 0x3fff; // the upper bits ask for a scale that nobody heeds
        int height = bytes.getShort(chunk.at() + 8) & 0x3fff;
        boolean signed = threeBytes(bytes, chunk.at() + 3) == 0x2a019d;
        if (!keyFrame || !shown || !signed || partition >= chunk.length() || width == 0 || height == 0) {
            throw new RefusedImageException("damaged WebP: the header of its picture makes no sense");
        }
        return new Picture(width, height, false, transparency == null ? List.of(chunk) : List.of(transparency, chunk));
    }

    private static Picture lossless(ByteBuffer bytes, Block chunk) throws RefusedImageException {
        requireLength(chunk, 5);
        int header = bytes.getInt(chunk.at() + 1);
        if (bytes.get(chunk.at()) != LOSSLESS_SIGNATURE || header >>> 29 != 0) {
            throw new RefusedImageException("damaged WebP: the header of its picture makes no sense");
        }
        return new Picture(1 + (header & 0x3fff), 1 + (header >> 14 & 0x3fff), (header >> 28 & 1) == 1, List.of(chunk));
    }

    /** The chunks of a part of the file; all must fit into it. */
    private static List<Block> chunks(ByteBuffer bytes, int from, int end) throws RefusedImageException {
        List<Block> chunks = Blocks.ofWebp(bytes.array(), from, end);
        int rest = from;
        if (!chunks.isEmpty()) {
            Block last = chunks.get(chunks.size() - 1);
            rest = last.at() + last.length() + (last.length() & 1);
        }
        if (rest + CHUNK_HEADER <= end) {
            throw new RefusedImageException("damaged WebP: one of its parts reaches over its end");
        }
        return chunks;
    }

    private static void requireLength(Block chunk, int length) throws RefusedImageException {
        if (chunk.length() < length) {
            throw new RefusedImageException("damaged WebP: its " + chunk.name().strip() + " is too short");
        }
    }

    private static int threeBytes(ByteBuffer bytes, int at) {
        return bytes.getShort(at) & 0xffff | (bytes.get(at + 2) & 0xff) << 16;
    }

    private static void putThreeBytes(ByteBuffer out, int value) {
        out.putShort((short) value).put((byte) (value >> 16));
    }

    private static byte[] latin1(String name) {
        return name.getBytes(StandardCharsets.ISO_8859_1);
    }
}
