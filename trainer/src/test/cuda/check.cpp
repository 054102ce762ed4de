// Each kernel against plain loops in double precision, on small odd shapes: g++ -std=c++17 -O3 -march=native -o check check.cpp && ./check
// With an argument: the emulated speed of convolutions too.
#include "kernel_table.h"
#include <chrono>

static std::map<std::string, Kernel> kernels = all_kernels();
static int failures = 0;

template <class... A> static void launch(const std::string& name, dim3 grid, dim3 block, A... arguments) {
    auto found = kernels.find(name);
    size_t sizes[] = {sizeof(A)...};
    if (found == kernels.end() || !std::equal(std::begin(sizes), std::end(sizes), found->second.sizes.begin(), found->second.sizes.end())) {
        std::printf("%s: no such kernel or other arguments\n", name.c_str());
        std::exit(1);
    }
    void* pointers[] = {(void*) &arguments...};
    found->second.run(grid, block, pointers);
}

static unsigned cdiv(long a, long b) { return (unsigned) ((a + b - 1) / b); }
static dim3 vec(long n) { return {std::max(1u, std::min(cdiv(n, 256), 4096u)), 1, 1}; }
static dim3 rows(Maps m) { return {std::min(cdiv(row_length(m), 256), 1024u), (unsigned) std::min(map_rows(m), 65535), 1}; }
static dim3 planes(Maps m, int parts) { return {cdiv(m.channels, 32), (unsigned) parts, (unsigned) m.images}; }
static const dim3 BLOCK{256, 1, 1}, BLOCK2{32, 8, 1}, ONE{1, 1, 1};

static double random_value() { return std::rand() / (double) RAND_MAX * 2 - 1; }
typedef std::vector<float> Floats;
typedef std::vector<double> Doubles;

template <class T> static std::vector<T> noise(size_t n) {
    std::vector<T> v(n);
    for (T& x : v) x = (T) random_value();
    return v;
}

template <class T, class U> static void expect(const std::string& what, const std::vector<T>& got, const std::vector<U>& want, double tolerance) {
    double worst = 0, scale = 1;
    for (size_t k = 0; k < want.size(); k++) {
        double e = std::fabs((double) got[k] - (double) want[k]);
        worst = std::max(worst, std::isnan(e) ? 1e30 : e);
        scale = std::max(scale, std::fabs((double) want[k]));
    }
    if (worst / scale > tolerance || got.size() < want.size()) {
        failures++;
        std::printf("WRONG %s: %.1e of %.1e\n", what.c_str(), worst, scale);
    }
}

static size_t length(Maps m) { return m.images * (m.lanes > 1 ? m.lanes : m.channels) * plane_pitch(m); }
static Maps maps(int n, int c, int h, int w, int p) { return {n, c, h, w, p, c <= 3 ? 1 : (c + 3) / 4 * 4}; }
static Maps plain(int n, int c, int h, int w, int p) { return {n, c, h, w, p, 1}; }

// Interior as (N,C,H,W), and maps of it: NaN where nothing may be read.
static Doubles interior(const Floats& x, Maps m) {
    Doubles v;
    for (int n = 0; n < m.images; n++) for (int c = 0; c < m.channels; c++) for (int i = 0; i < m.height; i++) for (int j = 0; j < m.width; j++)
        v.push_back(x[at(m, n, c, i, j)]);
    return v;
}

static Floats filled(Maps m, bool border) {
    Floats x(length(m), NAN);
    for (int n = 0; n < m.images; n++) for (int i = -m.padding; i < m.height + m.padding; i++) for (int j = -m.padding; j < m.width + m.padding; j++)
        for (int c = 0; c < std::max(m.channels, m.lanes); c++) {
            bool inside = i >= 0 && i < m.height && j >= 0 && j < m.width;
            if (c >= m.channels) x[at(m, n, c, i, j)] = 0;
            else if (inside) x[at(m, n, c, i, j)] = (float) random_value();
        }
    for (int n = 0; border && n < m.images; n++) for (int c = 0; c < m.channels; c++)
        for (int i = -m.padding; i < m.height + m.padding; i++) for (int j = -m.padding; j < m.width + m.padding; j++)
            x[at(m, n, c, i, j)] = x[at(m, n, c, reflect(i, m.height), reflect(j, m.width))];
    return x;
}

