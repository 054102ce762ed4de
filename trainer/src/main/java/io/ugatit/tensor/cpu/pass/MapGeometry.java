package io.ugatit.tensor.cpu.pass;

import io.ugatit.tensor.FeatureMaps;
import java.nio.ByteBuffer;

/**
 * Where the pixels of {@link FeatureMaps} lie in their memory. A <em>block</em> is the {@code lanes} channels of one image that lie side by
 * side: one plane of plain maps. Offsets are in bytes.
 *
 * @param lanes channels of a block
 * @param blocks of all images
 * @param height of the interior
 * @param width of the interior
 * @param padding pixels of border on each side
 */
public record MapGeometry(int lanes, int blocks, int height, int width, int padding) {

    /** Where the pixels of maps are. */
    public static MapGeometry of(FeatureMaps maps) {
        return new MapGeometry(maps.lanes(), maps.blocks(), maps.height(), maps.width(), maps.padding());
    }

    /** Floats of a row of the interior. */
    public int rowFloats() {
        return width * lanes;
    }

    /** Floats of a block with its border. */
    public int blockFloats() {
        return (height + 2 * padding) * (width + 2 * padding) * lanes;
    }

    /** Bytes of a pixel's lanes. */
    public int pixelBytes() {
        return lanes * Float.BYTES;
    }

    /** Bytes of a row with its border. */
    public int strideBytes() {
        return (width + 2 * padding) * pixelBytes();
    }

    /** Where a row of the interior begins; rows of the border have negative numbers and numbers from {@code height}. */
    public int row(int block, int i) {
        return block * blockFloats() * Float.BYTES + (i + padding) * strideBytes() + padding * pixelBytes();
    }

    /** Where one channel's pixel of the interior is. */
    public int at(int block, int i, int j, int lane) {
        return row(block, i) + j * pixelBytes() + lane * Float.BYTES;
    }

    /** Fills a block's border from its interior, without repeating the edge. */
    public void reflect(ByteBuffer memory, int block) {
        if (padding == 0) {
            return;
        }
        int pixel = pixelBytes();
        for (int i = 0; i < height; i++) {
            int left = row(block, i);
            int right = left + (width - 1) * pixel;
            for (int d = 1; d <= padding; d++) {
                copyPixel(memory, left + d * pixel, left - d * pixel);
                copyPixel(memory, right - d * pixel, right + d * pixel);
            }
        }
        for (int d = 1; d <= padding; d++) {
            copyRow(memory, row(block, d), row(block, -d));
            copyRow(memory, row(block, height - 1 - d), row(block, height - 1 + d));
        }
    }

    private void copyPixel(ByteBuffer memory, int from, int to) {
        if (lanes == 1) {
            memory.putFloat(to, memory.getFloat(from));
        } else {
            VectorRows.store(VectorRows.load(memory, from), memory, to);
        }
    }

    private void copyRow(ByteBuffer memory, int from, int to) {
        int border = padding * pixelBytes();
        memory.put(to - border, memory, from - border, strideBytes());
    }

    /** Adds a block's border to the pixels of the interior that it reflects. */
    public void fold(ByteBuffer memory, int block) {
        if (padding == 0) {
            return;
        }
        int border = padding * pixelBytes();
        int floats = strideBytes() / Float.BYTES;
        for (int d = 1; d <= padding; d++) {
            VectorRows.add(memory, row(block, -d) - border, floats, memory, row(block, d) - border);
            VectorRows.add(memory, row(block, height - 1 + d) - border, floats, memory, row(block, height - 1 - d) - border);
        }
        int pixel = pixelBytes();
        for (int i = 0; i < height; i++) {
            int left = row(block, i);
            int right = left + (width - 1) * pixel;
            for (int d = 1; d <= padding; d++) {
                VectorRows.add(memory, left - d * pixel, lanes, memory, left + d * pixel);
                VectorRows.add(memory, right + d * pixel, lanes, memory, right - d * pixel);
            }
        }
    }
}
