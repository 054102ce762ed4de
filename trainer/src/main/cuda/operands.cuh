// What a convolution multiplies, as tiles 16 deep: windows of x, gathered gradients, and weights (O,k,k,C) seen three ways. A loader knows
// its place at the next step, and goes on without dividing. Quads of four side by side where channels are a multiple of 4, else one by one;
// FOURS: they always are, which leaves the other way out.
#pragma once
#include "tiles.cuh"

// inHeight and inWidth with the border of x; y has none. Lanes 1: plain.
struct Convolution { int images, channels, outputs, kernel, stride, inHeight, inWidth, inLanes, outHeight, outWidth, outLanes; };

// Distances between neighbours in maps; an image's values are below 2^31, a batch's need not be.
struct Strides { int image, row, pixel, channel; };

DEVICE Strides strides_of(int channels, int height, int width, int lanes) {
    return lanes > 1 ? Strides{height * width * lanes, width * lanes, lanes, 1}
            : Strides{channels * height * width, width, 1, height * width};
}

DEVICE float4 quad_of(const float* v) {
    return make_float4(v[0], v[1], v[2], v[3]);
}

// Rows of a tile: pixels of a grid (images, rows, columns). Depth: taps x channels, channels fastest. Value at a pixel's (i*step + sign*k,
// j*step + sign*l) and a channel; outside of height x width zero. Windows of x: sign 1, always inside. Gradients gathered: sign -1.
template <int SIZE, int SIGN, bool FOURS> struct Taps {
    static const bool ALONG_DEPTH = true;
    const float* base;
    Strides strides;
    int channels, columns, height, width, depth, last;
    int c, k, l; // of this thread's first depth
    bool quads;
    i64 start[TileShape<SIZE>::QUADS]; // -1: no such pixel
    int top[TileShape<SIZE>::QUADS], left[TileShape<SIZE>::QUADS];

    __device__ __forceinline__ void begin(const float* x, Strides s, int channelCount, int tapColumns, int first, int end, bool inQuads,
            int firstRow, int images, int rows, int rowColumns, int step, int mapHeight, int mapWidth) {
        base = x, strides = s, channels = channelCount, columns = tapColumns, quads = inQuads, last = end, height = mapHeight,
                width = mapWidth;
        depth = first + depth_of_fetch();
        c = depth % channels;
        k = depth / channels / columns;
        l = depth / channels % columns;
        UNROLL for (int q = 0; q < TileShape<SIZE>::QUADS; q++) {
            int p = firstRow + row_of_fetch(q);
            int n = p / (rows * rowColumns);
            top[q] = p / rowColumns % rows * step;
            left[q] = p % rowColumns * step;
            start[q] = n < images ? (i64) n * s.image + (top[q] * s.row + left[q] * s.pixel) : -1;
        }
    }

    __device__ __forceinline__ bool inside(int q, int tapRow, int tapColumn) const {
        if (SIGN > 0) {
            return true;
        }
        int i = top[q] - tapRow, j = left[q] - tapColumn;
        return i >= 0 && i < height && j >= 0 && j < width;
    }

    __device__ __forceinline__ float4 fetch(int q) const {
        if (start[q] < 0) {
            return make_float4(0, 0, 0, 0);
        }
        if constexpr (!FOURS) {
            if (!quads) {
                return one_by_one(q);
            }
        }
        if (depth >= last || !inside(q, k, l)) {
            return make_float4(0, 0, 0, 0);
        }
        return load4(base + start[q] + (SIGN * (k * strides.row + l * strides.pixel) + c));
    }

    __device__ __forceinline__ float4 one_by_one(int q) const {
        float v[4];
        int channel = c, tapRow = k, tapColumn = l;
        UNROLL for (int u = 0; u < 4; u++) {
            v[u] = depth + u < last && inside(q, tapRow, tapColumn)
                    ? base[start[q] + (SIGN * (tapRow * strides.row + tapColumn * strides.pixel) + channel * strides.channel)] : 0;
            if (++channel == channels) {
                channel = 0;
                if (++tapColumn == columns) {
                    tapColumn = 0;
                    tapRow++;
                }
            }
        }
        return quad_of(v);
    }

    __device__ __forceinline__ void advance() {
        depth += DEPTH;
        c += DEPTH;
        while (c >= channels) {
            c -= channels;
            if (++l == columns) {
                l = 0;
                k++;
            }
        }
    }
};

// Rows: outputs. Depth: (k,l,c), as the weights lie.
template <int SIZE, bool FOURS> struct Filters {
    static const bool ALONG_DEPTH = true;
    const float* base;
    int outputs, pitch, first, depth, last;
    bool quads;

    __device__ __forceinline__ void begin(const float* w, int outputCount, int length, int from, int end, int firstRow) {
        base = w, outputs = outputCount, pitch = length, first = firstRow, depth = from + depth_of_fetch(), last = end;
        quads = length % 4 == 0 && aligned16(w);
    }

    __device__ __forceinline__ float4 fetch(int q) const {
        int o = first + row_of_fetch(q);
        if (o >= outputs || depth >= last) {
            return make_float4(0, 0, 0, 0);
        }
        const float* from = base + (i64) o * pitch + depth;
        if (quads) {
            return load4(from);
        }
        float v[4];
        UNROLL for (int u = 0; u < 4; u++) {
            v[u] = FOURS || depth + u < last ? from[u] : 0;
        }
        return quad_of(v);
    }

    __device__ __forceinline__ void advance() {
        depth += DEPTH;
    }
};

