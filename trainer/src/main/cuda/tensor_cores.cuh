// Products of tiles on tensor cores, from compute capability 8.0: factors rounded to TF32 (10 bits), sums in fp32. Without a GPU the warps'
// instruction is emulated by the layout of its registers.
#pragma once
#include "tiles.cuh"

#if UGATIT_TF32
// To the nearest, ties away from zero.
DEVICE float tf32(float v) {
#ifdef __CUDACC__
    unsigned bits;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(v));
    return __uint_as_float(bits);
#else
    uint32_t bits;
    memcpy(&bits, &v, 4);
    bits = (bits + 0x1000) & ~0x1fffu;
    memcpy(&v, &bits, 4);
    return v;
#endif
}

#ifndef __CUDACC__
// What the threads of a block hold of their operands, where the others see it.
static float registersA[256][4][4], registersB[256][4][2];
#endif

// c[m][n] += a[m] * b[n] for all fragments of a warp: mma.m16n8k8. With g = lane / 4 and t = lane % 4, a thread has of A (16x8) rows g,
// g+8 at depth t, then at t+4; of B (8x8) column g at depths t, t+4; of C (16x8) row g at columns 2t, 2t+1, then row g+8.
template <int M, int N> DEVICE void multiply_fragments(float (*c)[N][4], const float (*a)[4], const float (*b)[2]) {
#ifdef __CUDACC__
    UNROLL for (int m = 0; m < M; m++) {
        UNROLL for (int n = 0; n < N; n++) {
            asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                    : "+f"(c[m][n][0]), "+f"(c[m][n][1]), "+f"(c[m][n][2]), "+f"(c[m][n][3])
                    : "r"(__float_as_uint(a[m][0])), "r"(__float_as_uint(a[m][1])), "r"(__float_as_uint(a[m][2])),
                            "r"(__float_as_uint(a[m][3])), "r"(__float_as_uint(b[n][0])), "r"(__float_as_uint(b[n][1])));
        }
    }
#else
    memcpy(registersA[threadIdx.x], a, sizeof(float) * 4 * M);
    memcpy(registersB[threadIdx.x], b, sizeof(float) * 2 * N);
    __syncthreads();
    int lane = threadIdx.x % 32, warp = threadIdx.x - lane, g = lane / 4, t = lane % 4;
    for (int k = 0; k < 8; k++) {
        int high = k / 4, from = k % 4;
        for (int m = 0; m < M; m++) {
            float upper = registersA[warp + 4 * g + from][m][2 * high], lower = registersA[warp + 4 * g + from][m][2 * high + 1];
            for (int n = 0; n < N; n++) {
                float left = registersB[warp + 4 * (2 * t) + from][n][high], right = registersB[warp + 4 * (2 * t + 1) + from][n][high];
                c[m][n][0] += upper * left;
                c[m][n][1] += upper * right;
                c[m][n][2] += lower * left;
                c[m][n][3] += lower * right;
            }
        }
    }
    __syncthreads();
#endif
}

// Eight warps, two along the rows and four along the columns.
template <int SIZE> struct Tensor {
    static const int ROWS = SIZE, COLUMNS = SIZE, M = SIZE / 32, N = SIZE / 32;
    float sums[M][N][4];

    struct Round {
        __device__ float operator()(float v) const { return tf32(v); }
    };

    DEVICE int first_row() {
        return threadIdx.x / 32 / 4 * (SIZE / 2) + threadIdx.x % 32 / 4;
    }

    DEVICE int first_column() {
        return threadIdx.x / 32 % 4 * (SIZE / 4);
    }

    __device__ __forceinline__ void multiply(const float (*left)[TileShape<SIZE>::PITCH], const float (*right)[TileShape<SIZE>::PITCH]) {
        int row = first_row(), column = first_column() + threadIdx.x % 32 / 4, t = threadIdx.x % 4;
        UNROLL for (int d = 0; d < DEPTH; d += 8) {
            float a[M][4], b[N][2];
            UNROLL for (int half = 0; half < 2; half++) {
                int depth = d + 4 * half + t;
                UNROLL for (int m = 0; m < M; m++) {
                    a[m][2 * half] = left[depth][swizzle<SIZE>(d + 4 * half, row + 16 * m)];
                    a[m][2 * half + 1] = left[depth][swizzle<SIZE>(d + 4 * half, row + 16 * m + 8)];
                }
                UNROLL for (int n = 0; n < N; n++) {
                    b[n][half] = right[depth][swizzle<SIZE>(d + 4 * half, column + 8 * n)];
                }
            }
            multiply_fragments<M, N>(sums, a, b);
        }
    }

    template <class F> __device__ __forceinline__ void each(F f) const {
        int row = first_row(), column = first_column() + threadIdx.x % 4 * 2;
        UNROLL for (int u = 0; u < 2 * M; u++) {
            UNROLL for (int n = 0; n < N; n++) {
                f(row + 8 * u, column + 8 * n, &sums[u / 2][n][u % 2 * 2], 2);
            }
        }
    }
};
#endif
