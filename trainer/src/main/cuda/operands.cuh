// What a convolution multiplies, as tiles 16 deep: windows of x, gathered gradients, and weights (O,k,k,C) seen three ways. A loader walks
// from step to step by adding, without dividing: registers are few. Quads of four side by side where channels are a multiple of 4, else one
// by one; FOURS: they always are, which leaves the other way out.
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
    static const int QUADS = TileShape<SIZE>::QUADS;
    Strides strides;
    int channels, columns, height, width;
    bool quads;
    int rest; // depths from this thread's to the end
    int c, k, l, offset; // of this thread's depth; the offset is from a pixel
    const float* pixel[QUADS]; // null: none
    int top[QUADS], left[QUADS];

    __device__ __forceinline__ void begin(const float* x, Strides s, int channelCount, int tapColumns, int first, int end, bool inQuads,
            int firstRow, int images, int rows, int rowColumns, int step, int mapHeight, int mapWidth) {
        strides = s, channels = channelCount, columns = tapColumns, quads = inQuads, height = mapHeight, width = mapWidth;
        int depth = first + depth_of_fetch();
        rest = end - depth;
        c = depth % channels;
        k = depth / channels / columns;
        l = depth / channels % columns;
        offset = SIGN * (k * s.row + l * s.pixel) + c * s.channel;
        UNROLL for (int q = 0; q < QUADS; q++) {
            int p = firstRow + row_of_fetch(q);
            int n = p / (rows * rowColumns);
            top[q] = p / rowColumns % rows * step;
            left[q] = p % rowColumns * step;
            const float* at = x + (i64) n * s.image + (top[q] * s.row + left[q] * s.pixel);
            pixel[q] = n < images ? at : nullptr;
        }
    }

    // From the last channel of a tap to the first of the next one.
    __device__ __forceinline__ void next_tap(int& channel, int& tapRow, int& tapColumn, int& at) const {
        bool lastOfRow = tapColumn + 1 == columns;
        channel -= channels;
        at += SIGN * strides.pixel - channels * strides.channel + (lastOfRow ? SIGN * (strides.row - columns * strides.pixel) : 0);
        tapColumn = lastOfRow ? 0 : tapColumn + 1;
        tapRow += lastOfRow;
    }

    __device__ __forceinline__ bool inside(int q, int tapRow, int tapColumn) const {
        return SIGN > 0 || ((unsigned) (top[q] - tapRow) < (unsigned) height && (unsigned) (left[q] - tapColumn) < (unsigned) width);
    }

    __device__ __forceinline__ float4 fetch(int q) const {
        if (!pixel[q] || rest <= 0) {
            return make_float4(0, 0, 0, 0);
        }
        if constexpr (!FOURS) {
            if (!quads) {
                float v[4];
                int channel = c, tapRow = k, tapColumn = l, at = offset;
                UNROLL for (int u = 0; u < 4; u++) {
                    v[u] = u < rest && inside(q, tapRow, tapColumn) ? pixel[q][at] : 0;
                    at += strides.channel;
                    if (++channel == channels) {
                        next_tap(channel, tapRow, tapColumn, at);
                    }
                }
                return quad_of(v);
            }
        }
        return inside(q, k, l) ? load4(pixel[q] + offset) : make_float4(0, 0, 0, 0);
    }

    __device__ __forceinline__ void advance() {
        rest -= DEPTH;
        c += DEPTH;
        offset += DEPTH * strides.channel;
        while (c >= channels) {
            next_tap(c, k, l, offset);
        }
    }
};

// Rows: outputs. Depth: (k,l,c), as the weights lie.
template <int SIZE, bool FOURS> struct Filters {
    static const bool ALONG_DEPTH = true;
    const float* from;
    int pitch, rows, rest; // rows and depths from this thread's to the end
    bool quads;

    __device__ __forceinline__ void begin(const float* w, int outputs, int length, int first, int end, int firstRow) {
        int row = firstRow + row_of_fetch(0), depth = first + depth_of_fetch();
        from = w + ((i64) row * length + depth);
        pitch = length, rows = outputs - row, rest = end - depth;
        quads = length % 4 == 0 && aligned16(w);
    }

    __device__ __forceinline__ float4 fetch(int q) const {
        if (64 * q >= rows || rest <= 0) {
            return make_float4(0, 0, 0, 0);
        }
        const float* at = from + 64 * q * pitch;
        if (quads) {
            return load4(at);
        }
        float v[4];
        UNROLL for (int u = 0; u < 4; u++) {
            v[u] = FOURS || u < rest ? at[u] : 0;
        }
        return quad_of(v);
    }

    __device__ __forceinline__ void advance() {
        from += DEPTH;
        rest -= DEPTH;
    }
};

