// Passes that move maps: block 256, grid over rows (any). No shared memory.
#include "maps.cuh"

// Interior of x to out, whose border is reflected; the two may differ in padding and lanes.
KERNEL copy_maps(const float* x, Maps from, float* out, Maps to) {
    FOR_EACH_SPOT(s, to) {
        store(out, to, s, load(x, from, s, reflect(s.i, to.height), reflect(s.j, to.width)));
    }
}

// Interior of out += interior of x.
KERNEL add_maps(const float* x, Maps from, float* out, Maps to) {
    Maps inner = with_padding(to, 0);
    FOR_EACH_SPOT(s, inner) {
        Quad q = load(x, from, s, s.i, s.j);
        Quad old = load(out, to, s, s.i, s.j);
        UNROLL for (int v = 0; v < 4; v++) {
            q.v[v] += old.v[v];
        }
        store(out, to, s, q);
    }
}

// The gradient of a reflected border: interior of out = that of x + what of x's border reflects it. In place if out is x: a thread reads
// the border and its own values, and writes only the latter.
KERNEL fold(const float* x, Maps from, float* out, Maps to) {
    Maps inner = with_padding(to, 0);
    int p = from.padding, h = from.height, w = from.width;
    FOR_EACH_SPOT(s, inner) {
        int rows[3] = {s.i, s.i > 0 && s.i <= p ? -s.i : s.i, s.i < h - 1 && s.i >= h - 1 - p ? 2 * (h - 1) - s.i : s.i};
        int columns[3] = {s.j, s.j > 0 && s.j <= p ? -s.j : s.j, s.j < w - 1 && s.j >= w - 1 - p ? 2 * (w - 1) - s.j : s.j};
        Quad sum = {{0, 0, 0, 0}};
        UNROLL for (int a = 0; a < 3; a++) {
            UNROLL for (int b = 0; b < 3; b++) {
                if ((a == 0 || rows[a] != s.i) && (b == 0 || columns[b] != s.j)) {
                    Quad q = load(x, from, s, rows[a], columns[b]);
                    UNROLL for (int v = 0; v < 4; v++) {
                        sum.v[v] += q.v[v];
                    }
                }
            }
        }
        store(out, to, s, sum);
    }
}

// Nearest neighbour, twice the height and width, border reflected.
KERNEL upsample(const float* x, Maps from, float* out, int outPadding) {
    Maps to = with_padding(from, outPadding);
    to.height *= 2, to.width *= 2;
    FOR_EACH_SPOT(s, to) {
        store(out, to, s, load(x, from, s, reflect(s.i, to.height) / 2, reflect(s.j, to.width) / 2));
    }
}

// to: the maps that upsample read.
KERNEL upsample_backward(const float* dOut, int dOutPadding, Maps to, float* dx) {
    Maps from = with_padding(to, dOutPadding);
    from.height *= 2, from.width *= 2;
    Maps inner = with_padding(to, 0);
    FOR_EACH_SPOT(s, inner) {
        Quad sum = {{0, 0, 0, 0}};
        UNROLL for (int q = 0; q < 4; q++) {
            Quad d = load(dOut, from, s, 2 * s.i + q / 2, 2 * s.j + q % 2);
            UNROLL for (int v = 0; v < 4; v++) {
                sum.v[v] += d.v[v];
            }
        }
        store(dx, to, s, sum);
    }
}
