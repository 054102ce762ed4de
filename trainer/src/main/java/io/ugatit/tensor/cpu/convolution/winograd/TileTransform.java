package io.ugatit.tensor.cpu.convolution.winograd;

import static io.ugatit.tensor.host.HostTensor.memory;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.cpu.convolution.winograd.MinimalFilter.Vectors;
import io.ugatit.tensor.cpu.pass.InParallel;
import io.ugatit.tensor.cpu.pass.MapGeometry;
import io.ugatit.tensor.cpu.pass.VectorRows;
import java.nio.ByteBuffer;

/**
 * Tiles of blocked maps to and from the matrices that are multiplied: matrix number i * size + j holds element (i,j) of every tile, a row
 * a tile, a column a channel. A row of tiles is transformed in strips, whose intermediate values stay in a first-level cache. The maps have no
 * border of their own, and their blocks of channels are worked on in parallel.
 */
final class TileTransform {
    private static final int BYTES = VectorRows.LANES * Float.BYTES;
    /** Tiles of a strip: fewer of wide vectors, so that what is held of a strip fits {@link WorkMemory}. */
    private static final int STRIP = 128 / VectorRows.LANES;
    private final MinimalFilter filter;
    private final int side;
    private final int size;

    TileTransform(MinimalFilter filter) {
        this.filter = filter;
        this.side = filter.outputs();
        this.size = filter.size();
    }

    /** Some tiles of one row of tiles and one block of channels. */
    private interface Strip {
        /**
         * @param pixel where the first tile's first pixel is in the maps, in bytes
         * @param tile the first tile's row in the matrices
         * @param channel the first channel's column in the matrices
         */
        void on(int pixel, int tile, int channel, int count, ByteBuffer work);
    }

    /** {@code B' d B} of the tiles of a block. */
    void inputs(FeatureMaps x, TileGrid grid, int block, Planes v) {
        ByteBuffer source = memory(x);
        MapGeometry from = MapGeometry.of(x);
        forEachRow(from, grid, block, (pixel, tile, channel, count, work) -> {
            int columns = count * side + filter.taps() - 1;
            filter.input(new Vectors(source, pixel, BYTES, from.strideBytes()), columns, new Vectors(work, 0, BYTES, columns * BYTES));
            for (int i = 0; i < size; i++) {
                filter.input(new Vectors(work, i * columns * BYTES, side * BYTES, BYTES), count, matrices(v, i, tile, channel));
            }
        });
    }

    /** {@code A' p A} into the output's tiles of a block. */
    void outputs(Planes p, TileGrid grid, int block, FeatureMaps y) {
        ByteBuffer target = memory(y);
        MapGeometry to = MapGeometry.of(y);
        forEachRow(to, grid, block, (pixel, tile, channel, count, work) -> {
            int columns = count * side;
            for (int i = 0; i < size; i++) {
                filter.output(matrices(p, i, tile, channel), count, new Vectors(work, i * columns * BYTES, side * BYTES, BYTES));
            }
            filter.output(new Vectors(work, 0, BYTES, columns * BYTES), columns, new Vectors(target, pixel, BYTES, to.strideBytes()));
        });
    }

    /** {@code A dy A'} of the tiles of a block. */
    void outputGradients(FeatureMaps dy, TileGrid grid, int block, Planes p) {
        ByteBuffer source = memory(dy);
        MapGeometry from = MapGeometry.of(dy);
        forEachRow(from, grid, block, (pixel, tile, channel, count, work) -> {
            int columns = count * side;
            filter.outputGradient(new Vectors(source, pixel, BYTES, from.strideBytes()), columns,
                    new Vectors(work, 0, BYTES, columns * BYTES));
            for (int i = 0; i < size; i++) {
                filter.outputGradient(new Vectors(work, i * columns * BYTES, side * BYTES, BYTES), count, matrices(p, i, tile, channel));
            }
        });
    }

    /** Where a transform along a row of matrices begins: vectors of one strip, one matrix after the other. */
    private Vectors matrices(Planes planes, int row, int tile, int channel) {
        return new Vectors(planes.bytes(), planes.at(row * size, tile, channel), planes.columns() * Float.BYTES,
                planes.stride() * Float.BYTES);
    }

    private void forEachRow(MapGeometry maps, TileGrid grid, int block, Strip strip) {
        int rows = grid.rowsOf(block);
        int channelBlocks = maps.blocks() / grid.images();
        int first = block * grid.blockRows();
        long floats = (long) channelBlocks * rows * side * maps.rowFloats();
        InParallel.forEach(channelBlocks * rows, floats, number -> {
            int channelBlock = number / rows;
            int row = number % rows;
            int map = maps.row(grid.image(first + row) * channelBlocks + channelBlock, grid.pixelRow(first + row));
            ByteBuffer work = WorkMemory.ofThread();
            for (int t = 0; t < grid.columns(); t += STRIP) {
                strip.on(map + t * side * BYTES, row * grid.columns() + t, channelBlock * VectorRows.LANES,
                        Math.min(STRIP, grid.columns() - t), work);
            }
        });
    }

    /**
     * {@code B p B'} into the gradient of the input, where tiles overlap. Blocks must come in their order: the first of an image's rows clears
     * the pixels that it adds to.
     */
    void inputGradients(Planes p, TileGrid grid, int block, FeatureMaps dx) {
        ByteBuffer target = memory(dx);
        MapGeometry to = MapGeometry.of(dx);
        int channelBlocks = to.blocks() / grid.images();
        int first = block * grid.blockRows();
        long floats = (long) channelBlocks * grid.rowsOf(block) * side * to.rowFloats();
        InParallel.forEach(channelBlocks, floats, channelBlock -> {
            for (int row = 0; row < grid.rowsOf(block); row++) {
                int map = to.row(grid.image(first + row) * channelBlocks + channelBlock, grid.pixelRow(first + row));
                if (grid.pixelRow(first + row) == 0) {
                    VectorRows.clear(target, map, (filter.taps() - 1) * to.rowFloats());
                }
                inputGradientRow(p, row * grid.columns(), channelBlock * VectorRows.LANES, grid.columns(), target, map, to.strideBytes());
            }
        });
    }

    /** One row of tiles. A strip keeps its last columns, where the next overlaps it, for that to add to. */
    private void inputGradientRow(Planes p, int tile, int channel, int columns, ByteBuffer target, int map, int stride) {
        ByteBuffer work = WorkMemory.ofThread();
        int overlap = filter.taps() - 1;
        int line = (STRIP * side + overlap) * BYTES;
        for (int t = 0; t < columns; t += STRIP) {
            int count = Math.min(STRIP, columns - t);
            for (int i = 0; i < size; i++) {
                int at = i * line;
                if (t == 0) {
                    VectorRows.clear(work, at, overlap * VectorRows.LANES);
                } else {
                    VectorRows.copy(work, at + STRIP * side * BYTES, overlap * VectorRows.LANES, work, at);
                }
                filter.inputGradient(matrices(p, i, tile + t, channel), count, new Vectors(work, at, side * BYTES, BYTES));
            }
            int finished = count * side + (t + count == columns ? overlap : 0);
            filter.inputGradient(new Vectors(work, 0, BYTES, line), finished, new Vectors(target, map + t * side * BYTES, BYTES, stride));
        }
    }
}
