// Convolution as products of tiles, without atomics. The products are split into parts along their depth where the tiles alone would not
// fill a GPU: with parts > 1 each part writes a whole result of its own, one after the other, which sum_parts adds in order.
// Block 256; grid (tiles, tiles, parts); all pixel counts below 2^31, and so each image's values.
#include "operands.cuh"
#include "tensor_cores.cuh"

// The depths of one part, a multiple of 16 long.
struct Share { int first, last, steps; };

DEVICE Share share_of(int depth, int parts, int part) {
    int steps = ((depth + DEPTH - 1) / DEPTH + parts - 1) / parts;
    int first = min(depth, part * steps * DEPTH), last = min(depth, first + steps * DEPTH);
    return {first, last, (last - first + DEPTH - 1) / DEPTH};
}

// Tiles of 128 x 128 are for channels by fours alone: less code, and registers enough.
template <class Product> __device__ constexpr bool wants_fours() {
    return Product::ROWS == 128 && Product::COLUMNS == 128;
}

template <class Product> DEVICE void clear(Product& product) {
    float* sums = (float*) product.sums;
    UNROLL for (int k = 0; k < (int) (sizeof product.sums / sizeof(float)); k++) {
        sums[k] = 0;
    }
}

// Writes four channels of one pixel of maps; lanes beyond the channels get the sums there, which are zero.
template <bool FOURS> DEVICE void write_channels(float* pixel, Strides strides, int channels, int lanes, int channel, float4 q) {
    if (FOURS || lanes > 1) {
        if (channel < lanes) {
            store4(pixel + channel, q);
        }
        return;
    }
    float v[4] = {q.x, q.y, q.z, q.w};
    UNROLL for (int u = 0; u < 4; u++) {
        if (channel + u < channels) {
            pixel[(channel + u) * strides.channel] = v[u];
        }
    }
}

// y[pixel][o]: grid (pixels, outputs or lanes, parts).
template <class Product> DEVICE void forward(const float* x, const float* w, Convolution s, int parts, float* y) {
    constexpr bool FOURS = wants_fours<Product>();
    int row = blockIdx.x * Product::ROWS, column = blockIdx.y * Product::COLUMNS, length = s.kernel * s.kernel * s.channels;
    Share share = share_of(length, parts, blockIdx.z);
    Taps<Product::ROWS, 1, FOURS> a;
    a.begin(x, strides_of(s.channels, s.inHeight, s.inWidth, s.inLanes), s.channels, s.kernel, share.first, share.last,
            s.channels % 4 == 0 && s.inLanes > 1, row, s.images, s.outHeight, s.outWidth, s.stride, 0, 0);
    Filters<Product::COLUMNS, FOURS> b;
    b.begin(w, s.outputs, length, share.first, share.last, column);
    SHARED(Shared<Product>, shared, [1]);
    Product product;
    clear(product);
    multiply_tiles(product, a, b, share.steps, shared[0]);
    Strides to = strides_of(s.outputs, s.outHeight, s.outWidth, s.outLanes);
    int plane = s.outHeight * s.outWidth;
    float* out = y + (i64) blockIdx.z * s.images * plane * (s.outLanes > 1 ? s.outLanes : s.outputs);
    write_tile(product, shared[0], [&](int r, int c, float4 v) {
        int p = row + r;
        if (p < s.images * plane) {
            float* pixel = out + (FOURS || s.outLanes > 1 ? (i64) p * s.outLanes : (i64) (p / plane) * to.image + p % plane);
            write_channels<FOURS>(pixel, to, s.outputs, s.outLanes, column + c, v);
        }
    });
}

