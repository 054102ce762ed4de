// Normalisations against plain loops, their gradients against differences.
#pragma once
#include "expect.h"

static float activated(int a, double v) { return (float) (a == 1 ? std::max(0.,
        v) : a == 2 ? (v > 0 ? v : 0.2 * v) : a == 3 ? std::tanh(v) : v); }
static double slope_of(int a, double out) { return a == 1 ? out > 0 : a == 2 ? (out > 0 ? 1 : 0.2) : a == 3 ? 1 - out * out : 1; }

// The three normalisations forward, and backward against differences of a loss <dOut, out>.
static void check_normalization(int kind, int images, int channels, int h, int w, int activation) {
    Maps m = maps(images, channels, h, w, 0), o = with_padding(m, 2), r = with_padding(m, 1);
    int P = images * channels, pixels = h * w, parts = 3;
    Floats y = filled(m, false), residual = filled(r, false), dOut = filled(r, false), rho = noise<float>(channels),
            bias = noise<float>(channels);
    for (float& v : y) v = v == 0 ? 0 : v + 3;
    for (float& v : rho) v = std::fabs(v);
    Doubles gamma = noise<double>(P), beta = noise<double>(P), sigma = {1.7};
    std::string what = std::string(kind == 0 ? "instance" : kind == 1 ? "layer instance" : "spectral") + " activation " + std::to_string(activation);

    Doubles Y = interior(y, m), R = interior(residual, r), D = interior(dOut, r);
    auto normalized = [&](const Doubles& v, const Doubles& g, const Doubles& b, const Doubles& ro, const Doubles& bi, double s) {
        Doubles out(v.size());
        for (int n = 0; n < images; n++) {
            double lm = 0, lv = 0, count = (double) channels * pixels;
            for (int k = 0; k < channels * pixels; k++) lm += v[n * channels * pixels + k] / count;
            for (int k = 0; k < channels * pixels; k++) lv += std::pow(v[n * channels * pixels + k] - lm, 2);
            double lf = 1 / std::sqrt(lv / (count - 1) + 1e-5);
            for (int c = 0; c < channels; c++) {
                const double* in = &v[(n * channels + c) * pixels];
                double mean = 0, var = 0;
                for (int k = 0; k < pixels; k++) mean += in[k] / pixels;
                for (int k = 0; k < pixels; k++) var += std::pow(in[k] - mean, 2);
                double f = 1 / std::sqrt(var / (kind == 0 ? pixels : pixels - 1) + 1e-5);
                for (int k = 0; k < pixels; k++) {
                    int p = n * channels + c;
                    out[p * pixels + k] = kind == 0 ? (in[k] - mean) * f : kind == 2 ? in[k] / s + bi[c]
                            : g[p] * (ro[c] * (in[k] - mean) * f + (1 - ro[c]) * (in[k] - lm) * lf) + b[p];
                }
            }
        }
        return out;
    };
    Doubles ro(rho.begin(), rho.end()), bi(bias.begin(), bias.end()), want = normalized(Y, gamma, beta, ro, bi, sigma[0]);
    Doubles linear = want;
    for (size_t k = 0; k < want.size(); k++) want[k] = activated(activation, want[k] + R[k]);

    Doubles partial(parts * P * 2, NAN), saved(2 * P + 2 * images, NAN);
    Floats scale(P, NAN), shift(P, NAN), out(length(o), NAN), ofY(P, NAN), constant(P, NAN), dy(length(m), NAN);
    const float* yp = y.data();
    std::vector<unsigned> tickets(images);
    if (kind == 0) launch("instance_moments", planes(m, parts), BLOCK2, yp, m, parts, partial.data(), tickets.data(), 1e-5, saved.data(),
            scale.data(), shift.data());
    if (kind == 1) launch("layer_instance_moments", planes(m, parts), BLOCK2, yp, m, parts, partial.data(), tickets.data(), 1e-5, of(rho),
            of(gamma), of(beta), saved.data(), scale.data(), shift.data());
    if (kind == 2) launch("constant_scaling", vec(P), BLOCK, of(sigma), of(bias), images, channels, scale.data(), shift.data());
    launch("normalize", rows(o), BLOCK, yp, m, of(scale), of(shift), of(residual), 1, activation, out.data(), 2);
    expect_maps("normalize " + what, out, o, want, 3e-6);

    Doubles dGamma = noise<double>(P), dBeta = noise<double>(P), wantGamma = dGamma, wantBeta = dBeta, factor(1);
    Floats dRho = noise<float>(channels), dBias = noise<float>(channels);
    Doubles wantRho(dRho.begin(), dRho.end()), wantBias(dBias.begin(), dBias.end());
    if (kind == 0) launch("instance_backward_sums", planes(m, parts), BLOCK2, of(dOut), 1, of(out), 2, activation, yp, m, parts,
            partial.data(), tickets.data(), of(saved), ofY.data(), constant.data());
    if (kind == 1) launch("layer_instance_backward_sums", planes(m, parts), BLOCK2, of(dOut), 1, of(out), 2, activation, yp, m, parts,
            partial.data(), tickets.data(), of(saved), of(rho), of(gamma), dGamma.data(), dBeta.data(), dRho.data(), ofY.data(),
            constant.data());
    if (kind == 2) launch("constant_backward_sums", planes(m, parts), BLOCK2, of(dOut), 1, of(out), 2, activation, yp, m, parts,
            partial.data(), tickets.data(), of(sigma), dBias.data(), factor.data());
    expect("tickets of norms", tickets, Floats(images, 0), 0);
    launch("normalize_backward", rows(m), BLOCK, of(dOut), 1, of(out), 2, activation, yp, m, of(scale),
            kind == 2 ? (const float*) nullptr : of(ofY), kind == 2 ? (const float*) nullptr : of(constant), dy.data(), 0);

    Doubles g(D.size());
    for (size_t k = 0; k < g.size(); k++) g[k] = D[k] * slope_of(activation, want[k]);
    auto loss = [&](const Doubles& v, const Doubles& ga, const Doubles& be, const Doubles& r2, const Doubles& b2, double s) {
        Doubles z = normalized(v, ga, be, r2, b2, s);
        double sum = 0;
        for (size_t k = 0; k < z.size(); k++) sum += g[k] * z[k];
        return sum;
    };
    auto slopes = [&](Doubles& v) {
        Doubles d;
        for (double& x : v) {
            double old = x, e = 1e-5;
            x = old + e;
            double up = loss(Y, gamma, beta, ro, bi, sigma[0]);
            x = old - e;
            d.push_back((up - loss(Y, gamma, beta, ro, bi, sigma[0])) / (2 * e));
            x = old;
        }
        return d;
    };
    expect_maps("dy " + what, dy, m, slopes(Y), 1e-5, false);
    if (kind == 1) {
        Doubles a = slopes(gamma), b = slopes(beta), c = slopes(ro);
        for (int p = 0; p < P; p++) wantGamma[p] += a[p], wantBeta[p] += b[p];
        for (int k = 0; k < channels; k++) wantRho[k] += c[k];
        expect("dGamma " + what, dGamma, wantGamma, 1e-5);
        expect("dBeta " + what, dBeta, wantBeta, 1e-5);
        expect("dRho " + what, dRho, wantRho, 1e-5);
    }
    if (kind == 2) {
        Doubles a = slopes(bi);
        for (int k = 0; k < channels; k++) wantBias[k] += a[k];
        expect("dBias " + what, dBias, wantBias, 1e-5);
        expect("factor " + what, factor, slopes(sigma), 1e-5);
    }
}
