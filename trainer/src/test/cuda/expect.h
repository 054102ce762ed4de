// Launches by name, noise, and comparisons for check.cpp.
#pragma once
#include "kernel_table.h"

static std::map<std::string, Kernel> kernels = all_kernels();
static int failures = 0;

template <class... A> static void launch(const std::string& name, dim3 grid, dim3 block, A... arguments) {
    auto found = kernels.find(name);
    size_t sizes[] = {sizeof(A)...};
    if (found == kernels.end() || !std::equal(std::begin(sizes), std::end(sizes), found->second.sizes.begin(),
            found->second.sizes.end())) {
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

template <class T, class U> static void expect(const std::string& what, const std::vector<T>& got, const std::vector<U>& want,
        double tolerance) {
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

template <class T> static const T* of(const std::vector<T>& v) { return v.data(); }

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
        for (int c = 0; c < m.channels; c++) right &= got[at(m, n, c, i, j)] == got[at(m, n, c, reflect(i, m.height), reflect(j,
                m.width))];
        for (int c = m.channels; m.lanes > 1 && c < m.lanes; c++) right &= got[at(m, n, c, i, j)] == 0;
    }
    if (!right) {
        failures++;
        std::printf("WRONG border or lanes of %s\n", what.c_str());
    }
}
