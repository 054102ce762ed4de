// Runs CUDA kernels compiled by g++: a grid's blocks one after the other, the threads of a block as fibers that take turns at
// __syncthreads.
// A kernel that never waits runs as plain loops. Reported and fatal: a barrier that only some threads of a block reach, or that a kernel
// registered as plain reaches. Shared memory holds NaNs (0xff) when a block begins. UGATIT_GRID_SHUFFLE=seed: threads in a random order,
// another one after each barrier. One grid at a time: the caller holds a lock.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <vector>
#include <sys/mman.h>
#if !defined(__x86_64__)
#include <ucontext.h>
#endif
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

#define __global__
#define __device__
#define __forceinline__ inline __attribute__((always_inline))
#define __restrict__ __restrict
#define __launch_bounds__(...)
// Static memory, which the first thread of a block to come here poisons.
#define SHARED(type, name, dimensions) \
    static type name dimensions; \
    static uint64_t name##OfBlock; \
    cpu_grid::poison(&name, sizeof name, name##OfBlock)
#define UNROLL _Pragma("GCC unroll 16")
#define UNROLL_SOME
#define UNROLL_DEPTH(products) UNROLL
#define ROLLED

struct uint3 { unsigned x, y, z; };
struct dim3 { unsigned x = 1, y = 1, z = 1; };
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(8) float2 { float x, y; };
struct alignas(16) double2 { double x, y; };
static inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
static inline float2 make_float2(float x, float y) { return {x, y}; }
static inline int min(int a, int b) { return a < b ? a : b; }
static inline int max(int a, int b) { return a > b ? a : b; }
static dim3 gridDim, blockDim;
static uint3 blockIdx, threadIdx;

namespace cpu_grid {
constexpr size_t STACK = 1 << 17;

struct Fiber {
    void* stackPointer = nullptr;
    char* stack = nullptr;
    uint3 thread{};
    void* fake = nullptr; // ASan's
#if !defined(__x86_64__)
    ucontext_t context;
#endif
};
static std::vector<Fiber> fibers;
static Fiber outside;
static std::vector<unsigned> order;
static size_t threads, turn, ended; // of the block; place in the order; threads that ended in this round
static bool cooperative;
static const void* body;
static void (*call)(const void*);
static uint64_t blockNumber = 0;
static uint64_t random = 0; // 0: in order

static inline void poison(void* memory, size_t bytes, uint64_t& ofBlock) {
    if (ofBlock != blockNumber) {
        ofBlock = blockNumber;
        std::memset(memory, 0xff, bytes);
    }
}

static void shuffle() {
    for (size_t i = threads; random && i > 1; i--) {
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        std::swap(order[i - 1], order[random % i]);
    }
}

#if defined(__x86_64__)
// Saves what a call preserves, changes stacks, restores: no system call, as swapcontext's for the signal mask.
extern "C" void cpu_grid_switch(void** from, void* to);
asm(R"(
    .text
    .p2align 4
cpu_grid_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
)");
#endif

static inline void change(Fiber& from, Fiber& to, bool ends) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(ends ? nullptr : &from.fake, to.stack, STACK);
#else
    (void) ends;
#endif
#if defined(__x86_64__)
    cpu_grid_switch(&from.stackPointer, to.stackPointer);
#else
    swapcontext(&from.context, &to.context);
#endif
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(from.fake, nullptr, nullptr);
#endif
}

static inline Fiber& next(bool& last) {
    last = false;
    if (++turn == threads) {
        if (ended == threads) {
            last = true;
            return outside;
        }
        if (ended > 0) {
            std::fprintf(stderr, "a barrier that %zu of %zu threads reach\n", threads - ended, threads);
            std::abort();
        }
        turn = 0;
        shuffle();
    }
    Fiber& fiber = fibers[order[turn]];
    threadIdx = fiber.thread;
    return fiber;
}

static void wait() {
    if (!cooperative) {
        std::fprintf(stderr, "a barrier in a kernel that is registered as one without\n");
        std::abort();
    }
    bool last;
    Fiber& from = fibers[order[turn]];
    Fiber& to = next(last);
    if (&from != &to) {
        change(from, to, false);
    }
}

static void enter() {
#if defined(__SANITIZE_ADDRESS__)
    const void* bottom;
    size_t size;
    __sanitizer_finish_switch_fiber(nullptr, &bottom, &size);
    if (!outside.stack) {
        outside.stack = (char*) bottom;
    }
#endif
    call(body);
    ended++;
    bool last;
    Fiber& from = fibers[order[turn]];
    change(from, next(last), true);
    std::abort();
}

static void prepare(Fiber& fiber, size_t index) {
    if (!fiber.stack) {
        void* memory = mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) {
            std::perror("stack of a fiber");
            std::abort();
        }
        fiber.stack = (char*) memory;
    }
    // tops of stacks a page-size apart would share the sets of the cache
    char* top = fiber.stack + STACK - index * 1088 % 32768 / 64 * 64;
#if defined(__x86_64__)
    void** at = (void**) top - 1;
    *--at = (void*) &enter;
    fiber.stackPointer = at - 6;
#else
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = fiber.stack;
    fiber.context.uc_stack.ss_size = top - fiber.stack;
    fiber.context.uc_link = nullptr;
    makecontext(&fiber.context, enter, 0);
#endif
}

/** Runs every thread of every block. f: the kernel with its arguments. */
template <class F> void run(dim3 grid, dim3 block, bool waits, const F& f) {
    static const char* seed = std::getenv("UGATIT_GRID_SHUFFLE");
    random = seed ? std::strtoull(seed, nullptr, 10) * 2654435761u + 1 : 0;
    gridDim = grid;
    blockDim = block;
    cooperative = waits;
    threads = (size_t) block.x * block.y * block.z;
    body = &f;
    call = [](const void* b) { (*(const F*) b)(); };
    if (fibers.size() < threads) {
        fibers.resize(threads);
    }
    order.resize(threads);
    std::iota(order.begin(), order.end(), 0);
    for (unsigned bz = 0; bz < grid.z; bz++) for (unsigned by = 0; by < grid.y; by++) for (unsigned bx = 0; bx < grid.x; bx++) {
        blockIdx = {bx, by, bz};
        blockNumber++;
        if (!waits && !random) {
            for (unsigned z = 0; z < block.z; z++) for (unsigned y = 0; y < block.y; y++) for (unsigned x = 0; x < block.x; x++) {
                threadIdx = {x, y, z};
                f();
            }
            continue;
        }
        for (size_t t = 0; t < threads; t++) {
            Fiber& fiber = fibers[t];
            fiber.thread = {(unsigned) (t % block.x), (unsigned) (t / block.x % block.y), (unsigned) (t / block.x / block.y)};
            if (waits) {
                prepare(fiber, t);
            }
        }
        shuffle();
        if (!waits) {
            for (size_t t = 0; t < threads; t++) {
                threadIdx = fibers[order[t]].thread;
                f();
            }
            continue;
        }
        turn = 0;
        ended = 0;
        threadIdx = fibers[order[0]].thread;
        change(outside, fibers[order[0]], false);
    }
}
}
#define __syncthreads() cpu_grid::wait()
// blocks run one after the other, and one thread at a time
static inline void __threadfence() {}
static inline unsigned atomicAdd(unsigned* x, unsigned n) { return (*x += n) - n; }
