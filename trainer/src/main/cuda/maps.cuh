// How things lie in device memory. Feature maps have a border that reflects their interior (the edge pixel not repeated).
// lanes == 1: plain, ((n*C+c)*(H+2p)+i+p)*(W+2p)+j+p. lanes > 1: ((n*(H+2p)+i+p)*(W+2p)+j+p)*lanes+c, lanes a multiple of 4, zeros beyond
// C. Planes are n-major. One source for two compilers: nvcc, and g++ behind src/test/cuda/cpu_grid.h.
#pragma once
#ifdef __CUDACC__
#include <stdint.h>
#define SHARED(type, name, dimensions) __shared__ type name dimensions
#define UNROLL _Pragma("unroll")
#define UNROLL_SOME _Pragma("unroll 4")
#define PRAGMA(words) _Pragma(#words)
// of a product of tiles: as much code as a GPU needs to hide its reads, and no more
#define UNROLL_DEPTH(products) PRAGMA(unroll (128 / (products)))
#define ROLLED _Pragma("unroll 1")
#endif

#define DEVICE __device__ static __forceinline__
#define KERNEL extern "C" __global__ void
typedef long long i64;

struct Maps { int images, channels, height, width, padding, lanes; };

DEVICE Maps with_padding(Maps m, int padding) {
    m.padding = padding;
    return m;
}

DEVICE i64 plane_pitch(Maps m) {
    return (i64) (m.height + 2 * m.padding) * (m.width + 2 * m.padding);
}

// Where a value lies; i and j count from the interior, so that the border has -p .. -1 and H .. H+p-1.
DEVICE i64 at(Maps m, int n, int c, int i, int j) {
    // an image's values are below 2^31; without branches, as this is most of the code of a pass
    int row = i + m.padding, column = j + m.padding;
    int pitch = m.width + 2 * m.padding, plane = (m.height + 2 * m.padding) * pitch;
    int image = plane * (m.lanes > 1 ? m.lanes : m.channels), channel = m.lanes > 1 ? 1 : plane;
    return (i64) n * image + (row * pitch + column) * m.lanes + c * channel;
}

// One plane of maps.
struct Plane {
    const float* first;
    int row, pixel;
    __device__ float operator()(int i, int j) const { return first[i * row + j * pixel]; }
};

DEVICE Plane plane_of(const float* x, Maps m, int n, int c) {
    return {x + at(m, n, c, 0, 0), (m.width + 2 * m.padding) * m.lanes, m.lanes};
}

// The interior's index that a border's index reflects.
DEVICE int reflect(int i, int length) {
    return i < 0 ? -i : i >= length ? 2 * (length - 1) - i : i;
}

DEVICE i64 first_index() {
    return (i64) blockIdx.x * blockDim.x + threadIdx.x;
}

DEVICE i64 index_step() {
    return (i64) gridDim.x * blockDim.x;
}

#define FOR_EACH(t, length) ROLLED for (i64 t = first_index(); t < (length); t += index_step())

// Four values that lie side by side.
DEVICE float4 load4(const float* x) {
    return *reinterpret_cast<const float4*>(x);
}

DEVICE void store4(float* x, float4 v) {
    *reinterpret_cast<float4*>(x) = v;
}

DEVICE bool aligned16(const void* x) {
    return ((uintptr_t) x & 15) == 0;
}

// What one thread works at in a pass over maps: a quad of lanes, or one value of a plain map (then width is 1). Rows go along grid.y.
struct Spot { int n, c, i, j, width; };

DEVICE int map_rows(Maps m) {
    return m.images * (m.height + 2 * m.padding) * (m.lanes > 1 ? 1 : m.channels);
}

DEVICE int row_length(Maps m) {
    return (m.width + 2 * m.padding) * (m.lanes > 1 ? m.lanes / 4 : 1);
}

DEVICE Spot spot(Maps m, int row, int place) {
    int rows = m.height + 2 * m.padding;
    Spot s;
    s.i = row % rows - m.padding;
    if (m.lanes > 1) {
        int quads = m.lanes / 4;
        s.n = row / rows;
        s.c = place % quads * 4;
        s.j = place / quads - m.padding;
        s.width = 4;
    } else {
        s.c = row / rows % m.channels;
        s.n = row / rows / m.channels;
        s.j = place - m.padding;
        s.width = 1;
    }
    return s;
}

// All spots of maps, border included (give maps without padding for the interior alone).
#define FOR_EACH_SPOT(s, m) \
    ROLLED for (int s##Row = blockIdx.y; s##Row < map_rows(m); s##Row += gridDim.y) \
        ROLLED for (int s##Place = blockIdx.x * blockDim.x + threadIdx.x; s##Place < row_length(m); s##Place += gridDim.x * blockDim.x) \
            if (Spot s = spot(m, s##Row, s##Place); true)

// The values of a spot.
struct Quad { float v[4]; };

// At (i, j) of maps that lie as those that the spot is of.
DEVICE Quad load(const float* x, Maps m, Spot s, int i, int j) {
    const float* from = x + at(m, s.n, s.c, i, j);
    if (s.width == 1) {
        return {{*from, 0, 0, 0}};
    }
    float4 v = load4(from);
    return {{v.x, v.y, v.z, v.w}};
}

// The same of maps that may lie differently.
DEVICE Quad load_any(const float* x, Maps m, Spot s, int i, int j) {
    if ((m.lanes > 1) == (s.width == 4)) {
        return load(x, m, s, i, j);
    }
    Quad q = {{0, 0, 0, 0}};
    for (int v = 0; v < s.width && s.c + v < m.channels; v++) {
        q.v[v] = x[at(m, s.n, s.c + v, i, j)];
    }
    return q;
}

// m: what the spot is of. Lanes beyond the channels get zeros.
DEVICE void store(float* x, Maps m, Spot s, Quad q) {
    i64 a = at(m, s.n, s.c, s.i, s.j);
    if (s.width == 1) {
        x[a] = q.v[0];
        return;
    }
    UNROLL for (int v = 0; v < 4; v++) {
        if (s.c + v >= m.channels) {
            q.v[v] = 0;
        }
    }
    store4(x + a, make_float4(q.v[0], q.v[1], q.v[2], q.v[3]));
}
