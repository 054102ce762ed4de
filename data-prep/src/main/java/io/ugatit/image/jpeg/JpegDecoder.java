package io.ugatit.image.jpeg;

import io.ugatit.image.strip.StripPixels;
import io.ugatit.image.strip.StripSource;
import io.ugatit.image.strip.Strips;
import io.ugatit.image.strip.WideVectors;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Decodes JPEGs of the usual kind: Huffman codes, 8 bits, gray, YCbCr, RGB, CMYK or YCCK, in one scan or progressive. The samples are
 * libjpeg's with its defaults: the accurate inverse DCT and smooth upsampling. Never are the samples of more than two rows of units in
 * memory; of a progressive JPEG all coefficients are.
 */
public final class JpegDecoder implements StripSource {
    private final JpegHeader header;
    private final BlockRows blocks;
    private final List<Component> components;

    private JpegDecoder(byte[] file, JpegHeader header) {
        this.header = header;
        blocks = header.scans().isEmpty() ? new SequentialScan(file, header) : new ProgressiveScans(file, header);
        components = header.components();
    }

    /**
     * Reads a file's header.
     *
     * @param file the whole file, left as it is
     * @return a decoder; nothing if the file is of a kind that is not decoded here, its header is damaged, or {@link WideVectors} are not
     *         there
     */
    public static Optional<JpegDecoder> open(byte[] file) {
        return WideVectors.AVAILABLE ? JpegHeader.read(file).map(header -> new JpegDecoder(file, header)) : Optional.empty();
    }

    @Override
    public int width() {
        return header.width();
    }

    @Override
    public int height() {
        return header.height();
    }

    @Override
    public long bytes() {
        long columns = 8L * header.unitsAcross() * header.unitAcross();
        long samples = 0;
        for (Component component : components) {
            samples += 2L * component.down() * columns * component.across() / header.unitAcross(); // two rows of units
            samples += component.across() == header.unitAcross() && component.down() == header.unitDown() ? 0 : header.unitDown() * columns;
        }
        return Integer.BYTES * (Plane.STRIDE * samples + 3L * Strips.ROWS * width()) + HuffmanTable.ALL_BYTES + blocks.bytes();
    }

    @Override
    public byte[] decode() throws IOException {
        StripPixels pixels = new StripPixels(width(), height());
        decode(pixels);
        return pixels.rgb();
    }

    @Override
    public void decode(Strips strips) throws IOException {
        StripColors colors = new StripColors(width(), strips);
        int[][][] enlarged = new int[components.size()][][];
        Plane[] now = planes();
        Plane[] next = planes();
        int rowsOfUnit = 8 * header.unitDown();
        blocks.read(next);
        for (int top = 0; top < height(); top += rowsOfUnit) {
            Plane[] last = now;
            now = next;
            next = last;
            boolean more = top + rowsOfUnit < height();
            if (more) {
                blocks.read(next);
            }
            for (int c = 0; c < now.length; c++) {
                int across = header.unitAcross() / components.get(c).across();
                int down = header.unitDown() / components.get(c).down();
                if (down == 2) {
                    connect(top, now[c], more ? next[c] : null);
                }
                enlarged[c] = enlarged(c, now[c], across, down, enlarged[c]);
            }
            give(enlarged, top, colors);
        }
        blocks.finish();
    }

    private Plane[] planes() {
        Plane[] planes = new Plane[components.size()];
        for (int c = 0; c < planes.length; c++) {
            planes[c] = Plane.of(components.get(c).down(), 8 * header.unitsAcross() * components.get(c).across());
        }
        return planes;
    }

    /** Lets a plane of one strip know the rows above and below it; those above it knows already unless it is the first. */
    private void connect(int top, Plane plane, Plane next) {
        if (top == 0) {
            plane.begins();
        }
        if (next == null) {
            plane.ends((height() - top + 1) / 2);
        } else {
            next.continues(plane);
        }
    }

    /** A component's strips in the image's size; {@code room} is for those that need it, null the first time. */
    private int[][] enlarged(int component, Plane plane, int across, int down, int[][] room) {
        if (across == 1 && down == 1) {
            return plane.strips();
        }
        int[][] out = room == null ? Plane.of(header.unitDown(), 8 * header.unitsAcross() * header.unitAcross()).strips() : room;
        int columns = (width() + across - 1) / across;
        for (int s = 0; s < plane.strips().length; s++) {
            Upsampling.apply(plane.strips()[s], columns, across, down, out, s * down);
        }
        return out;
    }

    private void give(int[][][] samples, int top, StripColors colors) {
        for (int s = 0; s < header.unitDown() && top + 8 * s < height(); s++) {
            int rows = Math.min(8, height() - top - 8 * s);
            if (samples.length == 1) {
                colors.gray(samples[0][s], rows);
            } else if (samples.length == 4 && header.isYcck()) {
                colors.ycck(samples[0][s], samples[1][s], samples[2][s], samples[3][s], rows);
            } else if (samples.length == 4) {
                colors.cmyk(samples[0][s], samples[1][s], samples[2][s], samples[3][s], rows);
            } else if (header.isRgb()) {
                colors.rgb(samples[0][s], samples[1][s], samples[2][s], rows);
            } else {
                colors.ycc(samples[0][s], samples[1][s], samples[2][s], rows);
            }
        }
    }
}