// Lanes beyond the channels hold zeros, the border reflects.
static void expect_maps(const std::string& what, const Floats& got, Maps m, const Doubles& want, double tolerance, bool border = true) {
    expect(what, interior(got, m), want, tolerance);
    bool right = true;
    int p = border ? m.padding : 0;
    for (int n = 0; n < m.images; n++) for (int i = -p; i < m.height + p; i++) for (int j = -p; j < m.width + p; j++) {
        for (int c = 0; c < m.channels; c++) right &= got[at(m, n, c, i, j)] == got[at(m, n, c, reflect(i, m.height), reflect(j, m.width))];
        for (int c = m.channels; m.lanes > 1 && c < m.lanes; c++) right &= got[at(m, n, c, i, j)] == 0;
    }
    if (!right) {
        failures++;
        std::printf("WRONG border or lanes of %s\n", what.c_str());
    }
}

static void check_convolution(int images, int channels, int outputs, int k, int stride, int h, int w, int p, const std::string& kind, int parts, bool alwaysPlain = false) {
    Maps in = maps(images, channels, h, w, p), out = maps(images, outputs, (h + 2 * p - k) / stride + 1, (w + 2 * p - k) / stride + 1, 0);
    if (alwaysPlain) in.lanes = out.lanes = 1;
    Convolution s{images, channels, outputs, k, stride, h + 2 * p, w + 2 * p, in.lanes, out.height, out.width, out.lanes};
    Floats x = filled(in, true), dy = filled(out, true), weights = noise<float>(outputs * k * k * channels), dW = noise<float>(weights.size());
    Doubles y(images * outputs * out.height * out.width), dx(images * channels * h * w), dW2(dW.begin(), dW.end());
    size_t t = 0;
    for (int n = 0; n < images; n++) for (int o = 0; o < outputs; o++) for (int i = 0; i < out.height; i++) for (int j = 0; j < out.width; j++, t++)
        for (int a = 0; a < k; a++) for (int b = 0; b < k; b++) for (int c = 0; c < channels; c++) {
            int row = i * stride + a - p, column = j * stride + b - p;
            size_t at_w = ((o * k + a) * k + b) * channels + c;
            double d = dy[at(out, n, o, i, j)];
            y[t] += (double) x[at(in, n, c, row, column)] * weights[at_w];
            dW2[at_w] += d * x[at(in, n, c, row, column)];
            dx[((n * channels + c) * h + reflect(row, h)) * w + reflect(column, w)] += d * weights[at_w];
        }
    bool narrow = kind == "narrow";
    int size = kind[0] == '1' ? 128 : 64, tm = narrow ? 128 : size, tn = narrow ? 16 : size, length_w = k * k * channels;
    double tolerance = kind.find("tf32") == std::string::npos ? 2e-6 : 2e-3;
    std::string what = kind + " " + std::to_string(channels) + "->" + std::to_string(outputs) + " k" + std::to_string(k) + " s" + std::to_string(stride) + " parts " + std::to_string(parts);
    int columns = out.lanes > 1 ? out.lanes : outputs;
    Floats got(length(out), NAN), scratch(length(out) * parts, NAN);
    unsigned pixels = images * out.height * out.width;
    launch("convolve_" + kind, {cdiv(pixels, tm), cdiv(columns, tn), (unsigned) parts}, BLOCK, (const float*) x.data(), (const float*) weights.data(), s, parts, parts > 1 ? scratch.data() : got.data());
    if (parts > 1) launch("sum_parts", vec(length(out) / 4 + 1), BLOCK, (const float*) scratch.data(), parts, (i64) length(out), 0, got.data());
    expect_maps("convolve_" + what, got, out, y, tolerance);

    columns = in.lanes > 1 ? in.lanes : channels;
    Floats gotX(length(in), NAN);
    scratch.assign(length(in) * parts, NAN);
    pixels = images * cdiv(s.inHeight, stride) * cdiv(s.inWidth, stride);
    launch("convolve_input_" + kind, {cdiv(pixels, tm), cdiv(columns, tn), (unsigned) (stride * stride * parts)}, BLOCK, (const float*) dy.data(), (const float*) weights.data(), s, parts, parts > 1 ? scratch.data() : gotX.data());
    if (parts > 1) launch("sum_parts", vec(length(in) / 4 + 1), BLOCK, (const float*) scratch.data(), parts, (i64) length(in), 0, gotX.data());
    launch("fold", rows(with_padding(in, 0)), BLOCK, (const float*) gotX.data(), in, gotX.data(), in);
    expect_maps("convolve_input_" + what, gotX, in, dx, tolerance, false);

    if (narrow) std::swap(tm, tn);
    scratch.assign(dW.size() * parts, NAN);
    launch("convolve_weights_" + kind, {cdiv(length_w, tn), cdiv(outputs, tm), (unsigned) parts}, BLOCK, (const float*) x.data(), (const float*) dy.data(), s, parts, parts > 1 ? scratch.data() : dW.data());
    if (parts > 1) launch("sum_parts", vec(dW.size() / 4 + 1), BLOCK, (const float*) scratch.data(), parts, (i64) dW.size(), 1, dW.data());
    expect("convolve_weights_" + what, dW, dW2, tolerance);
}

