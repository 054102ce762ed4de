package io.ugatit.tensor.cpu.convolution.winograd;

import static io.ugatit.tensor.cpu.convolution.MatrixProduct.Read.AS_IT_IS;
import static io.ugatit.tensor.cpu.convolution.MatrixProduct.Read.TRANSPOSED;

import io.ugatit.device.Threads;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.cpu.convolution.ConvolutionAlgorithm;
import io.ugatit.tensor.cpu.convolution.MatrixProduct;
import io.ugatit.tensor.cpu.pass.InParallel;
import io.ugatit.tensor.cpu.pass.ZeroPadding;
import io.ugatit.tensor.host.HostPool;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution of blocked maps by Winograd's algorithm (Lavin and Gray, arXiv 1509.09308): tiles of the input and the weights are transformed,
 * multiplied as one product of matrices for each element of a tile, and transformed back. The gradients are the transposed steps in the reverse
 * order, and both start from the transformed gradient of the output. Blocks of tiles come one after the other, each step of a block on all
 * threads, so no bit depends on their number. Used by one thread at a time.
 */
public final class WinogradConvolution implements ConvolutionAlgorithm {
    /** Fewer rows than this are not worth reading so many matrices of weights: measured with 9 and 16 tiles of 64 channels. */
    private static final int LEAST_TILES = 16;
    private final MinimalFilter filter;
    private final int products;
    private final HostPool maps;
    private final TileTransform tiles;
    private final WeightTransform weightTransform;
    private final WinogradMemory memory;

    /**
     * @param filter along a side of the kernel
     * @param taps rearrange weights
     * @param maps where maps are taken from if tiles overhang
     * @param memory of one convolution after the other
     */
    WinogradConvolution(MinimalFilter filter, WeightTaps taps, HostPool maps, WinogradMemory memory) {
        this.filter = filter;
        this.products = filter.size() * filter.size();
        this.maps = maps;
        this.memory = memory;
        this.tiles = new TileTransform(filter);
        this.weightTransform = new WeightTransform(filter, taps);
    }

    /**
     * Of 3x3 weights.
     *
     * @param taps rearrange weights
     * @param maps where maps are taken from if tiles overhang
     * @param memory of one convolution after the other
     */
    public static WinogradConvolution of3x3(WeightTaps taps, HostPool maps, WinogradMemory memory) {
        return new WinogradConvolution(new FourOutputs(), taps, maps, memory);
    }

    /** The same of 4x4 weights. */
    public static WinogradConvolution of4x4(WeightTaps taps, HostPool maps, WinogradMemory memory) {
        return new WinogradConvolution(new ThreeOutputs(), taps, maps, memory);
    }

    /** Whether it is faster than the direct algorithm between these maps. */
    public boolean suits(FeatureMaps x, FeatureMaps y, int kernel, int stride) {
        return x.lanes() > 1 && y.lanes() > 1 && stride == 1 && kernel == filter.taps() && grid(x, y).tiles() >= LEAST_TILES
                && Planes.fit(products, x.channelsWithSurplus(), y.channelsWithSurplus());
    }

    /** Height or width of the input that an output of such a height or width is made of. */
    private int inputSide(int outputSide) {
        return outputSide + filter.taps() - 1;
    }

    @Override
    public void convolve(FeatureMaps x, INDArray weights, int stride, FeatureMaps y) {
        TileGrid grid = grid(x, y);
        if (grid.overhangs(y)) {
            FeatureMaps wholeX = wholeInput(x, grid);
            FeatureMaps wholeY = wholeOutput(y, grid);
            ZeroPadding.copy(x.withoutPadding(), wholeX, 0);
            convolve(wholeX, weights, 1, wholeY);
            ZeroPadding.cut(wholeY, y);
            maps.release(wholeX.data(), wholeY.data());
            return;
        }
        int in = x.channelsWithSurplus();
        int out = y.channelsWithSurplus();
        Planes v = Planes.in(memory.inputs(), products, grid.blockTiles(), in);
        Planes p = Planes.in(memory.outputs(), products, grid.blockTiles(), out);
        TransformedWeights w = transformed(weights, false, in, out, grid);
        for (int block = 0; block < grid.blocks(); block++) {
            int count = grid.rowsOf(block) * grid.columns();
            tiles.inputs(x.withoutPadding(), grid, block, v);
            w.forEachMatrix(work(v), (i, matrix) -> MatrixProduct.multiply(AS_IT_IS, AS_IT_IS, count, out, in, v.matrix(i), in, matrix, out, 0,
                    p.matrix(i)));
            tiles.outputs(p, grid, block, y);
        }
    }

    @Override
    public void inputGradient(FeatureMaps dy, INDArray weights, int stride, FeatureMaps dx) {
        backward(dx, weights, dy, stride, dx, null);
    }

