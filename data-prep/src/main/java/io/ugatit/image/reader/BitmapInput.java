package io.ugatit.image.reader;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A BMP with a header from which ImageIO's reader makes what Pillow does. That reader takes bytes between palette and pixels, which some
 * programs leave, for more colours and then for more bits a pixel; it believes the lengths that the file says it and its runs have, knows
 * no headers of OS/2 2, and takes what may be in a pixel's fourth byte for its opacity. The file itself is not copied.
 */
final class BitmapInput extends ImageInputStreamImpl {
    private static final int FILE_HEADER = 14;
    private static final int OLD_HEADER = 12;
    private static final int HEADER = 40;
    /** Of OS/2 2: the first 40 bytes are the usual ones. */
    private static final int OS2_HEADER = 64;
    private static final Set<Integer> HEADERS = Set.of(OLD_HEADER, HEADER, 52, 56, OS2_HEADER, 108, 124);
    private static final int RUNS_OF_BYTES = 1;
    private static final int RUNS_OF_HALVES = 2;
    /** Where the header says how many bytes the runs take; 0 if to the end of the file. */
    private static final int RUNS = 34;
    private static final int ALPHA_MASK = FILE_HEADER + 52;
    private static final int MOST_BEFORE_PIXELS = 1 << 20;

    private final byte[] head;
    private final byte[] file;
    /** By how much what follows the head lies further behind in the file. */
    private final int cut;

    private BitmapInput(byte[] head, byte[] file, int cut) {
        this.head = head;
        this.file = file;
        this.cut = cut;
    }

    /**
     * Begins to read.
     *
     * @param file the whole file, left as it is
     * @throws RefusedImageException if there is no palette, and more before the pixels than headers and colour profiles take: the reader
     *     would hold it several times
     */
    static BitmapInput of(byte[] file) throws RefusedImageException {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < FILE_HEADER + OLD_HEADER) {
            return new BitmapInput(new byte[0], file, 0);
        }
        int header = bytes.getInt(FILE_HEADER);
        boolean old = header == OLD_HEADER;
        int bits = old ? bytes.getShort(24) : file.length >= FILE_HEADER + HEADER ? bytes.getShort(28) : 0;
        boolean palette = bits >= 1 && bits <= 8;
        long pixels = bytes.getInt(10) & 0xffffffffL;
        if (!palette && pixels > MOST_BEFORE_PIXELS) {
            throw new RefusedImageException("damaged BMP: its pixels begin at byte " + pixels);
        }
        if (!HEADERS.contains(header) || file.length < FILE_HEADER + header) {
            return new BitmapInput(new byte[0], file, 0); // the reader says what is wrong
        }
        int end = FILE_HEADER + header;
        int compression = old ? 0 : bytes.getInt(30);
        int paletteBytes = palette ? colours(bytes, old, bits) * (old ? 3 : 4) : 0;
        boolean gap = palette && end + paletteBytes < pixels && pixels <= file.length;
        boolean os2 = header == OS2_HEADER && compression >= 0 && compression <= RUNS_OF_HALVES && pixels >= end; // others are its own
        int kept = os2 ? FILE_HEADER + HEADER : end;
        ByteBuffer head = ByteBuffer.allocate(kept + (gap ? paletteBytes : 0)).order(ByteOrder.LITTLE_ENDIAN);
        head.put(file, 0, kept).put(file, end, head.remaining());
        int cut = (gap ? (int) pixels : end) - head.capacity();
        long length = bytes.getInt(2) & 0xffffffffL;
        head.putInt(2, (int) (Math.max(length, file.length) - cut)).putInt(10, (int) pixels - cut);
        if ((compression == RUNS_OF_BYTES || compression == RUNS_OF_HALVES) && pixels <= file.length) {
            int runs = runs(file, (int) pixels, compression);
            boolean guessed = bytes.getInt(RUNS) == 0 && length < file.length;
            head.putInt(RUNS, runs > 0 ? runs : guessed ? file.length - (int) pixels + 1 : bytes.getInt(RUNS));
        }
        if (os2) {
            head.putInt(FILE_HEADER, HEADER);
        } else if (bits == 32 && compression == 0 && kept >= ALPHA_MASK + 4) {
            head.putInt(ALPHA_MASK, 0);
        }
        return new BitmapInput(head.array(), file, cut);
    }

    private static int colours(ByteBuffer bytes, boolean old, int bits) {
        long used = old ? 0 : bytes.getInt(46) & 0xffffffffL;
        return (int) (used == 0 ? 1 << bits : Math.min(used, 1 << bits));
    }

    /** How many bytes runs take with the mark of their end; 0 if there is none: the reader makes an image of what it is told there is. */
    private static int runs(byte[] file, int from, int compression) {
        int at = from;
        while (at + 1 < file.length) {
            int value = file[at + 1] & 0xff;
            boolean isRun = file[at] != 0;
            at += 2;
            if (!isRun && value == 1) {
                return at - from;
            }
            int bytes = compression == RUNS_OF_BYTES ? value : (value + 1) / 2;
            at += isRun || value == 0 ? 0 : value == 2 ? 2 : bytes + (bytes & 1);
        }
        return 0;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int count) {
        bitOffset = 0;
        if (streamPos >= length()) {
            return -1;
        }
        int at = (int) streamPos;
        boolean inHead = at < head.length;
        int some = Math.min(count, (int) (inHead ? head.length : length()) - at);
        System.arraycopy(inHead ? head : file, inHead ? at : at + cut, to, offset, some);
        streamPos += some;
        return some;
    }

    @Override
    public long length() {
        return file.length - cut;
    }
}