static void check_convolutions() {
    for (std::string kind : {"64", "narrow", "64_tf32"}) for (int parts : {1, 3}) {
        check_convolution(2, 3, 20, 7, 1, 9, 8, 3, kind, parts);
        check_convolution(1, 20, 3, 7, 1, 9, 8, 3, kind, parts);
        check_convolution(1, 4, 70, 3, 2, 13, 12, 1, kind, parts);
        check_convolution(2, 5, 7, 4, 2, 10, 11, 1, kind, parts);
        check_convolution(1, 36, 1, 4, 1, 6, 7, 1, kind, parts);
        check_convolution(1, 6, 9, 1, 1, 5, 6, 0, kind, parts);
        check_convolution(1, 8, 12, 1, 2, 5, 6, 0, kind, parts); // pixels that no window meets
        check_convolution(1, 6, 9, 3, 1, 5, 6, 1, kind, parts, true);
    }
    for (std::string kind : {"128", "128_tf32"}) for (int parts : {1, 2}) {
        check_convolution(2, 36, 132, 3, 1, 9, 8, 1, kind, parts);
        check_convolution(1, 140, 8, 4, 2, 10, 11, 1, kind, parts);
    }
}

static float activated(int a, double v) { return (float) (a == 1 ? std::max(0., v) : a == 2 ? (v > 0 ? v : 0.2 * v) : a == 3 ? std::tanh(v) : v); }
static double slope_of(int a, double out) { return a == 1 ? out > 0 : a == 2 ? (out > 0 ? 1 : 0.2) : a == 3 ? 1 - out * out : 1; }