// Columns: channels. Depth: (taps of one phase, o), outputs fastest. A phase's taps are every stride-th from (row, column).
template <int SIZE, bool FOURS> struct TurnedFilters {
    static const bool ALONG_DEPTH = false;
    const float* base;
    int outputs, channels, kernel, stride, firstRow, firstColumn, columns, column, last;
    bool quads;
    int depth, o, k, l;

    __device__ __forceinline__ void begin(const float* w, Convolution s, int tapRow, int tapColumn, int tapColumns, int from, int end,
            int first) {
        base = w, outputs = s.outputs, channels = s.channels, kernel = s.kernel, stride = s.stride;
        firstRow = tapRow, firstColumn = tapColumn, columns = tapColumns, column = first, last = end;
        quads = channels % 4 == 0 && aligned16(w);
        depth = from + depth_along_tile<SIZE>();
        o = depth % outputs;
        k = depth / outputs / columns;
        l = depth / outputs % columns;
    }

    __device__ __forceinline__ float4 fetch(int q) const {
        int c = column + column_of_fetch<SIZE>(q);
        if (depth >= last || c >= channels) {
            return make_float4(0, 0, 0, 0);
        }
        const float* from = base + (((i64) o * kernel + firstRow + k * stride) * kernel + firstColumn + l * stride) * channels + c;
        if (quads) {
            return load4(from);
        }
        float v[4];
        UNROLL for (int u = 0; u < 4; u++) {
            v[u] = FOURS || c + u < channels ? from[u] : 0;
        }
        return quad_of(v);
    }

    __device__ __forceinline__ void advance() {
        depth += DEPTH;
        o += DEPTH;
        while (o >= outputs) {
            o -= outputs;
            if (++l == columns) {
                l = 0;
                k++;
            }
        }
    }
};

// A pixel of y that goes on by 16.
struct Pixel {
    int n, i, j, depth;

    __device__ __forceinline__ void begin(int p, Convolution s) {
        depth = p;
        n = p / (s.outHeight * s.outWidth);
        i = p / s.outWidth % s.outHeight;
        j = p % s.outWidth;
    }

    __device__ __forceinline__ void advance(Convolution s) {
        depth += DEPTH;
        j += DEPTH;
        while (j >= s.outWidth) {
            j -= s.outWidth;
            if (++i == s.outHeight) {
                i = 0;
                n++;
            }
        }
    }
};

// Depth: pixels of y. Columns: its channels (WINDOWS false), or taps x channels of x as its windows have them (true).
template <int SIZE, bool WINDOWS, bool FOURS> struct Pixels {
    static const bool ALONG_DEPTH = false;
    static const int QUADS = TileShape<SIZE>::QUADS;
    const float* base;
    Convolution shape;
    Strides strides;
    int last, step;
    bool quads;
    Pixel pixel;
    int offset[QUADS][FOURS ? 1 : 4]; // of this thread's columns, -1: none

    __device__ __forceinline__ void begin(const float* x, Convolution s, int from, int end, int first) {
        base = x, shape = s, last = end;
        int channels = WINDOWS ? s.channels : s.outputs, columns = WINDOWS ? s.kernel * s.kernel * channels : channels;
        strides = WINDOWS ? strides_of(channels, s.inHeight, s.inWidth, s.inLanes)
                : strides_of(channels, s.outHeight, s.outWidth, s.outLanes);
        step = WINDOWS ? s.stride : 1;
        quads = channels % 4 == 0 && (WINDOWS ? s.inLanes : s.outLanes) > 1;
        UNROLL for (int q = 0; q < QUADS; q++) {
            int column = first + column_of_fetch<SIZE>(q), tap = WINDOWS ? column / channels : 0;
            int c = column - tap * channels, k = tap / s.kernel, l = tap % s.kernel;
            UNROLL for (int u = 0; u < (FOURS ? 1 : 4); u++) {
                offset[q][u] = column + u < columns ? k * strides.row + l * strides.pixel + c * strides.channel : -1;
                if (WINDOWS && ++c == channels) {
                    c = 0;
                    if (++l == s.kernel) {
                        l = 0;
                        k++;
                    }
                } else if (!WINDOWS) {
                    c++;
                }
            }
        }
        pixel.begin(from + depth_along_tile<SIZE>(), s);
    }

    __device__ __forceinline__ float4 fetch(int q) const {
        if (pixel.depth >= last || offset[q][0] < 0) {
            return make_float4(0, 0, 0, 0);
        }
        // y's pixels lie one after the other
        const float* from = base + (FOURS && !WINDOWS ? (i64) pixel.depth * strides.pixel
                : (i64) pixel.n * strides.image + step * (pixel.i * strides.row + pixel.j * strides.pixel));
        if constexpr (!FOURS) {
            if (!quads) {
                float v[4];
                UNROLL for (int u = 0; u < 4; u++) {
                    v[u] = offset[q][u] >= 0 ? from[offset[q][u]] : 0;
                }
                return quad_of(v);
            }
        }
        return load4(from + offset[q][0]);
    }

    __device__ __forceinline__ void advance() {
        pixel.advance(shape);
    }
};
