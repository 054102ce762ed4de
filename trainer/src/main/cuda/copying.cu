// Passes that move maps: block 256, grid over rows (any). No shared memory.
#include "maps.cuh"

// Interior of x to out, whose border is reflected; the two may differ in padding and lanes.
KERNEL copy_maps(const float* x, Maps from, float* out, Maps to) {
    FOR_EACH_SPOT(s, to) {
        store(out, to, s, load_any(x, from, s, reflect(s.i, to.height), reflect(s.j, to.width)));
    }
}

// Interior of out += interior of x.
KERNEL add_maps(const float* x, Maps from, float* out, Maps to) {
    Maps inner = with_padding(to, 0);
    FOR_EACH_SPOT(s, inner) {
        Quad q = load_any(x, from, s, s.i, s.j);
        Quad old = load(out, to, s, s.i, s.j);
        UNROLL for (int v = 0; v < 4; v++) {
            q.v[v] += old.v[v];
        }
        store(out, to, s, q);
    }
}

// The gradient of a reflected border: interior of out = that of x + what of x's border reflects it. x is the sum of so many parts, one
// after the other, as a convolution in parts leaves them. In place if out is x, of one part: a thread reads the border and its own
// values, and writes only the latter.
DEVICE void fold_border(const float* x, Maps from, int parts, float* out, Maps to) {
    Maps inner = with_padding(to, 0);
    int p = from.padding, h = from.height, w = from.width;
    i64 length = from.images * plane_pitch(from) * (from.lanes > 1 ? from.lanes : from.channels);
    FOR_EACH_SPOT(s, inner) {
        int up = s.i > 0 && s.i <= p ? -s.i : s.i, down = s.i < h - 1 && s.i >= h - 1 - p ? 2 * (h - 1) - s.i : s.i;
        int before = s.j > 0 && s.j <= p ? -s.j : s.j, after = s.j < w - 1 && s.j >= w - 1 - p ? 2 * (w - 1) - s.j : s.j;
        Quad sum = {{0, 0, 0, 0}};
        ROLLED for (int k = 0; k < 9; k++) {
            int i = k < 3 ? s.i : k < 6 ? up : down, j = k % 3 == 0 ? s.j : k % 3 == 1 ? before : after;
            if ((k < 3 || i != s.i) && (k % 3 == 0 || j != s.j)) {
                UNROLL_SOME for (int part = 0; part < parts; part++) {
                    Quad q = load(x + part * length, from, s, i, j);
                    UNROLL for (int v = 0; v < 4; v++) {
                        sum.v[v] += q.v[v];
                    }
                }
            }
        }
        store(out, to, s, sum);
    }
}

KERNEL fold(const float* x, Maps from, float* out, Maps to) {
    fold_border(x, from, 1, out, to);
}

// fold after sum_parts, in one.
KERNEL fold_parts(const float* partial, Maps from, int parts, float* out, Maps to) {
    fold_border(partial, from, parts, out, to);
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
