package io.ugatit.tensor.cpu.pass;

import static io.ugatit.tensor.host.HostTensor.memory;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.host.HostPool;
import java.nio.ByteBuffer;

/** Maps with zeros around them. */
public final class ZeroPadding {
    private static final byte[] ZEROS = new byte[1 << 12];

    private ZeroPadding() { }

    /** A copy of maps without a border, with zeros around them, from a pool. */
    public static FeatureMaps around(FeatureMaps x, int border, HostPool pool) {
        FeatureMaps around = FeatureMaps.take(pool, x.lanes(), x.images(), x.channels(), x.height() + 2 * border, x.width() + 2 * border, 0);
        copy(x, around, border);
        return around;
    }

    /**
     * Copies maps without a border into larger ones of the same layout, zeros around them.
     *
     * @param border rows above and columns to the left; what is left over is below and to the right
     * @param out without a border of its own
     */
    public static void copy(FeatureMaps x, FeatureMaps out, int border) {
        MapGeometry from = MapGeometry.of(x);
        MapGeometry to = MapGeometry.of(out);
        ByteBuffer source = memory(x);
        ByteBuffer target = memory(out);
        int left = border * to.pixelBytes();
        int rowBytes = from.rowFloats() * Float.BYTES;
        InParallel.forEach(to.blocks(), (long) to.blocks() * to.blockFloats(), block -> {
            for (int i = 0; i < to.height(); i++) {
                int row = to.row(block, i);
                if (i < border || i >= border + from.height()) {
                    clear(target, row, to.strideBytes());
                } else {
                    clear(target, row, left);
                    target.put(row + left, source, from.row(block, i - border), rowBytes);
                    clear(target, row + left + rowBytes, to.strideBytes() - left - rowBytes);
                }
            }
        });
    }

    /** Copies the upper left part of maps, of the size of {@code out} with its border. */
    public static void cut(FeatureMaps x, FeatureMaps out) {
        MapGeometry from = MapGeometry.of(x);
        MapGeometry to = MapGeometry.of(out.withoutPadding());
        ByteBuffer source = memory(x);
        ByteBuffer target = memory(out);
        InParallel.forEach(to.blocks(), (long) to.blocks() * to.blockFloats(), block -> {
            for (int i = 0; i < to.height(); i++) {
                target.put(to.row(block, i), source, from.row(block, i), to.strideBytes());
            }
        });
    }

    private static void clear(ByteBuffer memory, int from, int bytes) {
        for (int done = 0; done < bytes; done += ZEROS.length) {
            memory.put(from + done, ZEROS, 0, Math.min(ZEROS.length, bytes - done));
        }
    }
}
