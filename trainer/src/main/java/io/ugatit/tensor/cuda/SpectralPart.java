package io.ugatit.tensor.cuda;

import static io.ugatit.tensor.cuda.CudaTensor.address;

import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;

/** {@link io.ugatit.tensor.SpectralKernels}: {@code spectral.cu}. */
final class SpectralPart {
    private static final int COLUMNS_OF_BLOCK = 64;
    private static final int ROWS_OF_BLOCK = 4;
    private static final int ROWS_OF_PART = 16;
    private static final int MOST_PARTS = 32;

    private final Lane lane;

    SpectralPart(Lane lane) {
        this.lane = lane;
    }

    Values iteratePower(Tensor matrix, Tensor u, Tensor v) {
        int rows = (int) u.length();
        int columns = (int) v.length();
        int parts = Math.max(1, Math.min(MOST_PARTS, rows / ROWS_OF_PART));
        long tiles = Lane.ceilDiv(columns, COLUMNS_OF_BLOCK);
        CudaValues sigma = lane.values(1);
        long doubles = (long) parts * columns + columns + tiles + rows;
        lane.withScratch(doubles * Double.BYTES, partial -> {
            long raw = partial + (long) parts * columns * Double.BYTES;
            long squares = raw + (long) columns * Double.BYTES;
            long product = squares + tiles * Double.BYTES;
            lane.grid("power_left", tiles, parts, COLUMNS_OF_BLOCK, ROWS_OF_BLOCK).pointer(address(matrix)).pointer(address(u))
                    .int32(rows).int32(columns).int32(parts).pointer(partial).pointer(raw).pointer(squares).pointer(lane.tickets(tiles)).run();
            lane.grid("power_right", rows, 1, 1).pointer(address(matrix)).pointer(raw).pointer(squares).int32((int) tiles).int32(rows)
                    .int32(columns).pointer(address(v)).pointer(product).pointer(address(u)).pointer(sigma.address())
                    .pointer(lane.tickets(1)).run();
        });
        return sigma;
    }

    Values singularValue(Tensor matrix, Tensor u, Tensor v) {
        int rows = (int) u.length();
        int columns = (int) v.length();
        CudaValues sigma = lane.values(1);
        lane.withScratch((long) rows * Double.BYTES, product -> {
            lane.grid("singular_rows", rows, 1, 1).pointer(address(matrix)).pointer(address(v)).int32(rows).int32(columns)
                    .pointer(product).run();
            lane.one("singular_finish").pointer(address(u)).pointer(product).int32(rows).pointer(sigma.address()).run();
        });
        return sigma;
    }
}
