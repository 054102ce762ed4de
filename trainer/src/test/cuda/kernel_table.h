// The kernels by name: how to run each on the CPU, with arguments as cuLaunchKernel passes them.
#pragma once
#define UGATIT_TF32 1
#include "cpu_grid.h"
#include "../../main/cuda/kernels.cu"
#include <functional>
#include <map>
#include <string>
#include <type_traits>
#include <utility>

struct Kernel {
    const char* name;
    bool cooperative; // whether it waits at barriers
    std::vector<size_t> sizes; // of the arguments, bytes
    std::function<void(dim3, dim3, void**)> run;
};

template <class... A, size_t... I> static Kernel make_kernel(const char* name, bool cooperative, void (*function)(A...),
        std::index_sequence<I...>) {
    return {name, cooperative, {sizeof(A)...}, [=](dim3 grid, dim3 block, void** arguments) {
        cpu_grid::run(grid, block, cooperative, [&] { function(*(std::remove_cv_t<A>*) arguments[I]...); });
    }};
}

template <class... A> static Kernel kernel_of(const char* name, bool cooperative, void (*function)(A...)) {
    return make_kernel(name, cooperative, function, std::index_sequence_for<A...>{});
}

static std::map<std::string, Kernel> all_kernels() {
    std::map<std::string, Kernel> kernels;
#define PLAIN(name) kernels.emplace(#name, kernel_of(#name, false, name));
#define WAITING(name) kernels.emplace(#name, kernel_of(#name, true, name));
#define CONVOLUTION(suffix) WAITING(convolve_##suffix) WAITING(convolve_input_##suffix) WAITING(convolve_weights_##suffix)
    PLAIN(fill) PLAIN(add) PLAIN(interpolate) PLAIN(clip) PLAIN(values_of) PLAIN(floats_of) PLAIN(swap_inner) PLAIN(sum_parts) PLAIN(adam)
    PLAIN(to_bfloat16) PLAIN(from_bfloat16)
    PLAIN(copy_maps) PLAIN(add_maps) PLAIN(fold) PLAIN(fold_parts) PLAIN(upsample) PLAIN(upsample_backward)
    CONVOLUTION(64) CONVOLUTION(128) CONVOLUTION(narrow) CONVOLUTION(64_tf32) CONVOLUTION(128_tf32)
    PLAIN(constant_scaling) PLAIN(normalize) PLAIN(normalize_backward)
    WAITING(instance_moments) WAITING(layer_instance_moments) WAITING(instance_backward_sums) WAITING(layer_instance_backward_sums)
    WAITING(constant_backward_sums)
    PLAIN(modulation) PLAIN(modulation_gradients) PLAIN(add_modulation) WAITING(pool) PLAIN(pooled) PLAIN(pick) PLAIN(pool_backward)
    PLAIN(sum_over_channels) PLAIN(fold_attention) WAITING(fold_attention_backward) WAITING(classify) PLAIN(classify_backward)
    WAITING(power_left) WAITING(power_right) WAITING(singular_rows) WAITING(singular_finish)
    PLAIN(add_outer)
    WAITING(linear) PLAIN(linear_finish) PLAIN(linear_backward_weights) WAITING(linear_backward_input)
    WAITING(mean_square) WAITING(mean_square_values) WAITING(binary_cross_entropy) WAITING(mean_absolute) PLAIN(sum_values)
    WAITING(mean_ramp) WAITING(mean_ramp_values) WAITING(image_squares) WAITING(length_errors) PLAIN(length_gradient)
#undef CONVOLUTION
#undef WAITING
#undef PLAIN
    return kernels;
}
