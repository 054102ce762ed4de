// Products of tiles, 16 deep: shared memory, the next tile fetched while this one is multiplied, one barrier a step. 256 threads.
// Both tiles lie depth by depth; columns are exchanged in groups of 8 by the depth (swizzled), so that neither way of filling a tile makes
// threads wait for each other's banks: along the depth (a quad of depths a thread) nor along the tile (a quad of columns a thread).
#pragma once
#include "maps.cuh"

static const int DEPTH = 16;

template <int SIZE> struct TileShape {
    static const int PITCH = SIZE + 8;
    // quads that a thread fetches, and the threads that fetch
    static const int QUADS = SIZE >= 64 ? SIZE / 64 : 1;
    static const int FETCHING = SIZE >= 64 ? 256 : SIZE * 4;
};

template <int SIZE> DEVICE int swizzle(int depth, int column) {
    return column ^ ((depth / 4 % 4 * 8) & (SIZE - 8));
}

// Filled along the depth: this thread's quad q is depths 4*(thread%4) to +3 of this row.
DEVICE int row_of_fetch(int q) {
    return threadIdx.x / 4 + 64 * q;
}

DEVICE int depth_of_fetch() {
    return threadIdx.x % 4 * 4;
}

// Filled along the tile: quad q is four columns from this one, all of one depth.
template <int SIZE> DEVICE int column_of_fetch(int q) {
    return threadIdx.x % (SIZE >= 64 ? 16 : SIZE / 4) * 4 + 64 * q;
}

template <int SIZE> DEVICE int depth_along_tile() {
    return threadIdx.x / (SIZE >= 64 ? 16 : SIZE / 4);
}

template <int SIZE, bool ALONG_DEPTH, class Round> DEVICE void store_quad(float (*tile)[TileShape<SIZE>::PITCH], int q, float4 v,
        Round round) {
    if (ALONG_DEPTH) {
        int d = depth_of_fetch(), column = swizzle<SIZE>(d, row_of_fetch(q));
        tile[d][column] = round(v.x);
        tile[d + 1][column] = round(v.y);
        tile[d + 2][column] = round(v.z);
        tile[d + 3][column] = round(v.w);
    } else {
        int d = depth_along_tile<SIZE>();
        store4(&tile[d][swizzle<SIZE>(d, column_of_fetch<SIZE>(q))], make_float4(round(v.x), round(v.y), round(v.z), round(v.w)));
    }
}

// fp32 on the ordinary units: a thread has TM x TN sums; thread % 16 goes along the columns.
template <int TM, int TN> struct Plain {
    static const int ROWS = 16 * TM, COLUMNS = 16 * TN;
    float sums[TM][TN];

    struct Round {
        __device__ float operator()(float v) const { return v; }
    };

    template <int T> DEVICE int position(int thread, int u) {
        return T == 1 ? thread : u / 4 * 64 + thread * 4 + u % 4;
    }

    template <int T> DEVICE void load(const float* row, int depth, int thread, float* v) {
        if (T == 1) {
            v[0] = row[swizzle<16 * T>(depth, thread)];
        } else {
            // runs of a thread are 64 columns apart, which the swizzle leaves so
            const float* run = row + swizzle<16 * T>(depth, position<T>(thread, 0));
            UNROLL for (int u = 0; u < T / 4; u++) {
                float4 q = load4(run + 64 * u);
                v[4 * u] = q.x, v[4 * u + 1] = q.y, v[4 * u + 2] = q.z, v[4 * u + 3] = q.w;
            }
        }
    }

    __device__ __forceinline__ void multiply(const float (*a)[TileShape<ROWS>::PITCH], const float (*b)[TileShape<COLUMNS>::PITCH]) {
        int tx = threadIdx.x % 16, ty = threadIdx.x / 16;
        UNROLL_DEPTH(TM * TN) for (int d = 0; d < DEPTH; d++) {
            float x[TM], y[TN];
            load<TM>(a[d], d, ty, x);
            load<TN>(b[d], d, tx, y);
            UNROLL for (int u = 0; u < TM; u++) {
                UNROLL for (int v = 0; v < TN; v++) {
                    sums[u][v] += x[u] * y[v];
                }
            }
        }
    }

    // Calls f(row, column, values, count) for this thread's runs of columns.
    template <class F> __device__ __forceinline__ void each(F f) const {
        static const int RUN = TN == 1 ? 1 : 4;
        int tx = threadIdx.x % 16, ty = threadIdx.x / 16;
        UNROLL for (int u = 0; u < TM; u++) {
            UNROLL for (int v = 0; v < TN; v += RUN) {
                f(position<TM>(ty, u), position<TN>(tx, v), &sums[u][v], RUN);
            }
        }
    }
};

