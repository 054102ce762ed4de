// What cuDNN multiplies in bfloat16: block 256, any grid. No shared memory.
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