    @Override
    public void addWeightGradient(FeatureMaps x, FeatureMaps dy, int stride, INDArray dWeights) {
        backward(x, null, dy, stride, null, dWeights);
    }

    @Override
    public void backward(FeatureMaps x, INDArray weights, FeatureMaps dy, int stride, FeatureMaps dx, INDArray dWeights) {
        TileGrid grid = grid(x, dy);
        if (grid.overhangs(dy)) {
            backwardOfWhole(x, weights, dy, dx, dWeights, grid);
            return;
        }
        int in = x.channelsWithSurplus();
        int out = dy.channelsWithSurplus();
        Planes v = Planes.in(memory.inputs(), products, grid.blockTiles(), in);
        Planes p = Planes.in(memory.outputs(), products, grid.blockTiles(), out);
        Planes dw = dWeights == null ? null : Planes.in(memory.weightGradients(), products, in, out);
        TransformedWeights w = dx == null ? null : transformed(weights, true, out, in, grid);
        for (int block = 0; block < grid.blocks(); block++) {
            int count = grid.rowsOf(block) * grid.columns();
            tiles.outputGradients(dy, grid, block, p);
            if (dw != null) {
                float beta = block == 0 ? 0 : 1;
                tiles.inputs(x.withoutPadding(), grid, block, v);
                InParallel.forEach(products, work(v), i -> MatrixProduct.multiply(TRANSPOSED, AS_IT_IS, in, out, count, v.matrix(i), in,
                        p.matrix(i), out, beta, dw.matrix(i)));
            }
            if (dx != null) {
                w.forEachMatrix(work(v), (i, matrix) -> MatrixProduct.multiply(AS_IT_IS, AS_IT_IS, count, in, out, p.matrix(i), out, matrix, in,
                        0, v.matrix(i)));
                tiles.inputGradients(v, grid, block, dx.withoutPadding());
            }
        }
        if (dw != null) {
            weightTransform.addGradient(dw, dWeights);
        }
    }

    /** With copies as large as the tiles. */
    private void backwardOfWhole(FeatureMaps x, INDArray weights, FeatureMaps dy, FeatureMaps dx, INDArray dWeights, TileGrid grid) {
        FeatureMaps wholeX = wholeInput(x, grid);
        FeatureMaps wholeDy = wholeOutput(dy, grid);
        FeatureMaps wholeDx = dx == null ? null : wholeInput(x, grid);
        ZeroPadding.copy(dy, wholeDy, 0);
        if (dWeights != null) {
            ZeroPadding.copy(x.withoutPadding(), wholeX, 0);
        }
        backward(wholeX, weights, wholeDy, 1, wholeDx, dWeights);
        if (dx != null) {
            ZeroPadding.cut(wholeDx, dx);
            maps.release(wholeDx.data());
        }
        maps.release(wholeX.data(), wholeDy.data());
    }

    /**
     * Weights anew by every call: that takes no longer than to fetch four times as many bytes, which no cache would keep until the next. For
     * one block of tiles on several threads, each transforms a row of them just before it multiplies with it, so that they need not come from
     * another core; that takes as many rows as threads. For one thread it is only more work, since every row reads all weights.
     */
    private TransformedWeights transformed(INDArray weights, boolean transposed, int rows, int columns, TileGrid grid) {
        int threads = Threads.inUse();
        if (grid.blocks() == 1 && threads > 1 && filter.size() % threads == 0) {
            return new WeightsByRow(weightTransform, weightTransform.read(weights, transposed, rows, columns), filter.size(), memory);
        }
        Planes all = Planes.in(memory.weights(), products, rows, columns);
        weightTransform.transform(weights, transposed, all);
        return (work, action) -> InParallel.forEach(products, work, i -> action.on(i, all.matrix(i)));
    }

    private static long work(Planes planes) {
        return (long) planes.rows() * planes.columns() * planes.matrices();
    }

    private TileGrid grid(FeatureMaps x, FeatureMaps y) {
        return TileGrid.of(filter.outputs(), y, Math.max(x.channelsWithSurplus(), y.channelsWithSurplus()));
    }

    private FeatureMaps wholeInput(FeatureMaps like, TileGrid grid) {
        return take(like, inputSide(grid.rows() * grid.side()), inputSide(grid.columns() * grid.side()));
    }

    private FeatureMaps wholeOutput(FeatureMaps like, TileGrid grid) {
        return take(like, grid.rows() * grid.side(), grid.columns() * grid.side());
    }

    private FeatureMaps take(FeatureMaps like, int height, int width) {
        return FeatureMaps.take(maps, like.lanes(), like.images(), like.channels(), height, width, 0);
    }
}
