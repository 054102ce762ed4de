// Normalisations: sums over planes, then a few numbers a plane in double precision, then one pass over the maps. Nothing visits the host.
// The first two are one launch over (ceil(C/32), parts, N) blocks of (32,8): partial[part][plane][2] are the sums, and the last block to end
// them goes on. Tickets: zeros, which they are again afterwards. A plane's scale and shift are floats, n-major.
#include "reductions.cuh"

enum Activation { NONE, RELU, LEAKY_RELU, TANH };

// What is not a number stays so.
DEVICE float activate(int activation, float v) {
    float below = activation == RELU ? 0 : activation == LEAKY_RELU ? 0.2f * v : v;
    return v <= 0 && activation != TANH ? below : v;
}

// One after the other, as the code of one is long.
DEVICE Quad tanh_of(Quad q) {
    ROLLED for (int v = 0; v < 4; v++) {
        float t = tanhf(q.v[0]);
        q.v[0] = q.v[1], q.v[1] = q.v[2], q.v[2] = q.v[3], q.v[3] = t;
    }
    return q;
}

// The slope of an activation, of what was written, so that its input need not be kept. Without branches, as those multiply the loops
// that they are in.
struct Slope {
    float below, square;
    __device__ float operator()(float out) const { return (out > 0 ? 1 : below) - square * out * out; }
};

DEVICE Slope slope_of(int activation) {
    return {activation == RELU ? 0 : activation == LEAKY_RELU ? 0.2f : 1, activation == TANH ? 1.0f : 0};
}

// Sums of y less the plane's first pixel, and of its square: no cancellation where a mean is large.
DEVICE void sum_moments(const float* y, Maps m, int parts, double* partial) {
    sum_planes<TwoSums>(m, parts, partial, [&](int n, int c) {
        Plane of = plane_of(y, m, n, c);
        double origin = of(0, 0);
        return [=](TwoSums& sums, int i, int j, bool counts) {
            double d = counts ? of(i, j) - origin : 0;
            sums.a += d;
            sums.b += d * d;
        };
    });
}

struct Moments { double mean, variance; };

DEVICE Moments moments_of(const float* y, Maps m, int parts, const double* partial, int plane) {
    int planes = m.images * m.channels;
    double pixels = (double) m.height * m.width;
    TwoSums sums = two_sums(partial, parts, planes, plane);
    double offset = sums.a / pixels, variance = sums.b / pixels - offset * offset;
    return {y[at(m, plane / m.channels, plane % m.channels, 0, 0)] + offset, variance > 0 ? variance : 0};
}

DEVICE void finish_instance_norm(const float* y, Maps m, int parts, const double* partial, double epsilon, double* saved, float* scale,
        float* shift, int plane) {
    Moments of = moments_of(y, m, parts, partial, plane);
    double r = 1 / sqrt(of.variance + epsilon);
    saved[plane] = of.mean;
    saved[m.images * m.channels + plane] = r;
    scale[plane] = (float) r;
    shift[plane] = (float) (-of.mean * r);
}

// saved: mean[P], 1/deviation[P]. One ticket an image.
KERNEL instance_moments(const float* __restrict__ y, Maps m, int parts, double* partial, unsigned* tickets, double epsilon, double* saved,
        float* scale, float* shift) {
    sum_moments(y, m, parts, partial);
    if (last_block(tickets + blockIdx.z, gridDim.x * gridDim.y)) {
        ROLLED for (int c = thread_of_block(); c < m.channels; c += 256) {
            finish_instance_norm(y, m, parts, partial, epsilon, saved, scale, shift, blockIdx.z * m.channels + c);
        }
    }
}

