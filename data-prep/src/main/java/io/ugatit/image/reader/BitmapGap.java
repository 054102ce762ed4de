package io.ugatit.image.reader;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes between a BMP's palette and its pixels, which some programs leave. ImageIO's reader takes them for more colours, and then for
 * more bits a pixel.
 */
final class BitmapGap {
    private static final int FILE_HEADER = 14;
    private static final int OLD_HEADER = 12;
    private static final int HEADER = 40;
    private static final int MOST_BEFORE_PIXELS = 1 << 20;

    private BitmapGap() {}

    /**
     * Closes the gap.
     *
     * @param file the whole file, left as it is
     * @return a copy whose pixels follow the palette; the same array if they do, or if there is no palette
     * @throws RefusedImageException if there is no palette, and more before the pixels than headers and colour profiles take: the reader
     *     would hold it several times
     */
    static byte[] close(byte[] file) throws RefusedImageException {
        if (file.length < FILE_HEADER + OLD_HEADER) {
            return file;
        }
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        boolean old = bytes.getInt(FILE_HEADER) == OLD_HEADER;
        int bits = old ? bytes.getShort(24) : file.length >= FILE_HEADER + HEADER ? bytes.getShort(28) : 0;
        long pixels = bytes.getInt(10) & 0xffffffffL;
        if (bits < 1 || bits > 8) {
            if (pixels > MOST_BEFORE_PIXELS) {
                throw new RefusedImageException("damaged BMP: its pixels begin at byte " + pixels);
            }
            return file;
        }
        long header = bytes.getInt(FILE_HEADER) & 0xffffffffL;
        long used = old ? 0 : bytes.getInt(46) & 0xffffffffL;
        long colours = used == 0 ? 1 << bits : Math.min(used, 1 << bits);
        long end = FILE_HEADER + header + colours * (old ? 3 : 4);
        if (end >= pixels || pixels > file.length) {
            return file;
        }
        byte[] copy = new byte[(int) (end + file.length - pixels)];
        System.arraycopy(file, 0, copy, 0, (int) end);
        System.arraycopy(file, (int) pixels, copy, (int) end, (int) (file.length - pixels));
        int closed = (int) (pixels - end);
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(2, bytes.getInt(2) - closed).putInt(10, (int) end);
        return copy;
    }
}