// dx[pixel][c], the border's too: grid (pixels of a phase, channels or lanes, phases * parts). A phase is the pixels of one remainder of
// row and column by the stride: they meet the same taps.
template <class Product> DEVICE void backward_input(const float* dy, const float* w, Convolution s, int parts, float* dx) {
    constexpr bool FOURS = wants_fours<Product>();
    int phase = blockIdx.z % (s.stride * s.stride), part = blockIdx.z / (s.stride * s.stride);
    int firstRow = phase / s.stride, firstColumn = phase % s.stride;
    int rows = (s.inHeight - firstRow + s.stride - 1) / s.stride, columns = (s.inWidth - firstColumn + s.stride - 1) / s.stride;
    int tapRows = (s.kernel - firstRow + s.stride - 1) / s.stride, tapColumns = (s.kernel - firstColumn + s.stride - 1) / s.stride;
    int row = blockIdx.x * Product::ROWS, column = blockIdx.y * Product::COLUMNS;
    int pixels = s.images * rows * columns;
    if (row >= pixels) {
        return;
    }
    SHARED(Shared<Product>, shared, [1]);
    Product product;
    clear(product);
    if (tapRows > 0 && tapColumns > 0) {
        Share share = share_of(tapRows * tapColumns * s.outputs, parts, part);
        Taps<Product::ROWS, -1, FOURS> a;
        a.begin(dy, strides_of(s.outputs, s.outHeight, s.outWidth, s.outLanes), s.outputs, tapColumns, share.first, share.last,
                s.outputs % 4 == 0 && s.outLanes > 1, row, s.images, rows, columns, 1, s.outHeight, s.outWidth);
        TurnedFilters<Product::COLUMNS, FOURS> b;
        b.begin(w, s, firstRow, firstColumn, tapColumns, share.first, share.last, column);
        multiply_tiles(product, a, b, share.steps, shared[0]);
    }
    Strides to = strides_of(s.channels, s.inHeight, s.inWidth, s.inLanes);
    float* out = dx + (i64) part * s.images * s.inHeight * s.inWidth * (s.inLanes > 1 ? s.inLanes : s.channels);
    write_tile(product, shared[0], [&](int r, int c, float4 v) {
        int p = row + r;
        if (p < pixels) {
            int i = p / columns % rows * s.stride + firstRow, j = p % columns * s.stride + firstColumn, n = p / (rows * columns);
            float* pixel = out + (i64) n * to.image + (i * to.row + j * to.pixel);
            write_channels<FOURS>(pixel, to, s.channels, s.inLanes, column + c, v);
        }
    });
}

// dW[o][tap,c]: grid (taps * channels, outputs, parts of the pixels). One part adds to dW, more overwrite theirs.
template <class Product> DEVICE void backward_weights(const float* x, const float* dy, Convolution s, int parts, float* dW) {
    constexpr bool FOURS = wants_fours<Product>();
    int row = blockIdx.y * Product::ROWS, column = blockIdx.x * Product::COLUMNS, length = s.kernel * s.kernel * s.channels;
    Share share = share_of(s.images * s.outHeight * s.outWidth, parts, blockIdx.z);
    Pixels<Product::ROWS, false, FOURS> a;
    a.begin(dy, s, share.first, share.last, row);
    Pixels<Product::COLUMNS, true, FOURS> b;
    b.begin(x, s, share.first, share.last, column);
    SHARED(Shared<Product>, shared, [1]);
    Product product;
    clear(product);
    multiply_tiles(product, a, b, share.steps, shared[0]);
    float* out = dW + (i64) blockIdx.z * s.outputs * length;
    bool adds = parts == 1;
    write_tile(product, shared[0], [&](int r, int c, float4 q) {
        float* to = out + ((row + r) * length + column + c);
        float v[4] = {q.x, q.y, q.z, q.w};
        UNROLL for (int u = 0; u < 4; u++) {
            if (row + r < s.outputs && column + c + u < length) {
                to[u] = v[u] + (adds ? to[u] : 0);
            }
        }
    });
}

#define CONVOLUTIONS(suffix, product, turned) \
    KERNEL __launch_bounds__(256, 2) convolve_##suffix(const float* __restrict__ x, const float* __restrict__ w, Convolution s, int parts, \
            float* __restrict__ y) { forward<product>(x, w, s, parts, y); } \
    KERNEL __launch_bounds__(256, 2) convolve_input_##suffix(const float* __restrict__ dy, const float* __restrict__ w, Convolution s, \
            int parts, float* __restrict__ dx) { backward_input<product>(dy, w, s, parts, dx); } \
    KERNEL __launch_bounds__(256, 2) convolve_weights_##suffix(const float* __restrict__ x, const float* __restrict__ dy, Convolution s, \
            int parts, float* __restrict__ dW) { backward_weights<turned>(x, dy, s, parts, dW); }

typedef Plain<4, 4> Plain64;
typedef Plain<8, 8> Plain128;
typedef Plain<8, 1> PlainNarrow;
typedef Plain<1, 8> PlainFlat;
CONVOLUTIONS(64, Plain64, Plain64)
CONVOLUTIONS(128, Plain128, Plain128)
CONVOLUTIONS(narrow, PlainNarrow, PlainFlat)
#if UGATIT_TF32
CONVOLUTIONS(64_tf32, Tensor<64>, Tensor<64>)
CONVOLUTIONS(128_tf32, Tensor<128>, Tensor<128>)
#endif