// By a block of 256 threads for image n.
DEVICE void finish_layer_instance_norm(const float* y, Maps m, int parts, const double* partial, double epsilon, const float* rho,
        const double* gamma, const double* beta, double* saved, float* scale, float* shift, int n, double* values) {
    int channels = m.channels, planes = m.images * channels, first = n * channels, t = thread_of_block();
    double pixels = (double) m.height * m.width;
    double* mean = saved;
    double* factor = saved + planes;
    double sum = 0;
    ROLLED for (int c = t; c < channels; c += 256) {
        Moments of = moments_of(y, m, parts, partial, first + c);
        mean[first + c] = of.mean;
        factor[first + c] = of.variance;
        sum += of.mean;
    }
    double layerMean = block_sum(sum, values) / channels;
    double squares = 0;
    ROLLED for (int c = t; c < channels; c += 256) {
        double offset = mean[first + c] - layerMean;
        squares += pixels * (factor[first + c] + offset * offset);
    }
    double layerFactor = 1 / sqrt(block_sum(squares, values) / (channels * pixels - 1) + epsilon);
    ROLLED for (int c = t; c < channels; c += 256) {
        int plane = first + c;
        double r = 1 / sqrt(factor[plane] * pixels / (pixels - 1) + epsilon);
        factor[plane] = r;
        double byInstance = rho[c] * r, byLayer = (1 - (double) rho[c]) * layerFactor;
        scale[plane] = (float) (gamma[plane] * (byInstance + byLayer));
        shift[plane] = (float) (beta[plane] - gamma[plane] * (byInstance * mean[plane] + byLayer * layerMean));
    }
    if (t == 0) {
        saved[2 * planes + n] = layerMean;
        saved[2 * planes + m.images + n] = layerFactor;
    }
}

// saved: mean[P], instance factor[P], layer mean[N], layer factor[N]. One ticket an image.
KERNEL layer_instance_moments(const float* __restrict__ y, Maps m, int parts, double* partial, unsigned* tickets, double epsilon,
        const float* rho, const double* gamma, const double* beta, double* saved, float* scale, float* shift) {
    SHARED(double, values, [256]);
    sum_moments(y, m, parts, partial);
    if (last_block(tickets + blockIdx.z, gridDim.x * gridDim.y)) {
        finish_layer_instance_norm(y, m, parts, partial, epsilon, rho, gamma, beta, saved, scale, shift, blockIdx.z, values);
    }
}

// y / sigma + bias: sigma null for 1, bias null for 0.
KERNEL constant_scaling(const double* sigma, const float* bias, int images, int channels, float* scale, float* shift) {
    FOR_EACH(plane, images * channels) {
        scale[plane] = sigma ? (float) (1 / sigma[0]) : 1;
        shift[plane] = bias ? bias[plane % channels] : 0;
    }
}

// out = activation(scale * y + shift + residual), border reflected. residual null for none.
KERNEL normalize(const float* __restrict__ y, Maps m, const float* __restrict__ scale, const float* __restrict__ shift,
        const float* __restrict__ residual, int residualPadding, int activation, float* __restrict__ out, int outPadding) {
    Maps to = with_padding(m, outPadding), other = with_padding(m, residualPadding);
    FOR_EACH_SPOT(s, to) {
        int i = reflect(s.i, m.height), j = reflect(s.j, m.width), plane = s.n * m.channels + s.c;
        Quad q = load(y, m, s, i, j);
        Quad r = {{0, 0, 0, 0}};
        if (residual) {
            r = load(residual, other, s, i, j);
        }
        UNROLL for (int v = 0; v < 4; v++) {
            if (v < s.width && s.c + v < m.channels) {
                q.v[v] = activate(activation, scale[plane + v] * q.v[v] + shift[plane + v] + r.v[v]);
            }
        }
        if (activation == TANH) {
            q = tanh_of(q);
        }
        store(out, to, s, q);
    }
}

// Sums of g = dOut * activation' and of g * y. out is not read without an activation; then y is, in its place, and its slope is 1.
DEVICE void sum_gradients(const float* dOut, int dOutPadding, const float* out, int outPadding, int activation, const float* y, Maps m,
        int parts, double* partial) {
    Maps d = with_padding(m, dOutPadding), o = activation == NONE ? m : with_padding(m, outPadding);
    const float* written = activation == NONE ? y : out;
    Slope slope = slope_of(activation);
    sum_planes<TwoSums>(m, parts, partial, [&](int n, int c) {
        Plane gradient = plane_of(dOut, d, n, c), after = plane_of(written, o, n, c), of = plane_of(y, m, n, c);
        return [=](TwoSums& sums, int i, int j, bool counts) {
            float g = gradient(i, j) * slope(after(i, j));
            double gy = (double) g * of(i, j);
            sums.a += counts ? g : 0;
            sums.b += counts ? gy : 0;
        };
    });
}

