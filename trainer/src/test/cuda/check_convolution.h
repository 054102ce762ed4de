// Convolutions and their gradients against plain loops, and how fast they run emulated.
#pragma once
#include "expect.h"
#include <chrono>

static void check_convolution(int images, int channels, int outputs, int k, int stride, int h, int w, int p, const std::string& kind,
        int parts, bool alwaysPlain = false) {
    Maps in = maps(images, channels, h, w, p), out = maps(images, outputs, (h + 2 * p - k) / stride + 1, (w + 2 * p - k) / stride + 1, 0);
    if (alwaysPlain) in.lanes = out.lanes = 1;
    Convolution s{images, channels, outputs, k, stride, h + 2 * p, w + 2 * p, in.lanes, out.height, out.width, out.lanes};
    Floats x = filled(in, true), dy = filled(out, true), weights = noise<float>(outputs * k * k * channels),
            dW = noise<float>(weights.size());
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
    launch("convolve_" + kind, {cdiv(pixels, tm), cdiv(columns, tn), (unsigned) parts}, BLOCK, of(x), of(weights), s, parts,
            parts > 1 ? scratch.data() : got.data());
    if (parts > 1) launch("sum_parts", vec(length(out) / 4 + 1), BLOCK, of(scratch), parts, (i64) length(out), 0, got.data());
    expect_maps("convolve_" + what, got, out, y, tolerance);

    columns = in.lanes > 1 ? in.lanes : channels;
    Floats gotX(length(in), NAN);
    scratch.assign(length(in) * parts, NAN);
    pixels = images * cdiv(s.inHeight, stride) * cdiv(s.inWidth, stride);
    launch("convolve_input_" + kind, {cdiv(pixels, tm), cdiv(columns, tn), (unsigned) (stride * stride * parts)}, BLOCK, of(dy),
            of(weights), s, parts, parts > 1 ? scratch.data() : gotX.data());
    if (parts > 1) launch("sum_parts", vec(length(in) / 4 + 1), BLOCK, of(scratch), parts, (i64) length(in), 0, gotX.data());
    launch("fold", rows(with_padding(in, 0)), BLOCK, of(gotX), in, gotX.data(), in);
    expect_maps("convolve_input_" + what, gotX, in, dx, tolerance, false);
    if (parts > 1) {
        launch("fold_parts", rows(with_padding(in, 0)), BLOCK, of(scratch), in, parts, gotX.data(), in);
        expect_maps("fold_parts " + what, gotX, in, dx, tolerance, false);
    }

    if (narrow) std::swap(tm, tn);
    scratch.assign(dW.size() * parts, NAN);
    launch("convolve_weights_" + kind, {cdiv(length_w, tn), cdiv(outputs, tm), (unsigned) parts}, BLOCK, of(x), of(dy), s, parts,
            parts > 1 ? scratch.data() : dW.data());
    if (parts > 1) launch("sum_parts", vec(dW.size() / 4 + 1), BLOCK, of(scratch), parts, (i64) dW.size(), 1, dW.data());
    expect("convolve_weights_" + what, dW, dW2, tolerance);
}

static void check_convolutions(bool few) {
    for (std::string kind : {"64", "narrow", "64_tf32"}) for (int parts : {1, 3}) {
        if (few && parts == 1) continue;
        check_convolution(2, 3, 20, 7, 1, 9, 8, 3, kind, parts);
        check_convolution(1, 20, 3, 7, 1, 9, 8, 3, kind, parts);
        check_convolution(1, 4, 70, 3, 2, 13, 12, 1, kind, parts);
        if (few) continue;
        check_convolution(2, 5, 7, 4, 2, 10, 11, 1, kind, parts);
        check_convolution(1, 36, 1, 4, 1, 6, 7, 1, kind, parts);
        check_convolution(1, 6, 9, 1, 1, 5, 6, 0, kind, parts);
        check_convolution(1, 8, 12, 1, 2, 5, 6, 0, kind, parts); // pixels that no window meets
        check_convolution(1, 6, 9, 3, 1, 5, 6, 1, kind, parts, true);
    }
    for (std::string kind : {"128", "128_tf32"}) for (int parts : {1, 2}) {
        if (few && parts == 2) continue;
        check_convolution(1, 140, 8, 4, 2, 10, 11, 1, kind, parts);
        if (few) continue;
        check_convolution(2, 36, 132, 3, 1, 9, 8, 1, kind, parts);
    }
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
