// What cuDNN multiplies in bfloat16, and its results: block 256, any grid. No shared memory.
#include "maps.cuh"

// The upper half of a float, to the nearest, ties to even; what is not a number stays so.
DEVICE unsigned bfloat16(float v) {
#ifdef __CUDACC__
    unsigned bits = __float_as_uint(v);
#else
    unsigned bits;
    memcpy(&bits, &v, 4);
#endif
    bool number = (bits & 0x7fffffffu) <= 0x7f800000u;
    return number ? (bits + 0x7fffu + (bits >> 16 & 1)) >> 16 : bits >> 16 | 0x40;
}

// out: pairs of values, the first in the lower half; length values, rounded up to a multiple of 2.
KERNEL to_bfloat16(const float* x, i64 length, unsigned* out) {
    if (length % 4 == 0 && aligned16(x)) {
        FOR_EACH(t, length / 4) {
            float4 v = load4(x + 4 * t);
            out[2 * t] = bfloat16(v.x) | bfloat16(v.y) << 16;
            out[2 * t + 1] = bfloat16(v.z) | bfloat16(v.w) << 16;
        }
        return;
    }
    FOR_EACH(t, (length + 1) / 2) {
        out[t] = bfloat16(x[2 * t]) | (2 * t + 1 < length ? bfloat16(x[2 * t + 1]) << 16 : 0);
    }
}

DEVICE float float_of(unsigned bits) {
#ifdef __CUDACC__
    return __uint_as_float(bits);
#else
    float v;
    memcpy(&v, &bits, 4);
    return v;
#endif
}

// out = (adds ? out : 0) + x, of length values in pairs as above.
KERNEL from_bfloat16(const unsigned* x, i64 length, int adds, float* out) {
    if (length % 4 == 0 && aligned16(out)) {
        FOR_EACH(t, length / 4) {
            unsigned a = x[2 * t], b = x[2 * t + 1];
            float4 v = make_float4(float_of(a << 16), float_of(a & 0xffff0000u), float_of(b << 16), float_of(b & 0xffff0000u));
            if (adds) {
                float4 old = load4(out + 4 * t);
                v.x += old.x, v.y += old.y, v.z += old.z, v.w += old.w;
            }
            store4(out + 4 * t, v);
        }
        return;
    }
    FOR_EACH(t, length) {
        unsigned pair = x[t / 2];
        float v = float_of(t % 2 ? pair & 0xffff0000u : pair << 16);
        out[t] = adds ? out[t] + v : v;
    }
}