// The three normalisations forward, and backward against differences of a loss <dOut, out>.
static void check_normalization(int kind, int images, int channels, int h, int w, int activation) {
    Maps m = maps(images, channels, h, w, 0), o = with_padding(m, 2), r = with_padding(m, 1);
    int P = images * channels, pixels = h * w, parts = 3;
    Floats y = filled(m, false), residual = filled(r, false), dOut = filled(r, false), rho = noise<float>(channels), bias = noise<float>(channels);
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
    const double* pp = partial.data();
    launch("moments", planes(m, parts), BLOCK2, yp, m, parts, partial.data());
    if (kind == 0) launch("instance_norm", vec(P), BLOCK, yp, m, parts, pp, 1e-5, saved.data(), scale.data(), shift.data());
    if (kind == 1) launch("layer_instance_norm", {(unsigned) images, 1, 1}, BLOCK, yp, m, parts, pp, 1e-5, (const float*) rho.data(), (const double*) gamma.data(), (const double*) beta.data(), saved.data(), scale.data(), shift.data());
    if (kind == 2) launch("constant_scaling", vec(P), BLOCK, (const double*) sigma.data(), (const float*) bias.data(), images, channels, scale.data(), shift.data());
    launch("normalize", rows(o), BLOCK, yp, m, (const float*) scale.data(), (const float*) shift.data(), (const float*) residual.data(), 1, activation, out.data(), 2);
    expect_maps("normalize " + what, out, o, want, 3e-6);

    Doubles dGamma = noise<double>(P), dBeta = noise<double>(P), wantGamma = dGamma, wantBeta = dBeta, factor(1);
    Floats dRho = noise<float>(channels), dBias = noise<float>(channels);
    Doubles wantRho(dRho.begin(), dRho.end()), wantBias(dBias.begin(), dBias.end());
    launch("backward_sums", planes(m, parts), BLOCK2, (const float*) dOut.data(), 1, (const float*) out.data(), 2, activation, yp, m, parts, partial.data());
    if (kind == 0) launch("instance_norm_backward", vec(P), BLOCK, parts, pp, m, (const double*) saved.data(), ofY.data(), constant.data());
    if (kind == 1) launch("layer_instance_norm_backward", ONE, BLOCK, parts, pp, m, (const double*) saved.data(), (const float*) rho.data(), (const double*) gamma.data(), dGamma.data(), dBeta.data(), dRho.data(), ofY.data(), constant.data());
    if (kind == 2) launch("constant_scaling_backward", ONE, BLOCK, parts, pp, images, channels, (const double*) sigma.data(), dBias.data(), factor.data());
    launch("normalize_backward", rows(m), BLOCK, (const float*) dOut.data(), 1, (const float*) out.data(), 2, activation, yp, m, (const float*) scale.data(),
            kind == 2 ? (const float*) nullptr : (const float*) ofY.data(), kind == 2 ? (const float*) nullptr : (const float*) constant.data(), dy.data(), 0);

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

static void check_maps(int n, int c, int h, int w) {
    Maps a = maps(n, c, h, w, 1), b = plain(n, c, h, w, 2);
    Floats x = filled(a, false), y = filled(b, true), out(length(b), NAN), back(length(a), NAN);
    Doubles X = interior(x, a), Y = interior(y, b);
    std::string what = " of " + std::to_string(c);
    launch("copy_maps", rows(b), BLOCK, (const float*) x.data(), a, out.data(), b);
    expect_maps("copy to plain" + what, out, b, X, 0);
    launch("copy_maps", rows(a), BLOCK, (const float*) out.data(), b, back.data(), a);
    expect_maps("copy from plain" + what, back, a, X, 0);
    launch("add_maps", rows(with_padding(a, 0)), BLOCK, (const float*) y.data(), b, back.data(), a);
    for (size_t k = 0; k < X.size(); k++) Y[k] += X[k];
    expect_maps("add_maps" + what, back, a, Y, 1e-6, false);

    Maps big = maps(n, c, 2 * h, 2 * w, 3), small = with_padding(a, 0);
    Floats up(length(big), NAN), dOut = filled(big, false), dx(length(small), NAN);
    Doubles want, D = interior(dOut, big), dWant(X.size());
    for (int p = 0; p < n * c; p++) for (int i = 0; i < 2 * h; i++) for (int j = 0; j < 2 * w; j++) {
        int from = (p * h + i / 2) * w + j / 2;
        dWant[from] += D[want.size()];
        want.push_back(X[from]);
    }
    launch("upsample", rows(big), BLOCK, (const float*) x.data(), a, up.data(), 3);
    expect_maps("upsample" + what, up, big, want, 0);
    launch("upsample_backward", rows(small), BLOCK, (const float*) dOut.data(), 3, small, dx.data());
    expect_maps("upsample_backward" + what, dx, small, dWant, 1e-6, false);

    int P = n * c, parts = 2;
    Doubles partial(parts * P * 3, NAN), average(P), maximum(P), index(P), wantA(P), wantM(P), wantI(P), dMean = noise<double>(P), dMax = noise<double>(P);
    for (float& v : x) v = std::round(v * 3); // many equal maxima
    X = interior(x, a);
    Floats sums(n * h * w, NAN);
    Doubles wantSums(n * h * w), dX = X;
    for (int p = 0; p < P; p++) {
        for (int k = 0; k < h * w; k++) {
            wantA[p] += X[p * h * w + k] / (h * w);
            wantSums[p / c * h * w + k] += X[p * h * w + k];
            if (X[p * h * w + k] > X[p * h * w + (int) wantI[p]]) wantI[p] = k;
        }
        wantM[p] = X[p * h * w + (int) wantI[p]];
        for (int k = 0; k < h * w; k++) dX[p * h * w + k] += dMean[p] / (h * w) + (k == wantI[p] ? dMax[p] : 0);
    }
    launch("pool", planes(a, parts), BLOCK2, (const float*) x.data(), a, parts, partial.data());
    launch("pooled", vec(P), BLOCK, parts, (const double*) partial.data(), a, average.data(), maximum.data(), index.data());
    expect("average" + what, average, wantA, 1e-12);
    expect("maximum" + what, maximum, wantM, 0);
    expect("index" + what, index, wantI, 0);
    launch("sum_over_channels", vec(n * h * w), BLOCK, (const float*) x.data(), a, sums.data());
    expect("sum_over_channels" + what, sums, wantSums, 1e-6);
    launch("pool_backward", rows(with_padding(a, 0)), BLOCK, (const double*) dMean.data(), (const double*) dMax.data(), (const double*) index.data(), a, x.data());
    expect_maps("pool_backward" + what, x, a, dX, 1e-6, false);
}

static void check_matrices() {
    for (int R : {1, 70}) {
        int C = 333, parts = std::max(1, std::min(R / 16, 32)), B = 2;
        Floats w = noise<float>(R * C), u = noise<float>(R), v(C, NAN), matrix = w;
        Doubles partial(parts * C), raw(C), squares(B), product(R), sigma(1), wantV(C), wantU(R), wantSigma(1), other(1);
        double length = 0, size = 0;
        for (int c = 0; c < C; c++) {
            for (int r = 0; r < R; r++) wantV[c] += (double) w[r * C + c] * u[r];
            length += wantV[c] * wantV[c];
        }
        for (double& x : wantV) x /= std::sqrt(length);
        for (int r = 0; r < R; r++) {
            for (int c = 0; c < C; c++) wantU[r] += w[r * C + c] * wantV[c];
            size += wantU[r] * wantU[r];
        }
        for (double& x : wantU) x /= std::sqrt(size);
        wantSigma[0] = std::sqrt(size);
        launch("power_columns", {cdiv(C, 64), (unsigned) parts, 1}, {64, 4, 1}, (const float*) w.data(), (const float*) u.data(), R, C, parts, partial.data());
        launch("power_lengths", {(unsigned) B, 1, 1}, BLOCK, (const double*) partial.data(), parts, C, raw.data(), squares.data());
        launch("power_rows", {(unsigned) R, 1, 1}, BLOCK, (const float*) w.data(), (const double*) raw.data(), (const double*) squares.data(), B, R, C, v.data(), product.data());
        launch("power_finish", ONE, BLOCK, (const double*) product.data(), R, u.data(), sigma.data());
        expect("v", v, wantV, 1e-6);
        expect("u", u, wantU, 1e-6);
        expect("sigma", sigma, wantSigma, 1e-10);
        launch("singular_rows", {(unsigned) R, 1, 1}, BLOCK, (const float*) w.data(), (const float*) v.data(), R, C, product.data());
        launch("singular_finish", ONE, BLOCK, (const float*) u.data(), (const double*) product.data(), R, other.data());
        expect("singular value", other, wantSigma, 1e-6);
        Doubles wantMatrix(w.begin(), w.end());
        for (int r = 0; r < R; r++) for (int c = 0; c < C; c++) wantMatrix[r * C + c] += sigma[0] * u[r] * v[c];
        launch("add_outer", vec(R * C), BLOCK, matrix.data(), (const double*) sigma.data(), (const float*) u.data(), (const float*) v.data(), R, C);
        expect("add_outer", matrix, wantMatrix, 1e-6);
    }
    for (int relu : {0, 1}) for (int N : {1, 6}) {
        int I = 301, O = 37, parts = 3;
        Floats x = noise<float>(N * I), w = noise<float>(O * I), y(N * O, NAN), dy = noise<float>(N * O), dW = noise<float>(O * I), dx = noise<float>(N * I);
        Doubles partial(parts * N * O), wantY(N * O), wantW(dW.begin(), dW.end()), wantX(dx.begin(), dx.end());
        launch("linear", {(unsigned) O, (unsigned) parts, cdiv(N, 4)}, BLOCK, (const float*) x.data(), (const float*) w.data(), N, I, O, parts, partial.data());
        launch("linear_finish", vec(N * O), BLOCK, (const double*) partial.data(), parts, N, O, relu, y.data());
        for (int n = 0; n < N; n++) for (int o = 0; o < O; o++) {
            for (int i = 0; i < I; i++) wantY[n * O + o] += (double) x[n * I + i] * w[o * I + i];
            if (relu) wantY[n * O + o] = std::max(0., wantY[n * O + o]);
            double g = relu && !(y[n * O + o] > 0) ? 0 : dy[n * O + o];
            for (int i = 0; i < I; i++) wantW[o * I + i] += g * x[n * I + i], wantX[n * I + i] += g * w[o * I + i];
        }
        expect("linear", y, wantY, 1e-6);
        launch("linear_backward_weights", {cdiv(I, 256), (unsigned) O, 1}, BLOCK, (const float*) x.data(), (const float*) y.data(), (const float*) dy.data(), relu, N, I, O, dW.data());
        launch("linear_backward_input", {cdiv(I, 32), cdiv(N, 4), 1}, BLOCK2, (const float*) w.data(), (const float*) y.data(), (const float*) dy.data(), relu, N, I, O, 1, dx.data());
        expect("linear dW", dW, wantW, 1e-6);
        expect("linear dx", dx, wantX, 1e-6);
    }
    int C = 45, N = 3;
    Floats w = noise<float>(2 * C * C), a = noise<float>(C), m = noise<float>(C), folded(C * C), dF = noise<float>(C * C), dW(2 * C * C), dA(C), dM(C);
    Doubles wantF(C * C), wantW(2 * C * C), wantA(C), wantM(C);
    for (int o = 0; o < C; o++) for (int i = 0; i < C; i++) {
        int p = o * 2 * C + i, q = p + C;
        double d = dF[o * C + i];
        wantF[o * C + i] = w[p] * a[i] + w[q] * m[i];
        wantW[p] = d * a[i], wantW[q] = d * m[i];
        wantA[i] += d * w[p], wantM[i] += d * w[q];
    }
    launch("fold_attention", vec(C * C), BLOCK, (const float*) w.data(), (const float*) a.data(), (const float*) m.data(), C, folded.data());
    launch("fold_attention_backward", {cdiv(C, 32), 1, 1}, BLOCK2, (const float*) dF.data(), (const float*) w.data(), (const float*) a.data(), (const float*) m.data(), C, dW.data(), dA.data(), dM.data());
    expect("fold_attention", folded, wantF, 1e-6), expect("fold dW", dW, wantW, 1e-6), expect("fold dA", dA, wantA, 1e-6), expect("fold dM", dM, wantM, 1e-6);

    Doubles pooled = noise<double>(N * C), logits(2 * N, 0), dLogits = noise<double>(2 * N), sigma = {1.3}, dPooled(N * C), wantL(2 * N), wantP(N * C), wantV(C);
    Floats u = {1}, v = noise<float>(C), dV(C);
    double through = 0;
    for (int n = 0; n < N; n++) for (int c = 0; c < C; c++) wantL[2 * n + 1] += a[c] * pooled[n * C + c] / sigma[0];
    for (int n = 0; n < N; n++) {
        through += dLogits[2 * n + 1] * wantL[2 * n + 1] * sigma[0];
        for (int c = 0; c < C; c++) wantP[n * C + c] = dLogits[2 * n + 1] / sigma[0] * a[c], wantV[c] += dLogits[2 * n + 1] / sigma[0] * pooled[n * C + c];
    }
    for (int c = 0; c < C; c++) wantV[c] -= through / (sigma[0] * sigma[0]) * u[0] * v[c];
    launch("classify", {(unsigned) N, 1, 1}, BLOCK, (const double*) pooled.data(), (const float*) a.data(), (const double*) sigma.data(), N, C, 1, logits.data());
    launch("classify_backward", vec(C), BLOCK, (const double*) pooled.data(), (const double*) logits.data(), (const double*) dLogits.data(), 1, (const float*) a.data(), N, C, dV.data(), (const float*) u.data(), (const float*) v.data(), (const double*) sigma.data(), dPooled.data());
    expect("classify", logits, wantL, 1e-10), expect("dPooled", dPooled, wantP, 1e-10), expect("classify dW", dV, wantV, 1e-6);

    Floats gamma = noise<float>(C), beta = noise<float>(C), toGamma = gamma, toBeta = beta, dG(N * C), dB(N * C);
    Doubles values(4 * N * C, NAN), wantMod(4 * N * C), sumG(C), sumB(C);
    launch("modulation", vec(N * C), BLOCK, (const float*) gamma.data(), (const float*) beta.data(), C, N, values.data());
    for (int k = 0; k < N * C; k++) wantMod[k] = gamma[k % C], wantMod[N * C + k] = beta[k % C];
    expect("modulation", values, wantMod, 0);
    for (int k = 0; k < 2 * N * C; k++) values[2 * N * C + k] = random_value();
    for (int c = 0; c < C; c++) for (int n = 0; n < N; n++) sumG[c] += values[2 * N * C + n * C + c], sumB[c] += values[3 * N * C + n * C + c];
    for (int c = 0; c < C; c++) sumG[c] += gamma[c], sumB[c] += beta[c];
    launch("add_modulation", vec(C), BLOCK, (const double*) values.data(), N, C, toGamma.data(), toBeta.data());
    launch("modulation_gradients", vec(N * C), BLOCK, (const double*) values.data(), N, C, dG.data(), dB.data());
    expect("add_modulation gamma", toGamma, sumG, 1e-6), expect("add_modulation beta", toBeta, sumB, 1e-6);
    expect("dGamma", dG, Doubles(values.begin() + 2 * N * C, values.begin() + 3 * N * C), 1e-6);
    expect("dBeta", dB, Doubles(values.begin() + 3 * N * C, values.end()), 1e-6);
}

static void check_vectors() {
    int n = 1003, G = 3;
    Floats x = noise<float>(n), y = noise<float>(n), out(n), dx(n);
    Doubles shares(G), term(1), X(x.begin(), x.end()), Y(y.begin(), y.end()), logits = noise<double>(n), d(n);
    double square = 0, absolute = 0, entropy = 0, between = 0;
    Doubles dSquare(n), dAbsolute(n), dEntropy(n), dBetween(n);
    for (double& v : logits) v *= 20;
    for (int k = 0; k < n; k++) {
        square += 2. / n * (X[k] - 1) * (X[k] - 1), dSquare[k] = 4. / n * (X[k] - 1);
        absolute += 3. / n * std::fabs(X[k] - Y[k]), dAbsolute[k] = 3. / n * (X[k] > Y[k] ? 1 : -1);
        double p = 1 / (1 + std::exp(-logits[k]));
        entropy -= 2. / n * std::log(1 - p), dEntropy[k] = 2. / n * p;
        if (k >= 5 && k < 900) between += 2. / 895 * logits[k] * logits[k], dBetween[k] = 4. / 895 * logits[k];
    }
    auto sum = [&] { launch("sum_values", ONE, BLOCK, (const double*) shares.data(), 1, G, term.data()); };
    dim3 grid{(unsigned) G, 1, 1};
    launch("mean_square", grid, BLOCK, (const float*) x.data(), (i64) n, 1., 2., dx.data(), shares.data()), sum();
    expect("mean_square", term, Doubles{square}, 1e-10), expect("mean_square dx", dx, dSquare, 1e-8);
    launch("mean_absolute", grid, BLOCK, (const float*) x.data(), (const float*) y.data(), (i64) n, 3., dx.data(), shares.data()), sum();
    expect("mean_absolute", term, Doubles{absolute}, 1e-10), expect("mean_absolute dx", dx, dAbsolute, 1e-8);
    launch("binary_cross_entropy", grid, BLOCK, (const double*) logits.data(), n, 0., 2., d.data(), shares.data()), sum();
    expect("binary_cross_entropy", term, Doubles{entropy}, 1e-8), expect("binary_cross_entropy dx", d, dEntropy, 1e-10);
    d.assign(n, 0);
    launch("mean_square_values", grid, BLOCK, (const double*) logits.data(), 5, 900, 0., 2., d.data(), shares.data()), sum();
    expect("mean_square_values", term, Doubles{between}, 1e-10), expect("mean_square_values dx", d, dBetween, 1e-10);

    Doubles rates = {0.01, 0.3, 0.1, 0.5, 0.9, 1e-8}, W = X;
    Floats w = x, first = noise<float>(n), second(n, 0.25f);
    for (int k = 0; k < n; k++) {
        double g = Y[k] + 0.1 * X[k];
        W[k] -= 0.01 * (0.5 * first[k] + 0.5 * g) / (std::sqrt(0.9 * 0.25 + 0.1 * g * g) / 0.3 + 1e-8);
    }
    launch("adam", vec(n), BLOCK, w.data(), (const float*) y.data(), first.data(), second.data(), (i64) n, (const double*) rates.data());
    expect("adam", w, W, 1e-6);
    launch("swap_inner", vec(n), BLOCK, (const float*) x.data(), (i64) 17, 59, 1, out.data());
    expect("swap_inner by one", out, x, 0);
    Floats swapped(1000), back(1000), wantSwapped(1000);
    for (int o = 0; o < 10; o++) for (int a = 0; a < 4; a++) for (int b = 0; b < 25; b++) wantSwapped[(o * 25 + b) * 4 + a] = x[(o * 4 + a) * 25 + b];
    launch("swap_inner", vec(n), BLOCK, (const float*) x.data(), (i64) 10, 4, 25, swapped.data());
    launch("swap_inner", vec(n), BLOCK, (const float*) swapped.data(), (i64) 10, 25, 4, back.data());
    expect("swap_inner", swapped, wantSwapped, 0), expect("swap_inner back", back, Floats(x.begin(), x.begin() + 1000), 0);
    launch("fill", vec(n), BLOCK, out.data(), (i64) n, 0.25f), expect("fill", out, Floats(n, 0.25f), 0);
    launch("add", vec(n), BLOCK, (const float*) x.data(), (i64) n, out.data());
    launch("clip", vec(n), BLOCK, out.data(), (i64) n, 0.f, 1.f);
    Floats want(n);
    for (int k = 0; k < n; k++) want[k] = std::min(1.f, std::max(0.f, x[k] + 0.25f));
    expect("add and clip", out, want, 0);
    launch("copy", vec(n), BLOCK, (const float*) x.data(), (i64) n, out.data()), expect("copy", out, x, 0);
    Doubles values(2 * n);
    launch("values_of", vec(2 * n), BLOCK, (const float*) x.data(), (i64) n, 2, values.data());
    launch("floats_of", vec(n), BLOCK, (const double*) values.data() + n, (i64) n, out.data()), expect("values and floats", out, x, 0);
}

static void measure(const char* kind, int size) {
    int c = size, k = 3, h = 32;
    Convolution s{1, c, c, k, 1, h + 2, h + 2, c, h, h, c};
    Floats x = noise<float>((h + 2) * (h + 2) * c), w = noise<float>(c * c * 9), y = noise<float>(h * h * c);
    auto time = [&](const std::string& name, dim3 grid, float* a, float* b, float* to) {
        auto began = std::chrono::steady_clock::now();
        launch(name + kind, grid, BLOCK, (const float*) a, (const float*) b, s, 1, to);
        double t = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        std::printf("%s%s: %.0f MFLOP/s emulated\n", name.c_str(), kind, 2. * h * h * c * c * 9 / t / 1e6);
    };
    int tile = kind[0] == '1' ? 128 : 64, tm = kind[0] == 'n' ? 128 : tile, tn = kind[0] == 'n' ? 16 : tile;
    time("convolve_", {cdiv(h * h, tm), cdiv(c, tn), 1}, x.data(), w.data(), y.data());
    time("convolve_input_", {cdiv((h + 2) * (h + 2), tm), cdiv(c, tn), 1}, y.data(), w.data(), x.data());
    time("convolve_weights_", {cdiv(9 * c, tm == 128 ? 128 : tn), cdiv(c, tn), 1}, x.data(), y.data(), w.data());
}

int main(int count, char**) {
    check_convolutions();
    for (int activation = 0; activation < 4; activation++) for (int kind = 0; kind < 3; kind++) {
        check_normalization(kind, 2, 6, 5, 4, activation);
        check_normalization(kind, 2, 3, 4, 5, activation);
        if (activation == 1) check_normalization(kind, 1, 37, 4, 3, activation);
    }
    check_maps(2, 6, 4, 5), check_maps(1, 3, 5, 7), check_maps(2, 40, 5, 4);
    check_matrices();
    check_vectors();
    if (count > 1) for (const char* kind : {"64", "128", "64_tf32", "128_tf32"}) measure(kind, 128);
    if (count > 1) measure("narrow", 16);
    std::printf(failures ? "%d are wrong\n" : "all right\n", failures);
    return failures > 0;
}
