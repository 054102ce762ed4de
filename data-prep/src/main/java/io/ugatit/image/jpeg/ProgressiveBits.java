package io.ugatit.image.jpeg;

import java.io.IOException;

/** Reads the blocks of a progressive JPEG's scan (ITU-T T.81, G.1.2; libjpeg's jdphuff.c). Coefficients are in zigzag order. */
final class ProgressiveBits extends EntropyBits {
    private final ProgressiveScan scan;
    /** How many blocks, the next one first, have no more new coefficients in this scan. */
    private int ended;

    ProgressiveBits(byte[] file, ProgressiveScan scan) {
        super(file, scan.at());
        this.scan = scan;
    }

    @Override
    void restart() throws IOException {
        super.restart();
        ended = 0;
    }

    /** Adds a bit to a block's first coefficient. */
    void refineFirst(short[] blocks, int at) {
        blocks[at] |= (short) (bit() << scan.low());
    }

    /**
     * Reads other coefficients of a block.
     *
     * @param blocks holds the block
     * @param at where it begins
     */
    void others(short[] blocks, int at) throws IOException {
        if (scan.refines()) {
            refineOthers(blocks, at);
        } else if (ended > 0) {
            ended--;
        } else {
            newOthers(blocks, at);
        }
    }

    private void newOthers(short[] blocks, int at) throws IOException {
        HuffmanTable ac = scan.ac();
        long ahead = bits;
        int left = count;
        int from = next;
        int k = scan.first();
        while (k <= scan.last()) {
            ahead |= (long) LONG.get(data, from) >>> left; // as fill() does
            from += (63 - left) >> 3;
            left |= 56;
            int entry = ac.entry(ahead);
            int length = entry & HuffmanTable.LENGTH_MASK;
            int run = entry >> HuffmanTable.RUN_SHIFT & 15;
            int value = entry >> HuffmanTable.VALUE_SHIFT;
            ahead <<= length;
            left -= length;
            if (value == 0 && run < 15) {
                ended = (1 << run) - 1 + (int) (ahead >>> 1 >>> (63 - run));
                ahead <<= run;
                left -= run;
                break;
            }
            k += run;
            if (value != 0) {
                requireInside(k);
                blocks[at + k] = (short) (value << scan.low());
            }
            k++;
        }
        bits = ahead;
        count = left;
        next = from;
    }

    private void refineOthers(short[] blocks, int at) throws IOException {
        int k = scan.first();
        while (ended == 0 && k <= scan.last()) {
            fill();
            int entry = scan.ac().entry(bits);
            int zeros = entry >> HuffmanTable.RUN_SHIFT & 15;
            int value = entry >> HuffmanTable.VALUE_SHIFT;
            skip(entry & HuffmanTable.LENGTH_MASK);
            if (value > 1 || value < -1) {
                throw new IOException("bad Huffman code: more than one bit in a refinement");
            }
            if (value == 0 && zeros < 15) {
                ended = (1 << zeros) + (int) (bits >>> 1 >>> (63 - zeros));
                skip(zeros);
                break;
            }
            k = refine(blocks, at, k, zeros);
            if (value != 0) {
                requireInside(k);
                blocks[at + k] = (short) (value << scan.low());
            }
            k++;
        }
        if (ended > 0) {
            refine(blocks, at, k, 64);
            ended--;
        }
    }

    /** Adds a bit to each coefficient that is there, up to the zero behind so many zeros; gives where that is. */
    private int refine(short[] blocks, int at, int from, int zeros) {
        int end = scan.last();
        int bit = 1 << scan.low();
        int left = zeros;
        long ahead = bits;
        int there = count;
        int k = from;
        while (k <= end) {
            int coefficient = blocks[at + k];
            if (coefficient == 0) {
                if (left == 0) {
                    break;
                }
                left--;
            } else {
                if (there == 0) {
                    count = 0;
                    bits = ahead;
                    fill();
                    ahead = bits;
                    there = count;
                }
                if (ahead < 0 && (coefficient & bit) == 0) {
                    blocks[at + k] = (short) (coefficient + (coefficient > 0 ? bit : -bit));
                }
                ahead <<= 1;
                there--;
            }
            k++;
        }
        bits = ahead;
        count = there;
        return k;
    }

    private static void requireInside(int k) throws IOException {
        if (k > 63) {
            throw new IOException("bad Huffman code: more than 64 coefficients");
        }
    }

    private int bit() {
        if (count == 0) {
            fill();
        }
        int bit = (int) (bits >>> 63);
        skip(1);
        return bit;
    }
}
