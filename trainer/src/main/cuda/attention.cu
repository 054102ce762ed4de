// Class activation maps: pooling, the two classifiers, the folded 1x1 convolution, and gamma and beta of adaptive normalisation.
// Values of planes are doubles, n-major.
#include "reductions.cuh"

// values: gamma[n] | beta[n] | dGamma[n] = 0 | dBeta[n] = 0, n = length * repeats.
KERNEL modulation(const float* gamma, const float* beta, int length, int repeats, double* values) {
    i64 n = (i64) length * repeats;
    FOR_EACH(t, n) {
        values[t] = gamma[t % length];
        values[n + t] = beta[t % length];
        values[2 * n + t] = 0;
        values[3 * n + t] = 0;
    }
}

KERNEL modulation_gradients(const double* values, int images, int channels, float* dGamma, float* dBeta) {
    int n = images * channels;
    FOR_EACH(t, n) {
        dGamma[t] = (float) values[2 * n + t];
        dBeta[t] = (float) values[3 * n + t];
    }
}

// Adds the batch's sums, in order.
KERNEL add_modulation(const double* values, int images, int channels, float* toGamma, float* toBeta) {
    int n = images * channels;
    FOR_EACH(c, channels) {
        double gamma = 0, beta = 0;
        ROLLED for (int plane = (int) c; plane < n; plane += channels) {
            gamma += values[2 * n + plane];
            beta += values[3 * n + plane];
        }
        toGamma[c] += (float) gamma;
        toBeta[c] += (float) beta;
    }
}

struct Pooled {
    static const int WIDTH = 3;
    double sum, maximum, index; // index -1: no pixel yet
    __device__ void clear() { sum = 0, maximum = 0, index = -1; }
    __device__ void merge(const Pooled& o) {
        sum += o.sum;
        if (o.index >= 0 && (index < 0 || o.maximum > maximum || (o.maximum == maximum && o.index < index))) {
            maximum = o.maximum;
            index = o.index;
        }
    }
    __device__ void write(double* to) const { to[0] = sum, to[1] = maximum, to[2] = index; }
};

// Stage one of averages and maxima: blocks (32,8), grid (ceil(C/32), parts, N).
KERNEL pool(const float* __restrict__ x, Maps m, int parts, double* partial) {
    sum_planes<Pooled>(m, parts, partial, [&](int n, int c) {
        Plane of = plane_of(x, m, n, c);
        return [=](Pooled& pooled, int i, int j, bool counts) {
            float v = of(i, j);
            pooled.sum += counts ? v : 0;
            if (counts && (pooled.index < 0 || v > pooled.maximum)) {
                pooled.maximum = v;
                pooled.index = i * m.width + j;
            }
        };
    });
}

// One thread a plane. average, maximum, index: null if not wanted. The first of equal maxima, row by row.
KERNEL pooled(int parts, const double* partial, Maps m, double* average, double* maximum, double* index) {
    int planes = m.images * m.channels;
    FOR_EACH(plane, planes) {
        Pooled all;
        all.clear();
        ROLLED for (int part = 0; part < parts; part++) {
            const double* in = partial + ((i64) part * planes + plane) * Pooled::WIDTH;
            Pooled one;
            one.sum = in[0], one.maximum = in[1], one.index = in[2];
            all.merge(one);
        }
        if (average) {
            average[plane] = all.sum / ((double) m.height * m.width);
        }
        if (maximum) {
            maximum[plane] = all.maximum;
        }
        if (index) {
            index[plane] = all.index;
        }
    }
}

// out[plane]: the value at index[plane].
KERNEL pick(const float* x, const double* index, Maps m, double* out) {
    FOR_EACH(plane, m.images * m.channels) {
        int n = (int) plane / m.channels, c = (int) plane % m.channels, pixel = (int) index[plane];
        out[plane] = x[at(m, n, c, pixel / m.width, pixel % m.width)];
    }
}

// dx += dMean / (H*W), and dMaximum at index. dMean, or dMaximum and index, null for none.
KERNEL pool_backward(const double* dMean, const double* dMaximum, const double* index, Maps m, float* dx) {
    Maps inner = with_padding(m, 0);
    double pixels = (double) m.height * m.width;
    FOR_EACH_SPOT(s, inner) {
        int plane = s.n * m.channels + s.c, pixel = s.i * m.width + s.j;
        Quad q = load(dx, m, s, s.i, s.j);
        UNROLL for (int v = 0; v < 4; v++) {
            if (v < s.width && s.c + v < m.channels) {
                double d = dMean ? dMean[plane + v] / pixels : 0;
                if (dMaximum && (int) index[plane + v] == pixel) {
                    d += dMaximum[plane + v];
                }
                q.v[v] += (float) d;
            }
        }
        store(dx, m, s, q);
    }
}

