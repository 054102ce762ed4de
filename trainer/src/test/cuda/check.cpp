// Each kernel against plain loops in double precision, on small odd shapes: g++ -std=c++17 -O2 -march=native -o check check.cpp &&
// ./check
// With "few" fewer shapes, as for sanitizers; with "speed" the emulated speed of convolutions too.
#include "check_convolution.h"
#include "check_normalization.h"

static void check_maps(int n, int c, int h, int w) {
    Maps a = maps(n, c, h, w, 1), b = plain(n, c, h, w, 2);
    Floats x = filled(a, false), y = filled(b, true), out(length(b), NAN), back(length(a), NAN);
    Doubles X = interior(x, a), Y = interior(y, b);
    std::string what = " of " + std::to_string(c);
    launch("copy_maps", rows(b), BLOCK, of(x), a, out.data(), b);
    expect_maps("copy to plain" + what, out, b, X, 0);
    launch("copy_maps", rows(a), BLOCK, of(out), b, back.data(), a);
    expect_maps("copy from plain" + what, back, a, X, 0);
    launch("add_maps", rows(with_padding(a, 0)), BLOCK, of(y), b, back.data(), a);
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
    launch("upsample", rows(big), BLOCK, of(x), a, up.data(), 3);
    expect_maps("upsample" + what, up, big, want, 0);
    launch("upsample_backward", rows(small), BLOCK, of(dOut), 3, small, dx.data());
    expect_maps("upsample_backward" + what, dx, small, dWant, 1e-6, false);

    int P = n * c, parts = 2;
    Doubles partial(parts * P * 3, NAN), average(P), maximum(P), index(P), wantA(P), wantM(P), wantI(P), dMean = noise<double>(P),
            dMax = noise<double>(P);
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
    launch("pool", planes(a, parts), BLOCK2, of(x), a, parts, partial.data());
    launch("pooled", vec(P), BLOCK, parts, of(partial), a, average.data(), maximum.data(), index.data());
    expect("average" + what, average, wantA, 1e-12);
    expect("maximum" + what, maximum, wantM, 0);
    expect("index" + what, index, wantI, 0);
    Doubles picked(P);
    launch("pick", vec(P), BLOCK, of(x), of(index), a, picked.data());
    expect("pick" + what, picked, wantM, 0);
    launch("sum_over_channels", vec(n * h * w), BLOCK, of(x), a, sums.data());
    expect("sum_over_channels" + what, sums, wantSums, 1e-6);
    launch("pool_backward", rows(with_padding(a, 0)), BLOCK, of(dMean), of(dMax), of(index), a, x.data());
    expect_maps("pool_backward" + what, x, a, dX, 1e-6, false);
}

