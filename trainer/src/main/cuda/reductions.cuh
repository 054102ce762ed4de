// Sums in a fixed order: the same inputs give the same bits. All in double precision.
#pragma once
#include "maps.cuh"

DEVICE int thread_of_block() {
    return threadIdx.y * blockDim.x + threadIdx.x;
}

// The sum over a block of 256 threads; the same for all of them. values: shared memory.
DEVICE double block_sum(double x, double* values) {
    int t = thread_of_block();
    __syncthreads();
    values[t] = x;
    __syncthreads();
    ROLLED for (int half = 128; half > 0; half /= 2) {
        if (t < half) {
            values[t] += values[t + half];
        }
        __syncthreads();
    }
    return values[0];
}

// Whether this is the last of so many blocks to come here: it then sees what the others wrote, and can go on with their sums. Which block
// is the last changes nothing about the order of the sums. The ticket is zero before and after. For all threads of a block, 256 of them.
DEVICE bool last_block(unsigned* ticket, unsigned blocks) {
    SHARED(unsigned, order, [1]);
    __threadfence();
    __syncthreads();
    if (thread_of_block() == 0) {
        order[0] = atomicAdd(ticket, 1u);
        if (order[0] == blocks - 1) {
            *ticket = 0;
        }
    }
    __syncthreads();
    bool last = order[0] == blocks - 1;
    if (last) {
        __threadfence();
    }
    return last;
}

// Element `value` of `width` of a plane, summed over the parts of partial[part][plane][width].
DEVICE double sum_of_parts(const double* partial, int parts, int planes, int plane, int width, int value) {
    double s = 0;
    UNROLL_SOME for (int part = 0; part < parts; part++) {
        s += partial[((i64) part * planes + plane) * width + value];
    }
    return s;
}

// Stage one of sums over planes: block (32,8), grid (ceil(C/32), parts, N). Maps with lanes: a thread's x is a channel, and its y takes
// every 8th pixel of the part; plain maps: all 256 threads share the pixels of one plane after the other. plane(n, c) gives
// add(accumulator, i, j, counts), which may read (i, j) even if it does not count. Accumulator has clear(), merge(other) and
// write(double*), which writes WIDTH values to partial[part][plane].
template <class Accumulator, class PlaneOf> DEVICE void sum_planes(Maps m, int parts, double* partial, PlaneOf plane) {
    SHARED(Accumulator, all, [8][32]);
    int n = blockIdx.z, part = blockIdx.y, planes = m.images * m.channels, pixels = m.height * m.width;
    int share = (pixels + parts - 1) / parts;
    int first = part * share, last = min(pixels, first + share);
    bool lanes = m.lanes > 1;
    int planesHere = lanes ? 1 : min(32, m.channels - (int) blockIdx.x * 32);
    ROLLED for (int plain = 0; plain < planesHere; plain++) {
        int c = blockIdx.x * 32 + (lanes ? threadIdx.x : plain);
        Accumulator mine;
        mine.clear();
        if (c < m.channels) {
            auto add = plane(n, c);
            int step = lanes ? 8 : 256, p = first + (int) (lanes ? threadIdx.y : threadIdx.y * 32 + threadIdx.x);
            int i = p / m.width, j = p % m.width, rows = step / m.width, columns = step % m.width;
            ROLLED while (p < last) {
                // four reads in flight, and no second loop for what is left of them
                UNROLL for (int u = 0; u < 4; u++) {
                    bool inside = p < last;
                    add(mine, inside ? i : 0, inside ? j : 0, inside);
                    p += step, i += rows, j += columns;
                    if (j >= m.width) {
                        i++, j -= m.width;
                    }
                }
            }
        }
        __syncthreads();
        all[threadIdx.y][threadIdx.x] = mine;
        __syncthreads();
        ROLLED for (int half = 4; half > 0; half /= 2) {
            if ((int) threadIdx.y < half) {
                all[threadIdx.y][threadIdx.x].merge(all[threadIdx.y + half][threadIdx.x]);
            }
            __syncthreads();
        }
        ROLLED for (int half = 16; !lanes && half > 0; half /= 2) {
            if (threadIdx.y == 0 && (int) threadIdx.x < half) {
                all[0][threadIdx.x].merge(all[0][threadIdx.x + half]);
            }
            __syncthreads();
        }
        if (threadIdx.y == 0 && c < m.channels && (lanes || threadIdx.x == 0)) {
            all[0][threadIdx.x].write(partial + ((i64) part * planes + n * m.channels + c) * Accumulator::WIDTH);
        }
    }
}

struct TwoSums {
    static const int WIDTH = 2;
    double a, b;
    __device__ void clear() { a = 0, b = 0; }
    __device__ void merge(const TwoSums& o) { a += o.a, b += o.b; }
    __device__ void write(double* to) const { to[0] = a, to[1] = b; }
};

// Both sums of a plane over the parts of partial[part][plane][2].
DEVICE TwoSums two_sums(const double* partial, int parts, int planes, int plane) {
    const double2* at = reinterpret_cast<const double2*>(partial) + plane;
    TwoSums sums = {0, 0};
    ROLLED for (int first = 0; first < parts; first += 4) {
        UNROLL for (int part = first; part < first + 4; part++) {
            double2 v = at[(i64) min(part, parts - 1) * planes];
            sums.a += part < parts ? v.x : 0, sums.b += part < parts ? v.y : 0;
        }
    }
    return sums;
}
