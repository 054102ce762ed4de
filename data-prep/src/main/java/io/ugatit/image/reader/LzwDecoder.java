package io.ugatit.image.reader;

import java.io.EOFException;
import java.io.IOException;

/**
 * Undoes the compression of a GIF's frame (GIF89a, appendix F): LZW with codes that grow to 12 bits, in blocks of 1 to 255 bytes. A code's
 * numbers are found where they have been written before.
 */
final class LzwDecoder {
    /** What its tables take. */
    static final long BYTES = 2L * Integer.BYTES << 12;

    private static final int MOST_BITS = 12;
    private static final int MOST_CODES = 1 << MOST_BITS;

    private final byte[] file;
    private int at;
    private int leftInBlock;
    private int bits;
    private int bitCount;
    private final int[] starts = new int[MOST_CODES];
    private final int[] ends = new int[MOST_CODES];

    private LzwDecoder(byte[] file, int at) {
        this.file = file;
        this.at = at;
    }

    /**
     * Decodes a frame. What follows its last pixel is not read.
     *
     * @param file the whole file, left as it is
     * @param at where the number of bits of a colour is, which the blocks follow
     * @param pixels how many there are, at least 1
     * @return the pixels' colour numbers in stored order
     * @throws IOException if the data is damaged, or ends before the last pixel
     */
    static byte[] decode(byte[] file, int at, int pixels) throws IOException {
        if (at >= file.length) {
            throw new EOFException();
        }
        if (file[at] < 1 || file[at] > 8) {
            throw new RefusedImageException("damaged GIF: its colours are of " + (file[at] & 0xff) + " bits");
        }
        byte[] numbers = new byte[pixels];
        new LzwDecoder(file, at + 1).fill(numbers, file[at]);
        return numbers;
    }

    private void fill(byte[] numbers, int colourBits) throws IOException {
        int clear = 1 << colourBits;
        int next = clear + 2;
        int width = colourBits + 1;
        int last = -1; // where the numbers of the code before are; behind a clear code there is none
        int filled = 0;
        while (filled < numbers.length) {
            int code = code(width);
            if (code == clear) {
                next = clear + 2;
                width = colourBits + 1;
                last = -1;
                continue;
            }
            if (code == clear + 1) {
                throw new EOFException();
            }
            // a new code is the one before and the first number of this; a full table stays as it is
            if (last >= 0 && next < MOST_CODES) {
                starts[next] = last;
                ends[next] = filled + 1;
                next++;
                width = next == 1 << width && width < MOST_BITS ? width + 1 : width;
            }
            if (code >= next) {
                throw new RefusedImageException("damaged GIF: its data has a code that stands for nothing");
            }
            last = filled;
            if (code < clear) {
                numbers[filled++] = (byte) code;
            } else {
                for (int i = starts[code]; i < ends[code] && filled < numbers.length; i++) {
                    numbers[filled++] = numbers[i]; // the new code's last number may be its own first
                }
            }
        }
    }

    private int code(int width) throws EOFException {
        while (bitCount < width) {
            if (leftInBlock == 0) {
                leftInBlock = at < file.length ? file[at++] & 0xff : 0;
                if (leftInBlock == 0 || leftInBlock > file.length - at) { // the frame's end, or the file's
                    throw new EOFException();
                }
            }
            bits |= (file[at++] & 0xff) << bitCount;
            bitCount += 8;
            leftInBlock--;
        }
        int code = bits & (1 << width) - 1;
        bits >>>= width;
        bitCount -= width;
        return code;
    }
}