// Columns: channels. Depth: (taps of one phase, o), outputs fastest. A phase's taps are every stride-th from (row, column).
template <int SIZE, bool FOURS> struct TurnedFilters {
    static const bool ALONG_DEPTH = false;
    const float* from;
    int outputs, columns, filter, toColumn, toRow; // distances between neighbours
    int o, l, rest, channels; // channels and depths from this thread's to the end
    bool quads;

    __device__ __forceinline__ void begin(const float* w, Convolution s, int firstRow, int firstColumn, int tapColumns, int first, int end,
            int firstChannel) {
        int depth = first + depth_along_tile<SIZE>(), c = firstChannel + column_of_fetch<SIZE>(0);
        outputs = s.outputs, columns = tapColumns, filter = s.kernel * s.kernel * s.channels, toColumn = s.stride * s.channels;
        toRow = toColumn * s.kernel, rest = end - depth, channels = s.channels - c;
        o = depth % outputs;
        l = depth / outputs % columns;
        int k = depth / outputs / columns;
        from = w + ((i64) o * filter + (firstRow * s.kernel + firstColumn) * s.channels + k * toRow + l * toColumn + c);
        quads = s.channels % 4 == 0 && aligned16(w);
    }

    __device__ __forceinline__ float4 fetch(int q) const {
        if (rest <= 0 || 64 * q >= channels) {
            return make_float4(0, 0, 0, 0);
        }
        if (quads) {
            return load4(from + 64 * q);
        }
        float v[4];
        UNROLL for (int u = 0; u < 4; u++) {
            v[u] = FOURS || 64 * q + u < channels ? from[64 * q + u] : 0;
        }
        return quad_of(v);
    }

    __device__ __forceinline__ void advance() {
        rest -= DEPTH;
        o += DEPTH;
        int distance = DEPTH * filter;
        while (o >= outputs) {
            o -= outputs;
            distance += toColumn - outputs * filter;
            if (++l == columns) {
                l = 0;
                distance += toRow - columns * toColumn;
            }
        }
        from += distance;
    }
};

// Depth: pixels of y. Columns: its channels (WINDOWS false), or taps x channels of x as its windows have them (true).
template <int SIZE, bool WINDOWS, bool FOURS> struct Pixels {
    static const bool ALONG_DEPTH = false;
    static const int QUADS = TileShape<SIZE>::QUADS;
    const float* from; // this thread's pixel
    int rest; // depths from this thread's to the end
    int i, j, rows, columns; // of y
    int image, toRow, toColumn; // distances in what is read
    bool quads;
    int offset[QUADS][FOURS ? 1 : 4]; // of this thread's columns, -1: none

    __device__ __forceinline__ void begin(const float* x, Convolution s, int first, int end, int firstColumn) {
        int channels = WINDOWS ? s.channels : s.outputs, length = WINDOWS ? s.kernel * s.kernel * channels : channels;
        Strides strides = WINDOWS ? strides_of(channels, s.inHeight, s.inWidth, s.inLanes)
                : strides_of(channels, s.outHeight, s.outWidth, s.outLanes);
        quads = channels % 4 == 0 && (WINDOWS ? s.inLanes : s.outLanes) > 1;
        UNROLL for (int q = 0; q < QUADS; q++) {
            int column = firstColumn + column_of_fetch<SIZE>(q), tap = WINDOWS ? column / channels : 0;
            int c = column - tap * channels, k = tap / s.kernel, l = tap % s.kernel;
            UNROLL for (int u = 0; u < (FOURS ? 1 : 4); u++) {
                offset[q][u] = column + u < length ? k * strides.row + l * strides.pixel + c * strides.channel : -1;
                c++;
                if (WINDOWS && c == channels) {
                    c = 0;
                    if (++l == s.kernel) {
                        l = 0;
                        k++;
                    }
                }
            }
        }
        int p = first + depth_along_tile<SIZE>(), step = WINDOWS ? s.stride : 1;
        rows = s.outHeight, columns = s.outWidth, rest = end - p;
        i = p / columns % rows;
        j = p % columns;
        image = strides.image, toRow = step * strides.row, toColumn = step * strides.pixel;
        from = x + (i64) (p / (rows * columns)) * image + (i * toRow + j * toColumn);
    }

    __device__ __forceinline__ float4 fetch(int q) const {
        if (rest <= 0 || offset[q][0] < 0) {
            return make_float4(0, 0, 0, 0);
        }
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
        rest -= DEPTH;
        int distance = DEPTH * toColumn;
        // y's own pixels lie one after the other
        if (!FOURS || WINDOWS) {
            j += DEPTH;
            while (j >= columns) {
                j -= columns;
                distance += toRow - columns * toColumn;
                if (++i == rows) {
                    i = 0;
                    distance += image - rows * toRow;
                }
            }
        }
        from += distance;
    }
};