// out: (N,1,H,W) plain, without a border.
KERNEL sum_over_channels(const float* x, Maps m, float* out) {
    i64 pixels = (i64) m.height * m.width;
    FOR_EACH(t, m.images * pixels) {
        int n = (int) (t / pixels), pixel = (int) (t % pixels);
        double sum = 0;
        for (int c = 0; c < m.channels; c++) {
            sum += x[at(m, n, c, pixel / m.width, pixel % m.width)];
        }
        out[t] = (float) sum;
    }
}

// w (C,2C): folded[o][i] = w[o][i] * average[i] + w[o][C+i] * maximum[i].
KERNEL fold_attention(const float* w, const float* average, const float* maximum, int channels, float* folded) {
    FOR_EACH(t, (i64) channels * channels) {
        i64 o = t / channels;
        int i = (int) (t % channels);
        folded[t] = w[o * 2 * channels + i] * average[i] + w[(o * 2 + 1) * channels + i] * maximum[i];
    }
}

// Block (32,8), grid ceil(C/32): 32 columns a block, and its rows of threads share the outputs. All gradients are added to; null if not
// wanted.
KERNEL fold_attention_backward(const float* dFolded, const float* w, const float* average, const float* maximum, int channels, float* dW,
        float* dAverage, float* dMaximum) {
    SHARED(double, sums, [2][8][32]);
    int i = blockIdx.x * 32 + threadIdx.x;
    double ofAverage = 0, ofMaximum = 0;
    for (int o = threadIdx.y; i < channels && o < channels; o += 8) {
        float d = dFolded[(i64) o * channels + i];
        i64 a = (i64) o * 2 * channels + i, b = a + channels;
        ofAverage += (double) d * w[a];
        ofMaximum += (double) d * w[b];
        if (dW) {
            dW[a] += d * average[i];
            dW[b] += d * maximum[i];
        }
    }
    sums[0][threadIdx.y][threadIdx.x] = ofAverage;
    sums[1][threadIdx.y][threadIdx.x] = ofMaximum;
    __syncthreads();
    if (threadIdx.y == 0 && i < channels) {
        for (int y = 1; y < 8; y++) {
            ofAverage += sums[0][y][threadIdx.x];
            ofMaximum += sums[1][y][threadIdx.x];
        }
        if (dAverage) {
            dAverage[i] += (float) ofAverage;
        }
        if (dMaximum) {
            dMaximum[i] += (float) ofMaximum;
        }
    }
}

// A block of 256 an image: logits[2n+which] = <w, pooled[n]> / sigma; sigma null for 1.
KERNEL classify(const double* pooled, const float* w, const double* sigma, int images, int channels, int which, double* logits) {
    SHARED(double, values, [256]);
    int n = blockIdx.x;
    double sum = 0;
    for (int c = threadIdx.x; c < channels; c += 256) {
        sum += w[c] * pooled[(i64) n * channels + c];
    }
    sum = block_sum(sum, values);
    if (threadIdx.x == 0 && n < images) {
        logits[2 * n + which] = sigma ? sum / sigma[0] : sum;
    }
}

// One thread a channel. dPooled: overwritten. dW: added to, null if not wanted. u, v, sigma: of the weights' spectral norm, or all null.
KERNEL classify_backward(const double* pooled, const double* logits, const double* dLogits, int which, const float* w, int images,
        int channels, float* dW, const float* u, const float* v, const double* sigma, double* dPooled) {
    double divisor = sigma ? sigma[0] : 1;
    FOR_EACH(c, channels) {
        double dRaw = 0, through = 0;
        ROLLED for (int n = 0; n < images; n++) {
            double d = dLogits[2 * n + which] / divisor;
            through += dLogits[2 * n + which] * logits[2 * n + which] * divisor; // logits times sigma: before the division
            dPooled[(i64) n * channels + c] = d * w[c];
            dRaw += d * pooled[(i64) n * channels + c];
        }
        if (dW) {
            dW[c] += (float) (sigma ? dRaw - through / (divisor * divisor) * u[0] * v[c] : dRaw);
        }
    }
}