static void check_matrices() {
    for (int R : {1, 70}) {
        int C = 333, parts = std::max(1, std::min(R / 16, 32)), B = cdiv(C, 64);
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
        std::vector<unsigned> tickets(B + 1);
        launch("power_left", {(unsigned) B, (unsigned) parts, 1}, {64, 4, 1}, of(w), of(u), R, C, parts, partial.data(), raw.data(),
                squares.data(), tickets.data());
        launch("power_right", {(unsigned) R, 1, 1}, BLOCK, of(w), of(raw), of(squares), B, R, C, v.data(), product.data(), u.data(),
                sigma.data(), tickets.data() + B);
        expect("tickets", tickets, Floats(B + 1, 0), 0);
        expect("v", v, wantV, 1e-6);
        expect("u", u, wantU, 1e-6);
        expect("sigma", sigma, wantSigma, 1e-10);
        launch("singular_rows", {(unsigned) R, 1, 1}, BLOCK, of(w), of(v), R, C, product.data());
        launch("singular_finish", ONE, BLOCK, of(u), of(product), R, other.data());
        expect("singular value", other, wantSigma, 1e-6);
        Doubles wantMatrix(w.begin(), w.end());
        for (int r = 0; r < R; r++) for (int c = 0; c < C; c++) wantMatrix[r * C + c] += sigma[0] * u[r] * v[c];
        launch("add_outer", vec(R * C), BLOCK, matrix.data(), of(sigma), of(u), of(v), R, C);
        expect("add_outer", matrix, wantMatrix, 1e-6);
    }
    for (int relu : {0, 1}) for (int N : {1, 6}) {
        int I = 301, O = 37, parts = 3;
        Floats x = noise<float>(N * I), w = noise<float>(O * I), y(N * O, NAN), dy = noise<float>(N * O), dW = noise<float>(O * I),
                dx = noise<float>(N * I);
        Doubles partial(parts * N * O), wantY(N * O), wantW(dW.begin(), dW.end()), wantX(dx.begin(), dx.end());
        launch("linear", {(unsigned) O, (unsigned) parts, cdiv(N, 4)}, BLOCK, of(x), of(w), N, I, O, parts, partial.data());
        launch("linear_finish", vec(N * O), BLOCK, of(partial), parts, N, O, relu, y.data());
        for (int n = 0; n < N; n++) for (int o = 0; o < O; o++) {
            for (int i = 0; i < I; i++) wantY[n * O + o] += (double) x[n * I + i] * w[o * I + i];
            if (relu) wantY[n * O + o] = std::max(0., wantY[n * O + o]);
            double g = relu && !(y[n * O + o] > 0) ? 0 : dy[n * O + o];
            for (int i = 0; i < I; i++) wantW[o * I + i] += g * x[n * I + i], wantX[n * I + i] += g * w[o * I + i];
        }
        expect("linear", y, wantY, 1e-6);
        launch("linear_backward_weights", {cdiv(I, 256), (unsigned) O, 1}, BLOCK, of(x), of(y), of(dy), relu, N, I, O, dW.data());
        launch("linear_backward_input", {cdiv(I, 32), cdiv(N, 4), 1}, BLOCK2, of(w), of(y), of(dy), relu, N, I, O, 1, dx.data());
        expect("linear dW", dW, wantW, 1e-6);
        expect("linear dx", dx, wantX, 1e-6);
    }
    int C = 45, N = 3;
    Floats w = noise<float>(2 * C * C), a = noise<float>(C), m = noise<float>(C), folded(C * C), dF = noise<float>(C * C),
            dW(2 * C * C), dA(C), dM(C);
    Doubles wantF(C * C), wantW(2 * C * C), wantA(C), wantM(C);
    for (int o = 0; o < C; o++) for (int i = 0; i < C; i++) {
        int p = o * 2 * C + i, q = p + C;
        double d = dF[o * C + i];
        wantF[o * C + i] = w[p] * a[i] + w[q] * m[i];
        wantW[p] = d * a[i], wantW[q] = d * m[i];
        wantA[i] += d * w[p], wantM[i] += d * w[q];
    }
    launch("fold_attention", vec(C * C), BLOCK, of(w), of(a), of(m), C, folded.data());
    launch("fold_attention_backward", {cdiv(C, 32), 1, 1}, BLOCK2, of(dF), of(w), of(a), of(m), C, dW.data(), dA.data(), dM.data());
    expect("fold_attention", folded, wantF, 1e-6), expect("fold dW", dW, wantW, 1e-6), expect("fold dA", dA, wantA, 1e-6),
            expect("fold dM", dM, wantM, 1e-6);

    Doubles pooled = noise<double>(N * C), logits(2 * N, 0), dLogits = noise<double>(2 * N), sigma = {1.3}, dPooled(N * C),
            wantL(2 * N), wantP(N * C), wantV(C);
    Floats u = {1}, v = noise<float>(C), dV(C);
    double through = 0;
    for (int n = 0; n < N; n++) for (int c = 0; c < C; c++) wantL[2 * n + 1] += a[c] * pooled[n * C + c] / sigma[0];
    for (int n = 0; n < N; n++) {
        through += dLogits[2 * n + 1] * wantL[2 * n + 1] * sigma[0];
        for (int c = 0; c < C; c++) wantP[n * C + c] = dLogits[2 * n + 1] / sigma[0] * a[c],
                wantV[c] += dLogits[2 * n + 1] / sigma[0] * pooled[n * C + c];
    }
    for (int c = 0; c < C; c++) wantV[c] -= through / (sigma[0] * sigma[0]) * u[0] * v[c];
    launch("classify", {(unsigned) N, 1, 1}, BLOCK, of(pooled), of(a), of(sigma), N, C, 1, logits.data());
    launch("classify_backward", vec(C), BLOCK, of(pooled), of(logits), of(dLogits), 1, of(a), N, C, dV.data(), of(u), of(v), of(sigma),
            dPooled.data());
    expect("classify", logits, wantL, 1e-10), expect("dPooled", dPooled, wantP, 1e-10), expect("classify dW", dV, wantV, 1e-6);

    Floats gamma = noise<float>(C), beta = noise<float>(C), toGamma = gamma, toBeta = beta, dG(N * C), dB(N * C);
    Doubles values(4 * N * C, NAN), wantMod(4 * N * C), sumG(C), sumB(C);
    launch("modulation", vec(N * C), BLOCK, of(gamma), of(beta), C, N, values.data());
    for (int k = 0; k < N * C; k++) wantMod[k] = gamma[k % C], wantMod[N * C + k] = beta[k % C];
    expect("modulation", values, wantMod, 0);
    for (int k = 0; k < 2 * N * C; k++) values[2 * N * C + k] = random_value();
    for (int c = 0; c < C; c++) for (int n = 0; n < N; n++) sumG[c] += values[2 * N * C + n * C + c],
            sumB[c] += values[3 * N * C + n * C + c];
    for (int c = 0; c < C; c++) sumG[c] += gamma[c], sumB[c] += beta[c];
    launch("add_modulation", vec(C), BLOCK, of(values), N, C, toGamma.data(), toBeta.data());
    launch("modulation_gradients", vec(N * C), BLOCK, of(values), N, C, dG.data(), dB.data());
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
    auto sum = [&] { launch("sum_values", ONE, BLOCK, of(shares), 1, G, term.data()); };
    dim3 grid{(unsigned) G, 1, 1};
    launch("mean_square", grid, BLOCK, of(x), (i64) n, 1., 2., dx.data(), shares.data()), sum();
    expect("mean_square", term, Doubles{square}, 1e-10), expect("mean_square dx", dx, dSquare, 1e-8);
    launch("mean_absolute", grid, BLOCK, of(x), of(y), (i64) n, 3., dx.data(), shares.data()), sum();
    expect("mean_absolute", term, Doubles{absolute}, 1e-10), expect("mean_absolute dx", dx, dAbsolute, 1e-8);
    launch("binary_cross_entropy", grid, BLOCK, of(logits), n, 0., 2., d.data(), shares.data()), sum();
    expect("binary_cross_entropy", term, Doubles{entropy}, 1e-8), expect("binary_cross_entropy dx", d, dEntropy, 1e-10);
    d.assign(n, 0);
    launch("mean_square_values", grid, BLOCK, of(logits), 5, 900, 0., 2., d.data(), shares.data()), sum();
    expect("mean_square_values", term, Doubles{between}, 1e-10), expect("mean_square_values dx", d, dBetween, 1e-10);
    double hinge = 0, ramp = 0;
    Doubles dHinge(n), dRamp(n);
    for (int k = 0; k < n; k++) {
        if (X[k] < 1) hinge += 2. / n * (1 - X[k]), dHinge[k] = -2. / n;
        if (k >= 5 && k < 900) ramp -= 2. / 895 * logits[k], dRamp[k] = -2. / 895;
    }
    launch("mean_ramp", grid, BLOCK, of(x), (i64) n, 1., -1., 0., 2., dx.data(), shares.data()), sum();
    expect("mean_ramp", term, Doubles{hinge}, 1e-10), expect("mean_ramp dx", dx, dHinge, 1e-8);
    d.assign(n, 0);
    launch("mean_ramp_values", grid, BLOCK, of(logits), 5, 900, 0., 1., (double) -INFINITY, -2., d.data(), shares.data()), sum();
    expect("mean_ramp_values", term, Doubles{ramp}, 1e-10), expect("mean_ramp_values dx", d, dRamp, 1e-10);

    int images = 2, length = 501;
    Doubles squares(images), wantSquares(images), ofImages(images * G), dLength(images * length);
    double error = 0;
    for (int k = 0; k < images * length; k++) wantSquares[k / length] += X[k] * X[k];
    for (double square : wantSquares) error += 10. / images * std::pow(std::sqrt(square) - 1, 2);
    for (int k = 0; k < images * length; k++) dLength[k] = 20. / images * (1 - 1 / std::sqrt(wantSquares[k / length])) * X[k];
    launch("image_squares", dim3{(unsigned) G, (unsigned) images, 1}, BLOCK, of(x), (i64) length, ofImages.data());
    launch("sum_values", ONE, BLOCK, of(ofImages), images, G, squares.data());
    expect("image_squares", squares, wantSquares, 1e-10);
    launch("length_errors", ONE, BLOCK, of(squares), images, 10., term.data());
    expect("length_errors", term, Doubles{error}, 1e-10);
    Floats dImages(images * length), mixed(images * length), shareOfX = {0.25f, 0.75f};
    launch("length_gradient", vec(n), BLOCK, of(x), of(squares), images, (i64) length, 10., dImages.data());
    expect("length_gradient", dImages, dLength, 1e-6);
    for (int k = 0; k < images * length; k++) dLength[k] = Y[k] + shareOfX[k / length] * (X[k] - Y[k]);
    launch("interpolate", vec(n), BLOCK, of(x), of(y), of(shareOfX), (i64) length, (i64) images * length, mixed.data());
    expect("interpolate", mixed, dLength, 1e-6);

    Doubles rates = {0.01, 0.3, 0.1, 0.5, 0.9, 1e-8}, W = X;
    Floats w = x, first = noise<float>(n), second(n, 0.25f);
    for (int k = 0; k < n; k++) {
        double g = Y[k] + 0.1 * X[k];
        W[k] -= 0.01 * (0.5 * first[k] + 0.5 * g) / (std::sqrt(0.9 * 0.25 + 0.1 * g * g) / 0.3 + 1e-8);
    }
    launch("adam", vec(n), BLOCK, w.data(), of(y), first.data(), second.data(), (i64) n, of(rates));
    expect("adam", w, W, 1e-6);
    launch("swap_inner", vec(n), BLOCK, of(x), (i64) 17, 59, 1, out.data());
    expect("swap_inner by one", out, x, 0);
    Floats swapped(1000), back(1000), wantSwapped(1000);
    for (int o = 0; o < 10; o++) for (int a = 0; a < 4; a++) for (int b = 0; b < 25; b++) wantSwapped[(o * 25 + b) * 4 + a] = x[(o * 4 + a) * 25 + b];
    launch("swap_inner", vec(n), BLOCK, of(x), (i64) 10, 4, 25, swapped.data());
    launch("swap_inner", vec(n), BLOCK, of(swapped), (i64) 10, 25, 4, back.data());
    expect("swap_inner", swapped, wantSwapped, 0), expect("swap_inner back", back, Floats(x.begin(), x.begin() + 1000), 0);
    launch("fill", vec(n), BLOCK, out.data(), (i64) n, 0.25f), expect("fill", out, Floats(n, 0.25f), 0);
    launch("add", vec(n), BLOCK, of(x), (i64) n, out.data());
    launch("clip", vec(n), BLOCK, out.data(), (i64) n, 0.f, 1.f);
    Floats want(n);
    for (int k = 0; k < n; k++) want[k] = std::min(1.f, std::max(0.f, x[k] + 0.25f));
    expect("add and clip", out, want, 0);
    Doubles values(2 * n);
    launch("values_of", vec(2 * n), BLOCK, of(x), (i64) n, 2, values.data());
    launch("floats_of", vec(n), BLOCK, of(values) + n, (i64) n, out.data()), expect("values and floats", out, x, 0);
}

int main(int count, char** arguments) {
    std::string how = count > 1 ? arguments[1] : "";
    bool few = how == "few";
    check_convolutions(few);
    for (int activation = 0; activation < 4; activation += few ? 3 : 1) for (int kind = 0; kind < 3; kind++) {
        check_normalization(kind, 2, 6, 5, 4, activation);
        check_normalization(kind, 2, 3, 4, 5, activation);
        if (activation == 1) check_normalization(kind, 1, 37, 4, 3, activation);
    }
    check_maps(2, 6, 4, 5), check_maps(1, 3, 5, 7), check_maps(2, 40, 5, 4);
    check_matrices();
    check_vectors();
    if (how == "speed") for (const char* kind : {"64", "128", "64_tf32", "128_tf32"}) measure(kind, 128);
    if (how == "speed") measure("narrow", 16);
    std::printf(failures ? "%d are wrong\n" : "all right\n", failures);
    return failures > 0;
}