// The memory that a block shares: two pairs of tiles, then of the product so many rows at a time.
template <class Product> union Shared {
    static const int ROWS = Product::ROWS < 64 ? Product::ROWS : 64, PITCH = Product::COLUMNS + 4;
    struct {
        float left[2][DEPTH][TileShape<Product::ROWS>::PITCH], right[2][DEPTH][TileShape<Product::COLUMNS>::PITCH];
    } tiles;
    alignas(16) float rows[ROWS][PITCH];
};

// Multiplies tile by tile. A and B: fetch(quad) gives a quad of the next step, advance() goes on by a step; ALONG_DEPTH says how they fill.
template <class Product, class A, class B> DEVICE void multiply_tiles(Product& product, A& a, B& b, int steps, Shared<Product>& shared) {
    typedef TileShape<Product::ROWS> L;
    typedef TileShape<Product::COLUMNS> R;
    typename Product::Round round;
    float4 fromA[L::QUADS] = {}, fromB[R::QUADS] = {};
    auto fetch = [&] {
        UNROLL for (int q = 0; q < L::QUADS; q++) {
            if (L::FETCHING == 256 || (int) threadIdx.x < L::FETCHING) {
                fromA[q] = a.fetch(q);
            }
        }
        UNROLL for (int q = 0; q < R::QUADS; q++) {
            if (R::FETCHING == 256 || (int) threadIdx.x < R::FETCHING) {
                fromB[q] = b.fetch(q);
            }
        }
        a.advance();
        b.advance();
    };
    auto fill = [&](int buffer) {
        UNROLL for (int q = 0; q < L::QUADS; q++) {
            if (L::FETCHING == 256 || (int) threadIdx.x < L::FETCHING) {
                store_quad<Product::ROWS, A::ALONG_DEPTH>(shared.tiles.left[buffer], q, fromA[q], round);
            }
        }
        UNROLL for (int q = 0; q < R::QUADS; q++) {
            if (R::FETCHING == 256 || (int) threadIdx.x < R::FETCHING) {
                store_quad<Product::COLUMNS, B::ALONG_DEPTH>(shared.tiles.right[buffer], q, fromB[q], round);
            }
        }
    };
    // one place that fetches and one that fills, and sums that nothing else sets: the code of a tile is long
    int step = -1;
    do {
        bool more = step + 1 < steps;
        if (more) {
            fetch();
        }
        if (step >= 0) {
            product.multiply(shared.tiles.left[step & 1], shared.tiles.right[step & 1]);
        }
        if (more) {
            fill((step + 1) & 1);
        }
        __syncthreads();
    } while (++step < steps);
}

// Calls f(row, column, values) for all quads of columns of the product, neighbours by neighbours. What a thread holds of it goes through
// shared memory: one short loop in the place of as many writes as there are sums.
template <class Product, class F> DEVICE void write_tile(const Product& product, Shared<Product>& shared, F f) {
    static const int QUADS = Product::COLUMNS / 4, ROWS = Shared<Product>::ROWS;
    ROLLED for (int first = 0; first < Product::ROWS; first += ROWS) {
        product.each([&](int row, int column, const float* v, int count) {
            if (row / ROWS * ROWS == first) {
                float* to = &shared.rows[row % ROWS][column];
                if (count == 4) {
                    store4(to, make_float4(v[0], v[1], v[2], v[3]));
                } else if (count == 2) {
                    *reinterpret_cast<float2*>(to) = make_float2(v[0], v[1]);
                } else {
                    *to = v[0];
                }
            }
        });
        __syncthreads();
        ROLLED for (int t = threadIdx.x; t < ROWS * QUADS; t += 256) {
            f(first + t / QUADS, t % QUADS * 4, load4(&shared.rows[t / QUADS][t % QUADS * 4]));
        }
        __syncthreads();
    }
}
