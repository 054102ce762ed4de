package io.ugatit.tensor.cuda;

import static io.ugatit.tensor.cuda.CudaTensor.address;
import static io.ugatit.tensor.cuda.Lane.ceilDiv;
import static io.ugatit.tensor.cuda.Lane.shape;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Tensor;
import java.util.function.LongConsumer;

/**
 * Convolutions as products of matrices, {@code convolution.cu}. Where there are too few tiles for the GPU, the sum is cut into parts, which
 * are added in a fixed order.
 */
final class ConvolutionPart implements Convolutions {
    private static final int NARROW = 16;
    private static final int LARGE = 96;
    private static final int DEPTH = 16;
    private static final int LEAST_STEPS = 8;
    /** Two blocks for each of the multiprocessors of an H100; a constant, so that every GPU gives the same bits. */
    private static final int ENOUGH_TILES = 264;

    private final Lane lane;
    private final boolean tf32;

    /** @param tf32 whether to multiply on tensor cores, with 10 bits of mantissa */
    ConvolutionPart(Lane lane, boolean tf32) {
        this.lane = lane;
        this.tf32 = tf32;
    }

    @Override
    public String name() {
        return "own convolutions";
    }

    /** A tile of rows and columns of a product, and the kernel's suffix. */
    private record Tile(String name, int rows, int columns) { }

    /** The C struct {@code Convolution}. */
    private record Shape(FeatureMaps x, FeatureMaps y, int kernel, int stride) {

        int[] ints() {
            return new int[] {x.images(), x.channels(), y.channels(), kernel, stride, height(), width(), x.lanes(), y.height(), y.width(),
                y.lanes()};
        }

        int height() {
            return x.height() + 2 * x.padding();
        }

        int width() {
            return x.width() + 2 * x.padding();
        }

        boolean isWide() {
            return x.channels() % 4 == 0 && y.channels() % 4 == 0 && x.lanes() > 1 && y.lanes() > 1;
        }

        long outputPixels() {
            return (long) y.images() * y.pixels();
        }
    }

    private static int columns(FeatureMaps maps) {
        return maps.lanes() > 1 ? maps.lanes() : maps.channels();
    }

    /** Of a product with a row a pixel and a column a channel. */
    private Tile tileOfMaps(Shape shape, long pixels, int channels) {
        return channels <= NARROW ? new Tile("narrow", 128, NARROW) : tile(shape, pixels, channels);
    }

    private Tile tile(Shape shape, long rows, long columns) {
        boolean large = shape.isWide() && rows >= LARGE && columns >= LARGE;
        int side = large ? 128 : 64;
        return new Tile(side + (tf32 ? "_tf32" : ""), side, side);
    }

    private static int parts(long tiles, long reduction) {
        return (int) Math.max(1, Math.min(ceilDiv(reduction, DEPTH) / LEAST_STEPS, ENOUGH_TILES / tiles));
    }

    @Override
    public void convolve(FeatureMaps x, Tensor weights, int stride, FeatureMaps y) {
        Shape shape = new Shape(x, y, (int) weights.size(2), stride);
        long rows = shape.outputPixels();
        int columns = columns(y);
        Tile tile = tileOfMaps(shape, rows, columns);
        long gridX = ceilDiv(rows, tile.rows());
        long gridY = ceilDiv(columns, tile.columns());
        int parts = parts(gridX * gridY, (long) shape.kernel() * shape.kernel() * x.channels());
        inParts(parts, rows * columns, false, address(y), out -> lane.grid("convolve_" + tile.name(), gridX, gridY, parts).pointer(address(x))
                .pointer(address(weights)).ints(shape.ints()).int32(parts).pointer(out).run());
    }

    @Override
    public void inputGradient(FeatureMaps dy, Tensor weights, int stride, FeatureMaps dx) {
        Shape shape = new Shape(dx, dy, (int) weights.size(2), stride);
        long rows = dx.images() * ceilDiv(shape.height(), stride) * ceilDiv(shape.width(), stride);
        int columns = columns(dx);
        Tile tile = tileOfMaps(shape, rows, columns);
        long gridX = ceilDiv(rows, tile.rows());
        long gridY = ceilDiv(columns, tile.columns());
        int phases = stride * stride;
        long window = ceilDiv(shape.kernel(), stride);
        int parts = parts(gridX * gridY * phases, window * window * dy.channels());
        long length = (long) dx.images() * shape.height() * shape.width() * columns;
        LongConsumer gradient = out -> lane.grid("convolve_input_" + tile.name(), gridX, gridY, (long) phases * parts)
                .pointer(address(dy)).pointer(address(weights)).ints(shape.ints()).int32(parts).pointer(out).run();
        if (parts > 1) {
            lane.withScratch(parts * length * Float.BYTES, partial -> {
                gradient.accept(partial);
                lane.rows("fold_parts", dx, 0).pointer(partial).ints(shape(dx)).int32(parts).pointer(address(dx)).ints(shape(dx)).run();
            });
            return;
        }
        gradient.accept(address(dx));
        fold(lane, dx);
    }

    /** Adds the gradient of a reflected border to that of what it reflects. */
    static void fold(Lane lane, FeatureMaps dx) {
        if (dx.padding() > 0) {
            lane.rows("fold", dx, 0).pointer(address(dx)).ints(shape(dx)).pointer(address(dx)).ints(shape(dx)).run();
        }
    }

    @Override
    public void addWeightGradient(FeatureMaps x, FeatureMaps dy, int stride, Tensor dWeights) {
        Shape shape = new Shape(x, dy, (int) dWeights.size(2), stride);
        int rows = dy.channels();
        long columns = (long) shape.kernel() * shape.kernel() * x.channels();
        Tile tile = rows <= NARROW ? new Tile("narrow", NARROW, 128) : tile(shape, rows, columns);
        long gridX = ceilDiv(columns, tile.columns());
        long gridY = ceilDiv(rows, tile.rows());
        int parts = parts(gridX * gridY, shape.outputPixels());
        inParts(parts, rows * columns, true, address(dWeights), out -> lane.grid("convolve_weights_" + tile.name(), gridX, gridY, parts)
                .pointer(address(x)).pointer(address(dy)).ints(shape.ints()).int32(parts).pointer(out).run());
    }

    /** Nothing is kept. */
    @Override
    public void close() { }

    /** Lets a kernel write its result, or its parts to scratch memory, which are added up then. */
    private void inParts(int parts, long length, boolean adds, long result, LongConsumer kernel) {
        if (parts == 1) {
            kernel.accept(result);
            return;
        }
        lane.withScratch(parts * length * Float.BYTES, partial -> {
            kernel.accept(partial);
            lane.vector("sum_parts", ceilDiv(length, 4)).pointer(partial).int32(parts).int64(length).int32(adds ? 1 : 0).pointer(result).run();
        });
    }
}