DEVICE void finish_instance_norm_backward(int parts, const double* partial, Maps m, const double* saved, float* ofY, float* constant,
        int plane) {
    int planes = m.images * m.channels;
    double pixels = (double) m.height * m.width;
    TwoSums sums = two_sums(partial, parts, planes, plane);
    double mean = saved[plane], r = saved[planes + plane];
    double factor = -r * r * r * (sums.b - mean * sums.a) / pixels;
    ofY[plane] = (float) factor;
    constant[plane] = (float) (-r * sums.a / pixels - factor * mean);
}

// dy = scale * g + ofY * y + constant. One ticket.
KERNEL instance_backward_sums(const float* __restrict__ dOut, int dOutPadding, const float* __restrict__ out, int outPadding,
        int activation, const float* __restrict__ y, Maps m, int parts, double* partial, unsigned* ticket, const double* saved, float* ofY,
        float* constant) {
    sum_gradients(dOut, dOutPadding, out, outPadding, activation, y, m, parts, partial);
    if (last_block(ticket, gridDim.x * gridDim.y * gridDim.z)) {
        ROLLED for (int plane = thread_of_block(); plane < m.images * m.channels; plane += 256) {
            finish_instance_norm_backward(parts, partial, m, saved, ofY, constant, plane);
        }
    }
}

// By one block of 256 for the whole batch, so that rho's gradient is summed in a fixed order.
DEVICE void finish_layer_instance_norm_backward(int parts, const double* partial, Maps m, const double* saved, const float* rho,
        const double* gamma, double* dGamma, double* dBeta, float* dRho, float* ofY, float* constant, double* values) {
    int channels = m.channels, planes = m.images * channels;
    double pixels = (double) m.height * m.width, elements = channels * pixels;
    ROLLED for (int n = 0; n < m.images; n++) {
        double layerMean = saved[2 * planes + n], layerFactor = saved[2 * planes + m.images + n];
        double layerG = 0, layerGNormalized = 0;
        ROLLED for (int c = thread_of_block(); c < channels; c += 256) {
            int plane = n * channels + c;
            TwoSums sums = two_sums(partial, parts, planes, plane);
            double g = sums.a, gy = sums.b;
            double gInstance = saved[planes + plane] * (gy - saved[plane] * g), gLayer = layerFactor * (gy - layerMean * g);
            double ofLayer = gamma[plane] * (1 - (double) rho[c]);
            if (dBeta) {
                dBeta[plane] += g;
            }
            if (dGamma) {
                dGamma[plane] += rho[c] * gInstance + (1 - (double) rho[c]) * gLayer;
            }
            if (dRho) {
                dRho[c] += (float) (gamma[plane] * (gInstance - gLayer));
            }
            layerG += ofLayer * g;
            layerGNormalized += ofLayer * gLayer;
        }
        layerG = block_sum(layerG, values);
        layerGNormalized = block_sum(layerGNormalized, values);
        double layerOfY = -layerFactor * layerFactor * layerGNormalized / (elements - 1);
        double layerConstant = -layerFactor * layerG / elements - layerOfY * layerMean;
        ROLLED for (int c = thread_of_block(); c < channels; c += 256) {
            int plane = n * channels + c;
            TwoSums sums = two_sums(partial, parts, planes, plane);
            double g = sums.a, gy = sums.b;
            double r = saved[planes + plane], byInstance = gamma[plane] * rho[c] * r;
            double factor = -byInstance * r * r * (gy - saved[plane] * g) / (pixels - 1);
            ofY[plane] = (float) (factor + layerOfY);
            constant[plane] = (float) (-byInstance * g / pixels - factor * saved[plane] + layerConstant);
        }
    }
}

