// Vectors of any length: block 256, any grid. No shared memory.
#include "maps.cuh"

KERNEL fill(float* x, i64 length, float value) {
    FOR_EACH(t, length) x[t] = value;
}

KERNEL add(const float* x, i64 length, float* to) {
    FOR_EACH(t, length) to[t] += x[t];
}

// Images of `length` numbers, `total` in all: out = y + share[image] * (x - y).
KERNEL interpolate(const float* x, const float* y, const float* shares, i64 length, i64 total, float* out) {
    FOR_EACH(t, total) out[t] = y[t] + shares[t / length] * (x[t] - y[t]);
}

KERNEL clip(float* x, i64 length, float least, float most) {
    FOR_EACH(t, length) {
        float v = x[t];
        x[t] = v < least ? least : v > most ? most : v;
    }
}

// out[r*length + i] = x[i], r below repeats.
KERNEL values_of(const float* x, i64 length, int repeats, double* out) {
    FOR_EACH(t, length * repeats) out[t] = x[t % length];
}

KERNEL floats_of(const double* x, i64 length, float* out) {
    FOR_EACH(t, length) out[t] = (float) x[t];
}

// (outer,a,b) to (outer,b,a): weights between (O,C,k*k) and (O,k*k,C). Not in place.
KERNEL swap_inner(const float* x, i64 outer, int a, int b, float* out) {
    FOR_EACH(t, outer * a * b) {
        i64 group = t / ((i64) a * b);
        int rest = (int) (t - group * a * b);
        out[t] = x[group * a * b + (i64) (rest % a) * b + rest / a];
    }
}

// out = (adds ? out : 0) + partial[0] + partial[1] + ..., each of length values.
KERNEL sum_parts(const float* partial, int parts, i64 length, int adds, float* out) {
    if (length % 4 == 0 && aligned16(out)) {
        FOR_EACH(t, length / 4) {
            float4 sum = adds ? load4(out + 4 * t) : make_float4(0, 0, 0, 0);
            for (int part = 0; part < parts; part++) {
                float4 v = load4(partial + part * length + 4 * t);
                sum.x += v.x, sum.y += v.y, sum.z += v.z, sum.w += v.w;
            }
            store4(out + 4 * t, sum);
        }
        return;
    }
    FOR_EACH(t, length) {
        float sum = adds ? out[t] : 0;
        ROLLED for (int part = 0; part < parts; part++) {
            sum += partial[part * length + t];
        }
        out[t] = sum;
    }
}

// One update. rates: corrected learning rate, what the root of the second moment is divided by, weight decay, beta1, beta2, epsilon.
KERNEL adam(float* w, const float* g, float* first, float* second, i64 length, const double* rates) {
    float rate = (float) rates[0], correction = (float) rates[1], decay = (float) rates[2], epsilon = (float) rates[5];
    float beta1 = (float) rates[3], beta2 = (float) rates[4], rest1 = (float) (1 - rates[3]), rest2 = (float) (1 - rates[4]);
    FOR_EACH(t, length) {
        float d = g[t] + decay * w[t];
        float a = first[t] = beta1 * first[t] + rest1 * d;
        float b = second[t] = beta2 * second[t] + rest2 * d * d;
        w[t] -= rate * a / (sqrtf(b) / correction + epsilon);
    }
}
