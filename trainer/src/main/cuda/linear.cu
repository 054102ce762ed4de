// Fully connected layers without bias for few images: y = x w', x (N,I), w (O,I). Bound by the one pass over w, four images at a time.
#include "reductions.cuh"

// Block 256, grid (O, parts, ceil(N/4)); partial[part][n][o].
KERNEL linear(const float* __restrict__ x, const float* __restrict__ w, int images, int inputs, int outputs, int parts, double* partial) {
    SHARED(double, values, [256]);
    int o = blockIdx.x, first = blockIdx.z * 4, share = (inputs + parts - 1) / parts;
    int begin = blockIdx.y * share, end = min(inputs, begin + share);
    const float* row = w + (i64) o * inputs;
    float sum[4] = {0, 0, 0, 0};
    for (int i = begin + (int) threadIdx.x; i < end; i += 256) {
        float v = row[i];
        UNROLL for (int k = 0; k < 4; k++) {
            if (first + k < images) {
                sum[k] += v * x[(i64) (first + k) * inputs + i];
            }
        }
    }
    UNROLL for (int k = 0; k < 4; k++) {
        if (first + k < images) {
            double total = block_sum(sum[k], values);
            if (threadIdx.x == 0) {
                partial[((i64) blockIdx.y * images + first + k) * outputs + o] = total;
            }
        }
    }
}

KERNEL linear_finish(const double* partial, int parts, int images, int outputs, int relu, float* y) {
    int n = images * outputs;
    FOR_EACH(t, n) {
        float v = (float) sum_of_parts(partial, parts, n, (int) t, 1, 0);
        y[t] = relu && v <= 0 ? 0 : v;
    }
}

DEVICE float linear_gradient(const float* y, const float* dy, int relu, i64 at) {
    return relu && !(y[at] > 0) ? 0 : dy[at];
}

// dW += g'x. Block 256, grid (any over I, any over O).
KERNEL linear_backward_weights(const float* __restrict__ x, const float* __restrict__ y, const float* __restrict__ dy, int relu, int images,
        int inputs, int outputs, float* __restrict__ dW) {
    ROLLED for (int o = blockIdx.y; o < outputs; o += gridDim.y) {
        FOR_EACH(i, inputs) {
            float sum = 0;
            ROLLED for (int n = 0; n < images; n++) {
                sum += linear_gradient(y, dy, relu, (i64) n * outputs + o) * x[(i64) n * inputs + i];
            }
            dW[(i64) o * inputs + i] += sum;
        }
    }
}

// dx = (adds ? dx : 0) + g w. Block (32,8), grid (ceil(I/32), ceil(N/4)): 32 inputs a block, and its rows of threads share the outputs.
KERNEL linear_backward_input(const float* __restrict__ w, const float* __restrict__ y, const float* __restrict__ dy, int relu, int images,
        int inputs, int outputs, int adds, float* dx) {
    SHARED(float, sums, [4][8][32]);
    int i = blockIdx.x * 32 + threadIdx.x, first = blockIdx.y * 4;
    float sum[4] = {0, 0, 0, 0};
    for (int o = threadIdx.y; i < inputs && o < outputs; o += 8) {
        float v = w[(i64) o * inputs + i];
        UNROLL for (int k = 0; k < 4; k++) {
            if (first + k < images) {
                sum[k] += v * linear_gradient(y, dy, relu, (i64) (first + k) * outputs + o);
            }
        }
    }
    UNROLL for (int k = 0; k < 4; k++) {
        sums[k][threadIdx.y][threadIdx.x] = sum[k];
    }
    __syncthreads();
    int k = threadIdx.y;
    if (k < 4 && first + k < images && i < inputs) {
        float total = 0;
        for (int r = 0; r < 8; r++) {
            total += sums[k][r][threadIdx.x];
        }
        i64 to = (i64) (first + k) * inputs + i;
        dx[to] = (adds ? dx[to] : 0) + total;
    }
}
