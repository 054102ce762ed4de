// Stages one and two of normalisations in one launch: the last block to end its sums over planes goes on with them. Blocks (32,8), grid
// (ceil(C/32), parts, N) as moments; tickets: zeros, which they are again afterwards: one an image forward, one backward.
#include "normalization.cu"

// moments and instance_norm.
KERNEL instance_moments(const float* __restrict__ y, Maps m, int parts, double* partial, unsigned* tickets, double epsilon, double* saved,
        float* scale, float* shift) {
    sum_moments(y, m, parts, partial);
    if (last_block(tickets + blockIdx.z, gridDim.x * gridDim.y)) {
        for (int c = thread_of_block(); c < m.channels; c += 256) {
            finish_instance_norm(y, m, parts, partial, epsilon, saved, scale, shift, blockIdx.z * m.channels + c);
        }
    }
}

// moments and layer_instance_norm.
KERNEL layer_instance_moments(const float* __restrict__ y, Maps m, int parts, double* partial, unsigned* tickets, double epsilon,
        const float* rho, const double* gamma, const double* beta, double* saved, float* scale, float* shift) {
    SHARED(double, values, [256]);
    sum_moments(y, m, parts, partial);
    if (last_block(tickets + blockIdx.z, gridDim.x * gridDim.y)) {
        finish_layer_instance_norm(y, m, parts, partial, epsilon, rho, gamma, beta, saved, scale, shift, blockIdx.z, values);
    }
}

// backward_sums and instance_norm_backward.
KERNEL instance_backward_sums(const float* __restrict__ dOut, int dOutPadding, const float* __restrict__ out, int outPadding,
        int activation, const float* __restrict__ y, Maps m, int parts, double* partial, unsigned* ticket, const double* saved, float* ofY,
        float* constant) {
    sum_gradients(dOut, dOutPadding, out, outPadding, activation, y, m, parts, partial);
    if (last_block(ticket, gridDim.x * gridDim.y * gridDim.z)) {
        for (int plane = thread_of_block(); plane < m.images * m.channels; plane += 256) {
            finish_instance_norm_backward(parts, partial, m, saved, ofY, constant, plane);
        }
    }
}

// backward_sums and layer_instance_norm_backward.
KERNEL layer_instance_backward_sums(const float* __restrict__ dOut, int dOutPadding, const float* __restrict__ out, int outPadding,
        int activation, const float* __restrict__ y, Maps m, int parts, double* partial, unsigned* ticket, const double* saved,
        const float* rho, const double* gamma, double* dGamma, double* dBeta, float* dRho, float* ofY, float* constant) {
    SHARED(double, values, [256]);
    sum_gradients(dOut, dOutPadding, out, outPadding, activation, y, m, parts, partial);
    if (last_block(ticket, gridDim.x * gridDim.y * gridDim.z)) {
        finish_layer_instance_norm_backward(parts, partial, m, saved, rho, gamma, dGamma, dBeta, dRho, ofY, constant, values);
    }
}

// backward_sums and constant_scaling_backward.
KERNEL constant_backward_sums(const float* __restrict__ dOut, int dOutPadding, const float* __restrict__ out, int outPadding,
        int activation, const float* __restrict__ y, Maps m, int parts, double* partial, unsigned* ticket, const double* sigma,
        float* dBias, double* factor) {
    SHARED(double, values, [256]);
    sum_gradients(dOut, dOutPadding, out, outPadding, activation, y, m, parts, partial);
    if (last_block(ticket, gridDim.x * gridDim.y * gridDim.z)) {
        finish_constant_scaling_backward(parts, partial, m.images, m.channels, sigma, dBias, factor, values);
    }
}
