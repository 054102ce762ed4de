package io.ugatit.image.jpeg;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The only scan of a sequential JPEG (ITU-T T.81, F.2.2): blocks become samples as they come. */
final class SequentialScan extends EntropyBits implements BlockRows {
    private final JpegHeader header;
    private final List<Component> components;
    private final InverseDct inverse = new InverseDct();
    /** The coefficients of a block that are not zero, as {@link InverseDct#apply} wants them. */
    private final int[] block = new int[64];
    private final int[] before;
    private int units;

    SequentialScan(byte[] file, JpegHeader header) {
        super(file, header.scan());
        this.header = header;
        components = header.components();
        before = new int[components.size()];
    }

    @Override
    public long bytes() {
        return windowBytes();
    }

    @Override
    public void read(Plane[] planes) throws IOException {
        for (int unit = 0; unit < header.unitsAcross(); unit++) {
            if (header.restartInterval() > 0 && units > 0 && units % header.restartInterval() == 0) {
                restart();
                Arrays.fill(before, 0);
            }
            for (int c = 0; c < planes.length; c++) {
                int across = components.get(c).across();
                for (int[] strip : planes[c].strips()) {
                    for (int b = 0; b < across; b++) {
                        read(c, strip, 8 * (unit * across + b) * Plane.STRIDE + 1);
                    }
                }
            }
            requireData();
            units++;
        }
    }

    private void read(int component, int[] strip, int to) throws IOException {
        int[] factors = header.quantization(component);
        before[component] += difference(header.dc(component));
        block[0] = (short) (before[component] * factors[0]) << 6;
        int number = others(header.ac(component), factors);
        inverse.finish(block, number, strip, to);
    }

    /**
     * Reads all coefficients of a block but the first, and adds them to {@link #inverse}: the codes follow from each other one by one, and
     * beside that the processor has time.
     *
     * @param ac their code
     * @param factors what coefficients are multiplied with, in zigzag order
     * @return how many of {@link #block} are not zero, the first counted
     * @throws IOException if the data is damaged
     */
    private int others(HuffmanTable ac, int[] factors) throws IOException {
        int[] lookup = ac.lookup;
        long ahead = bits;
        int left = count;
        int from = next;
        int number = 1;
        int k = 1;
        while (k < 64) {
            ahead |= (long) LONG.get(data, from) >>> left; // as fill() does
            from += (63 - left) >> 3;
            left |= 56;
            int entry = lookup[(int) (ahead >>> (64 - HuffmanTable.LOOKUP_BITS))];
            if ((entry & HuffmanTable.SPECIAL) != 0) {
                entry = ac.special(entry, ahead);
                if (entry >> HuffmanTable.VALUE_SHIFT == 0) {
                    ahead <<= entry & HuffmanTable.LENGTH_MASK;
                    left -= entry & HuffmanTable.LENGTH_MASK;
                    if ((entry >> HuffmanTable.RUN_SHIFT & 15) < 15) {
                        break; // the rest is zeros
                    }
                    k += 16;
                    continue;
                }
            }
            ahead <<= entry & HuffmanTable.LENGTH_MASK;
            left -= entry & HuffmanTable.LENGTH_MASK;
            k += entry >> HuffmanTable.RUN_SHIFT & 15;
            if (k > 63) {
                throw new IOException("bad Huffman code: more than 64 coefficients");
            }
            int value = (short) ((entry >> HuffmanTable.VALUE_SHIFT) * factors[k]);
            int place = JpegHeader.natural(k);
            block[number] = value << 6 | place;
            inverse.add(value, place);
            number++;
            k++;
        }
        bits = ahead;
        count = left;
        next = from;
        return number;
    }
}
