// Spectral norm: one power iteration, v = normalize(W'u), u = normalize(W v), sigma = |W v|; W (R,C) row-major. Sums in double precision.
// An iteration is two launches, power_left and power_right.
#include "reductions.cuh"

DEVICE double divisor_of(double squares) {
    double length = sqrt(squares);
    return length > 1e-12 ? length : 1e-12;
}

// raw = W'u, squares[tile]: a tile's share of |raw|^2. Block (64,4), grid (tiles, parts) with tiles = ceil(C/64), the rows split into
// parts; partial[part][C], tickets[tiles].
KERNEL power_left(const float* __restrict__ w, const float* __restrict__ u, int rows, int columns, int parts, double* partial, double* raw,
        double* squares, unsigned* tickets) {
    SHARED(double, sums, [4][64]);
    SHARED(double, values, [256]);
    int c = blockIdx.x * 64 + threadIdx.x;
    int share = (rows + parts - 1) / parts, first = blockIdx.y * share, last = min(rows, first + share);
    double sum = 0;
    if (c < columns) {
        UNROLL_SOME for (int r = first + (int) threadIdx.y; r < last; r += 4) {
            sum += (double) w[(i64) r * columns + c] * u[r];
        }
    }
    ROLLED for (int stage = 0; stage < 2; stage++) {
        sums[threadIdx.y][threadIdx.x] = sum;
        __syncthreads();
        sum = sums[0][threadIdx.x] + sums[1][threadIdx.x] + sums[2][threadIdx.x] + sums[3][threadIdx.x];
        __syncthreads();
        if (stage == 1) {
            break;
        }
        if (threadIdx.y == 0 && c < columns) {
            partial[(i64) blockIdx.y * columns + c] = sum;
        }
        if (!last_block(tickets + blockIdx.x, parts)) {
            return;
        }
        sum = 0;
        ROLLED for (int part = threadIdx.y; part < parts && c < columns; part += 4) {
            sum += partial[(i64) part * columns + c];
        }
    }
    bool mine = threadIdx.y == 0 && c < columns;
    if (mine) {
        raw[c] = sum;
    }
    sum = block_sum(mine ? sum * sum : 0, values);
    if (thread_of_block() == 0) {
        squares[blockIdx.x] = sum;
    }
}

// v = normalize(raw), product = W v, sigma = |product|, u = normalize(product). A block of 256 a row; tiles: of squares; one ticket.
KERNEL power_right(const float* __restrict__ w, const double* __restrict__ raw, const double* __restrict__ squares, int tiles, int rows,
        int columns, float* v, double* product, float* u, double* sigma, unsigned* ticket) {
    SHARED(double, values, [256]);
    double sum = 0;
    ROLLED for (int k = threadIdx.x; k < tiles; k += 256) {
        sum += squares[k];
    }
    double divisor = divisor_of(block_sum(sum, values));
    const float* row = w + (i64) blockIdx.x * columns;
    sum = 0;
    for (int c = threadIdx.x; c < columns; c += 256) {
        sum += row[c] * raw[c];
    }
    sum = block_sum(sum, values);
    if (threadIdx.x == 0) {
        product[blockIdx.x] = sum / divisor;
    }
    FOR_EACH(c, columns) v[c] = (float) (raw[c] / divisor);
    if (!last_block(ticket, rows)) {
        return;
    }
    sum = 0;
    ROLLED for (int r = threadIdx.x; r < rows; r += 256) {
        sum += product[r] * product[r];
    }
    sum = block_sum(sum, values);
    ROLLED for (int r = threadIdx.x; r < rows; r += 256) {
        u[r] = (float) (product[r] / divisor_of(sum));
    }
    if (threadIdx.x == 0) {
        sigma[0] = sqrt(sum);
    }
}

// product = W v, a block of 256 a row.
KERNEL singular_rows(const float* __restrict__ w, const float* __restrict__ v, int rows, int columns, double* product) {
    SHARED(double, values, [256]);
    const float* row = w + (i64) blockIdx.x * columns;
    double sum = 0;
    for (int c = threadIdx.x; c < columns; c += 256) {
        sum += (double) row[c] * v[c];
    }
    sum = block_sum(sum, values);
    if (threadIdx.x == 0 && (int) blockIdx.x < rows) {
        product[blockIdx.x] = sum;
    }
}

// One block of 256: sigma = <u, product>.
KERNEL singular_finish(const float* u, const double* product, int rows, double* sigma) {
    SHARED(double, values, [256]);
    double sum = 0;
    ROLLED for (int r = threadIdx.x; r < rows; r += 256) {
        sum += u[r] * product[r];
    }
    sum = block_sum(sum, values);
    if (threadIdx.x == 0) {
        sigma[0] = sum;
    }
}

// matrix += factor[0] * u v'.
KERNEL add_outer(float* matrix, const double* factor, const float* u, const float* v, int rows, int columns) {
    float f = (float) factor[0];
    FOR_EACH(t, (i64) rows * columns) {
        i64 r = t / columns;
        matrix[t] += f * u[r] * v[t - r * columns];
    }
}
