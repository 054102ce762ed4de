package io.ugatit.image.jpeg;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** All scans of a progressive JPEG: the whole image's coefficients are collected before the first samples are made. */
final class ProgressiveScans implements BlockRows {
    private final byte[] file;
    private final JpegHeader header;
    private final List<Component> components;
    private final InverseDct inverse = new InverseDct();
    private final int[] block = new int[64];
    /** Per component and row of blocks the coefficients of one block after the other, in zigzag order. */
    private final short[][][] coefficients;
    private int unitRow;

    ProgressiveScans(byte[] file, JpegHeader header) {
        this.file = file;
        this.header = header;
        components = header.components();
        coefficients = new short[components.size()][][];
    }

    @Override
    public long bytes() {
        long bytes = 0;
        for (Component component : components) {
            bytes += (long) header.unitsDown() * component.down() * (16 + 64L * Short.BYTES * header.unitsAcross() * component.across());
        }
        return bytes + EntropyBits.windowBytes() + header.scans().size() * HuffmanTable.ALL_BYTES / 2; // each may have four tables of its own
    }

    @Override
    public void read(Plane[] planes) throws IOException {
        if (unitRow == 0) {
            readScans();
        }
        for (int c = 0; c < planes.length; c++) {
            int down = components.get(c).down();
            int[] factors = header.quantization(c);
            for (int s = 0; s < down; s++) {
                short[] row = coefficients[c][unitRow * down + s];
                for (int at = 0; at < row.length; at += 64) {
                    samples(row, at, factors, planes[c].strips()[s], at / 8 * Plane.STRIDE + 1);
                }
                coefficients[c][unitRow * down + s] = null;
            }
        }
        unitRow++;
    }

    @Override
    public void finish() {
        // the header was read up to the end
    }

    private void samples(short[] row, int at, int[] factors, int[] strip, int to) {
        int last = 63;
        while (last > 0 && row[at + last] == 0) {
            last--;
        }
        block[0] = (short) (row[at] * factors[0]) << 6;
        int number = 1;
        for (int k = 1; k <= last; k++) {
            int coefficient = row[at + k];
            if (coefficient != 0) {
                block[number] = (short) (coefficient * factors[k]) << 6 | JpegHeader.natural(k);
                number++;
            }
        }
        inverse.apply(block, number, strip, to);
    }

    private void readScans() throws IOException {
        for (int c = 0; c < coefficients.length; c++) {
            Component component = components.get(c);
            coefficients[c] = new short[header.unitsDown() * component.down()][64 * header.unitsAcross() * component.across()];
        }
        for (ProgressiveScan scan : header.scans()) {
            if (scan.components().size() == 1) {
                readAlone(scan);
            } else {
                readTogether(scan);
            }
        }
    }

    /** A component that is alone in a scan has no blocks outside the image. */
    private void readAlone(ProgressiveScan scan) throws IOException {
        ProgressiveBits bits = new ProgressiveBits(file, scan);
        int c = scan.components().get(0);
        Component component = components.get(c);
        int across = blocks(header.width(), component.across(), header.unitAcross());
        int down = blocks(header.height(), component.down(), header.unitDown());
        int[] before = new int[1];
        int toRestart = scan.restartInterval();
        for (int y = 0; y < down; y++) {
            short[] row = coefficients[c][y];
            for (int x = 0; x < across; x++) {
                if (scan.restartInterval() > 0 && toRestart == 0) {
                    bits.restart();
                    before[0] = 0;
                    toRestart = scan.restartInterval();
                }
                toRestart--;
                if (scan.first() > 0) {
                    bits.others(row, 64 * x);
                } else {
                    readFirst(bits, scan, 0, before, row, 64 * x);
                }
                bits.requireData();
            }
        }
    }

    private static int blocks(int size, int share, int of) {
        int samples = (size * share + of - 1) / of;
        return (samples + 7) / 8;
    }

    private void readTogether(ProgressiveScan scan) throws IOException {
        ProgressiveBits bits = new ProgressiveBits(file, scan);
        int[] before = new int[scan.components().size()];
        int toRestart = scan.restartInterval();
        for (int y = 0; y < header.unitsDown(); y++) {
            for (int x = 0; x < header.unitsAcross(); x++) {
                if (scan.restartInterval() > 0 && toRestart == 0) {
                    bits.restart();
                    Arrays.fill(before, 0);
                    toRestart = scan.restartInterval();
                }
                toRestart--;
                for (int i = 0; i < before.length; i++) {
                    readUnit(bits, scan, i, before, x, y);
                }
                bits.requireData();
            }
        }
    }

    private void readUnit(ProgressiveBits bits, ProgressiveScan scan, int i, int[] before, int x, int y) throws IOException {
        int c = scan.components().get(i);
        Component component = components.get(c);
        for (int v = 0; v < component.down(); v++) {
            short[] row = coefficients[c][y * component.down() + v];
            for (int h = 0; h < component.across(); h++) {
                readFirst(bits, scan, i, before, row, 64 * (x * component.across() + h));
            }
        }
    }

    private static void readFirst(ProgressiveBits bits, ProgressiveScan scan, int i, int[] before, short[] row, int at) throws IOException {
        if (scan.refines()) {
            bits.refineFirst(row, at);
        } else {
            before[i] += bits.difference(scan.dc().get(i));
            row[at] = (short) (before[i] << scan.low());
        }
    }
}