// dGamma, dBeta, dRho: added to, null if not wanted. One ticket.
KERNEL layer_instance_backward_sums(const float* __restrict__ dOut, int dOutPadding, const float* __restrict__ out, int outPadding,
        int activation, const float* __restrict__ y, Maps m, int parts, double* partial, unsigned* ticket, const double* saved,
        const float* rho, const double* gamma, double* dGamma, double* dBeta, float* dRho, float* ofY, float* constant) {
    SHARED(double, values, [256]);
    sum_gradients(dOut, dOutPadding, out, outPadding, activation, y, m, parts, partial);
    if (last_block(ticket, gridDim.x * gridDim.y * gridDim.z)) {
        finish_layer_instance_norm_backward(parts, partial, m, saved, rho, gamma, dGamma, dBeta, dRho, ofY, constant, values);
    }
}

DEVICE void finish_constant_scaling_backward(int parts, const double* partial, int images, int channels, const double* sigma, float* dBias,
        double* factor, double* values) {
    int planes = images * channels;
    double total = 0;
    ROLLED for (int c = thread_of_block(); c < channels; c += 256) {
        double sum = 0;
        ROLLED for (int plane = c; plane < planes; plane += channels) {
            TwoSums sums = two_sums(partial, parts, planes, plane);
            sum += sums.a;
            total += sums.b;
        }
        if (dBias) {
            dBias[c] += (float) sum;
        }
    }
    total = block_sum(total, values);
    if (factor && thread_of_block() == 0) {
        factor[0] = -total / (sigma[0] * sigma[0]);
    }
}

// dBias: added to, null if not wanted. factor: -<g,y>/sigma^2, what u v' is added to the weights' gradient with; null (then sigma is not
// read) without spectral norm. One ticket.
KERNEL constant_backward_sums(const float* __restrict__ dOut, int dOutPadding, const float* __restrict__ out, int outPadding,
        int activation, const float* __restrict__ y, Maps m, int parts, double* partial, unsigned* ticket, const double* sigma,
        float* dBias, double* factor) {
    SHARED(double, values, [256]);
    sum_gradients(dOut, dOutPadding, out, outPadding, activation, y, m, parts, partial);
    if (last_block(ticket, gridDim.x * gridDim.y * gridDim.z)) {
        finish_constant_scaling_backward(parts, partial, m.images, m.channels, sigma, dBias, factor, values);
    }
}

// dy = ofG * g + ofY * y + constant; ofY and constant null for 0 (then y is not read).
KERNEL normalize_backward(const float* __restrict__ dOut, int dOutPadding, const float* __restrict__ out, int outPadding, int activation,
        const float* __restrict__ y, Maps m, const float* __restrict__ ofG, const float* __restrict__ ofY,
        const float* __restrict__ constant, float* __restrict__ dy, int dyPadding) {
    Maps d = with_padding(m, dOutPadding), o = with_padding(m, outPadding), inner = with_padding(m, 0), to = with_padding(m, dyPadding);
    Slope slope = slope_of(activation);
    FOR_EACH_SPOT(s, inner) {
        int plane = s.n * m.channels + s.c;
        Quad g = load(dOut, d, s, s.i, s.j), of = {{0, 0, 0, 0}}, in = {{0, 0, 0, 0}};
        if (activation != NONE) {
            of = load(out, o, s, s.i, s.j);
        }
        if (ofY) {
            in = load(y, m, s, s.i, s.j);
        }
        UNROLL for (int v = 0; v < 4; v++) {
            if (v < s.width && s.c + v < m.channels) {
                float dv = ofG[plane + v] * g.v[v] * slope(of.v[v]);
                if (ofY) {
                    dv += ofY[plane + v] * in.v[v];
                }
                if (constant) {
                    dv += constant[plane + v];
                }
                g.v[v] = dv;
            }
        }
        store(dy, to, s, g);
    }
}
