// A stand-in for libcuda.so.1 that computes on the CPU, for tests on machines without a GPU:
//   g++ -std=c++17 -O2 -march=native -shared -fPIC -fvisibility=hidden -o libcuda.so.1 driver.cpp
// Everything runs when it is called, so streams and events matter in captures only. New memory holds 0xff. Any thread may call.
// Counters: ugatitLaunches, ugatitHostWaits (for a stream), ugatitBytesToDevice, ugatitBytesToHost, ugatitAllocated,
// ugatitContexts (that are retained).
// To fail on purpose: UGATIT_CUDA_DEVICES=n, UGATIT_CUDA_CAPABILITY=75, UGATIT_CUDA_DRIVER=11000, UGATIT_CUDA_MEMORY=bytes (2 beyond),
// UGATIT_CUDA_FAIL_AT=n (every call from the n-th launch on, counted from 1, gives 999 as a lost GPU does), UGATIT_CUDA_BAD_PTX=1 (218).
#include "kernel_table.h"
#include <mutex>
#include <set>
#include <unistd.h>

typedef int CUresult;
typedef unsigned long long Pointer;

enum { OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100, INVALID_DEVICE = 101, INVALID_IMAGE = 218, INVALID_HANDLE = 400,
        NOT_FOUND = 500,
    ILLEGAL_STATE = 401, CAPTURE_UNSUPPORTED = 900, CAPTURE_MERGE = 902, CAPTURE_UNMATCHED = 903, CAPTURE_UNJOINED = 904,
    CAPTURE_ISOLATION = 905, UNKNOWN = 999 };

static std::recursive_mutex mutex;
static std::map<std::string, Kernel> kernels = all_kernels();
static std::map<Pointer, size_t> memory;
static size_t allocated = 0;
static long contexts = 0, launches = 0, launchesEver = 0, hostWaits = 0, bytesToDevice = 0, bytesToHost = 0;
static bool lost = false;

// What a graph holds: launches, copies and memsets with their arguments as they were.
struct Recorded {
    Kernel* kernel;
    dim3 grid, block;
    std::vector<std::vector<char>> arguments;
    std::function<void()> other;
};
typedef std::vector<Recorded> Graph;
struct Stream;
// How many pieces of work of each stream something comes after.
typedef std::map<Stream*, long> Clock;
// Begun on one stream; others join by waiting for its events, and must be waited for before it ends.
struct Capture {
    Stream* origin;
    Graph* graph;
    std::set<Stream*> streams;
};
struct Stream {
    Capture* capture = nullptr;
    Clock clock;
};
struct Event {
    Capture* capture = nullptr;
    Clock clock;
};
static std::set<Capture*> captures;
static std::set<Stream*> streams;
static std::set<Graph*> graphs, executables;

static long variable(const char* name, long otherwise) {
    const char* text = std::getenv(name);
    return text && *text ? std::atol(text) : otherwise;
}

static int devices() {
    const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
    return visible && !*visible ? 0 : (int) variable("UGATIT_CUDA_DEVICES", 1);
}

static size_t total() {
    return (size_t) variable("UGATIT_CUDA_MEMORY", 16L << 30);
}

static CUresult begun() {
    return lost ? UNKNOWN : OK;
}

#define EXPORT extern "C" __attribute__((visibility("default")))
#define CALL(name, ...) \
    EXPORT CUresult name(__VA_ARGS__) { \
        std::lock_guard<std::recursive_mutex> lock(mutex); \
        if (CUresult status = begun()) return status;
#define END return OK; }

EXPORT long ugatitLaunches() { return launches; }
EXPORT long ugatitHostWaits() { return hostWaits; }
EXPORT long ugatitBytesToDevice() { return bytesToDevice; }
EXPORT long ugatitBytesToHost() { return bytesToHost; }
EXPORT long ugatitAllocated() { return (long) allocated; }
EXPORT long ugatitContexts() { return contexts; }
EXPORT void ugatitResetCounters() { launches = hostWaits = bytesToDevice = bytesToHost = 0; }

CALL(cuInit, unsigned) if (devices() == 0) return NO_DEVICE; END
CALL(cuDriverGetVersion, int* version) *version = (int) variable("UGATIT_CUDA_DRIVER", 13000); END
CALL(cuDeviceGetCount, int* count) *count = devices(); END
CALL(cuDeviceGet, int* device, int index) if (index < 0 || index >= devices()) return INVALID_DEVICE; *device = index; END
CALL(cuDeviceGetName, char* name, int length, int) std::snprintf(name, length, "CPU in the place of a GPU"); END
CALL(cuDeviceTotalMem_v2, size_t* bytes, int) *bytes = total(); END
CALL(cuDeviceGetPCIBusId, char* id, int length, int device) std::snprintf(id, length, "0000:%02x:00.0", device + 1); END

CALL(cuDeviceGetUuid_v2, unsigned char* uuid, int device)
    for (int k = 0; k < 16; k++) {
        uuid[k] = (unsigned char) (k == 15 ? device : 16 * k);
    }
END

CALL(cuDeviceGetAttribute, int* value, int attribute, int device)
    int capability = (int) variable("UGATIT_CUDA_CAPABILITY", 80);
    switch (attribute) {
        case 1: *value = 1024; break; // threads of a block
        case 5: *value = 2147483647; break; // grid x, then y and z
        case 6: case 7: *value = 65535; break;
        case 8: *value = 49152; break; // shared memory of a block
        case 10: *value = 32; break; // warp
        case 16: *value = 4; break; // multiprocessors
        case 33: *value = 0; break; // PCI bus, device, domain
        case 34: *value = device + 1; break;
        case 75: *value = capability / 10; break;
        case 76: *value = capability % 10; break;
        default: *value = 0;
    }
END

CALL(cuDevicePrimaryCtxRetain, void** context, int device) *context = (void*) (intptr_t) (device + 1); contexts++; END
CALL(cuDevicePrimaryCtxRelease_v2, int) contexts--; END
CALL(cuCtxSetCurrent, void*) END

static CUresult load(void** module, const void* image) {
    const char* text = (const char*) image;
    if (variable("UGATIT_CUDA_BAD_PTX", 0) || !std::strstr(text, ".version") || !std::strstr(text, ".target")) {
        return INVALID_IMAGE;
    }
    *module = new std::string(text);
    return OK;
}

CALL(cuModuleLoadData, void** module, const void* image) return load(module, image); END
CALL(cuModuleLoadDataEx, void** module, const void* image, unsigned, void*, void**) return load(module, image); END
CALL(cuModuleUnload, void* module) delete (std::string*) module; END

// Only what the module has: the kernels for tensor cores are not in every PTX.
CALL(cuModuleGetFunction, void** function, void* module, const char* name)
    auto found = kernels.find(name);
    if (found == kernels.end() || ((std::string*) module)->find(".entry " + std::string(name) + "(") == std::string::npos) {
        return NOT_FOUND;
    }
    *function = &found->second;
END

CALL(cuMemAlloc_v2, Pointer* pointer, size_t bytes)
    if (bytes == 0) {
        return INVALID_VALUE;
    }
    if (allocated + bytes > total()) {
        return OUT_OF_MEMORY;
    }
    void* block = nullptr;
    if (posix_memalign(&block, 256, bytes)) {
        return OUT_OF_MEMORY;
    }
    std::memset(block, 0xff, bytes);
    *pointer = (Pointer) block;
    memory[*pointer] = bytes;
    allocated += bytes;
END

CALL(cuMemFree_v2, Pointer pointer)
    auto found = memory.find(pointer);
    if (found == memory.end()) {
        return INVALID_VALUE;
    }
    allocated -= found->second;
    memory.erase(found);
    std::free((void*) pointer);
END

CALL(cuMemGetInfo_v2, size_t* free, size_t* all) *free = total() - allocated; *all = total(); END

// Whether all of it is one allocation's.
static bool inside(Pointer pointer, size_t bytes) {
    auto after = memory.upper_bound(pointer);
    return bytes == 0 || (after != memory.begin() && pointer + bytes <= std::prev(after)->first + std::prev(after)->second);
}

static bool is_capturing(void* stream) {
    return stream && ((Stream*) stream)->capture;
}

static void record(void* at, const Recorded& work) {
    Stream* stream = (Stream*) at;
    stream->capture->graph->push_back(work);
    stream->clock[stream]++;
}

template <class F> static CUresult now_or_recorded(void* stream, F f) {
    if (is_capturing(stream)) {
        record(stream, {nullptr, {}, {}, {}, f});
    } else {
        f();
    }
    return OK;
}

// For other stand-ins: work of theirs in a stream, done now or kept in the graph that is captured.
EXPORT void ugatitQueue(void* stream, std::function<void()>* work) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    now_or_recorded(stream, *work);
}

CALL(cuMemcpyHtoDAsync_v2, Pointer to, const void* from, size_t bytes, void* stream)
    if (!inside(to, bytes)) {
        return INVALID_VALUE;
    }
    if (is_capturing(stream)) {
        return CAPTURE_UNSUPPORTED; // the host's memory may hold something else, or nothing, when the graph runs
    }
    return now_or_recorded(stream, [=] { bytesToDevice += (long) bytes; std::memcpy((void*) to, from, bytes); });
END

CALL(cuMemcpyDtoHAsync_v2, void* to, Pointer from, size_t bytes, void* stream)
    if (!inside(from, bytes)) {
        return INVALID_VALUE;
    }
    return now_or_recorded(stream, [=] { bytesToHost += (long) bytes; std::memcpy(to, (void*) from, bytes); });
END

CALL(cuMemcpyDtoDAsync_v2, Pointer to, Pointer from, size_t bytes, void* stream)
    if (!inside(to, bytes) || !inside(from, bytes)) {
        return INVALID_VALUE;
    }
    return now_or_recorded(stream, [=] { std::memmove((void*) to, (void*) from, bytes); });
END

CALL(cuMemsetD8Async, Pointer to, unsigned char value, size_t count, void* stream)
    if (!inside(to, count)) {
        return INVALID_VALUE;
    }
    return now_or_recorded(stream, [=] { std::memset((void*) to, value, count); });
END

CALL(cuStreamCreate, void** stream, unsigned) streams.insert(*(Stream**) stream = new Stream); END

CALL(cuStreamDestroy_v2, void* stream)
    if (!streams.erase((Stream*) stream)) {
        return INVALID_HANDLE;
    }
    delete (Stream*) stream;
END

CALL(cuStreamSynchronize, void* stream)
    hostWaits++;
    if (is_capturing(stream)) {
        return CAPTURE_UNSUPPORTED;
    }
END

CALL(cuStreamWaitEvent, void* stream, void* event, unsigned)
    if (!stream || !event) {
        return INVALID_HANDLE;
    }
    Stream* waiting = (Stream*) stream;
    Event* reached = (Event*) event;
    if (!captures.count(reached->capture)) {
        return waiting->capture ? CAPTURE_ISOLATION : OK;
    }
    if (waiting->capture && waiting->capture != reached->capture) {
        return CAPTURE_MERGE;
    }
    waiting->capture = reached->capture;
    waiting->capture->streams.insert(waiting);
    for (auto& [other, count] : reached->clock) {
        waiting->clock[other] = std::max(waiting->clock[other], count);
    }
END

CALL(cuEventCreate, void** event, unsigned) *event = new Event; END

CALL(cuEventRecord, void* event, void* stream)
    if (!event || !stream) {
        return INVALID_HANDLE;
    }
    *(Event*) event = {((Stream*) stream)->capture, ((Stream*) stream)->clock};
END

CALL(cuEventDestroy_v2, void* event) delete (Event*) event; END

static CUresult execute(Kernel* kernel, dim3 grid, dim3 block, void** arguments) {
    launches++;
    const char* once = std::getenv("UGATIT_CUDA_FAIL_ONCE"); // a file that goes with the first process that fails
    if (++launchesEver >= variable("UGATIT_CUDA_FAIL_AT", 1L << 62) && (!once || !*once || !unlink(once))) {
        lost = true;
        return UNKNOWN;
    }
    kernel->run(grid, block, arguments);
    return OK;
}

CALL(cuLaunchKernel, void* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
        unsigned,
        void* stream, void** arguments, void**)
    if (!function) {
        return INVALID_HANDLE;
    }
    if (!gridX || !gridY || !gridZ || gridX > 2147483647u || gridY > 65535 || gridZ > 65535 || !blockX || !blockY || !blockZ || blockX > 1024
            || blockY > 1024 || blockZ > 64 || blockX * blockY * blockZ > 1024) {
        return INVALID_VALUE;
    }
    Kernel* kernel = (Kernel*) function;
    dim3 grid{gridX, gridY, gridZ}, block{blockX, blockY, blockZ};
    if (is_capturing(stream)) {
        Recorded recorded{kernel, grid, block, {}, {}};
        for (size_t k = 0; k < kernel->sizes.size(); k++) {
            recorded.arguments.emplace_back((char*) arguments[k], (char*) arguments[k] + kernel->sizes[k]);
        }
        record(stream, recorded);
        return OK;
    }
    return execute(kernel, grid, block, arguments);
END

CALL(cuStreamBeginCapture_v2, void* stream, int)
    if (!stream || is_capturing(stream)) {
        return ILLEGAL_STATE;
    }
    Stream* origin = (Stream*) stream;
    captures.insert(origin->capture = new Capture{origin, new Graph, {origin}});
END

CALL(cuStreamEndCapture, void* stream, void** graph)
    if (!is_capturing(stream)) {
        return ILLEGAL_STATE;
    }
    Stream* origin = (Stream*) stream;
    Capture* capture = origin->capture;
    if (capture->origin != origin) {
        return CAPTURE_UNMATCHED;
    }
    bool joined = true;
    for (Stream* other : capture->streams) {
        joined = joined && origin->clock[other] >= other->clock[other];
        other->capture = nullptr;
    }
    *graph = joined ? capture->graph : nullptr;
    if (joined) {
        graphs.insert(capture->graph);
    } else {
        delete capture->graph;
    }
    captures.erase(capture);
    delete capture;
    return joined ? OK : CAPTURE_UNJOINED;
END

CALL(cuGraphInstantiateWithFlags, void** executable, void* graph, unsigned long long)
    if (!graphs.count((Graph*) graph)) {
        return INVALID_VALUE;
    }
    Graph* copy = new Graph(*(Graph*) graph);
    executables.insert(copy);
    *executable = copy;
END

CALL(cuGraphLaunch, void* executable, void*)
    if (!executables.count((Graph*) executable)) {
        return INVALID_VALUE;
    }
    for (Recorded& recorded : *(Graph*) executable) {
        if (!recorded.kernel) {
            recorded.other();
            continue;
        }
        std::vector<void*> arguments;
        for (auto& argument : recorded.arguments) {
            arguments.push_back(argument.data());
        }
        if (CUresult status = execute(recorded.kernel, recorded.grid, recorded.block, arguments.data())) {
            return status;
        }
    }
END

CALL(cuGraphExecDestroy,
        void* executable) if (!executables.erase((Graph*) executable)) return INVALID_VALUE; delete (Graph*) executable; END
CALL(cuGraphDestroy, void* graph) if (!graphs.erase((Graph*) graph)) return INVALID_VALUE; delete (Graph*) graph; END

// Names and texts as the real driver has them, for those that this one gives.
static const std::map<int, std::pair<const char*, const char*>> ERRORS = {
    {OK, {"CUDA_SUCCESS", "no error"}}, {INVALID_VALUE, {"CUDA_ERROR_INVALID_VALUE", "invalid argument"}},
    {OUT_OF_MEMORY, {"CUDA_ERROR_OUT_OF_MEMORY", "out of memory"}}, {NO_DEVICE, {"CUDA_ERROR_NO_DEVICE",
            "no CUDA-capable device is detected"}},
    {INVALID_DEVICE, {"CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"}},
    {INVALID_IMAGE, {"CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"}}, {INVALID_HANDLE, {"CUDA_ERROR_INVALID_HANDLE",
            "invalid resource handle"}},
    {ILLEGAL_STATE, {"CUDA_ERROR_ILLEGAL_STATE", "the operation cannot be performed in the present state"}},
    {NOT_FOUND, {"CUDA_ERROR_NOT_FOUND", "named symbol not found"}},
    {UNKNOWN, {"CUDA_ERROR_UNKNOWN", "unknown error"}},
    {CAPTURE_UNSUPPORTED, {"CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing"}}};

EXPORT CUresult cuGetErrorName(int status, const char** text) {
    auto found = ERRORS.find(status);
    *text = found == ERRORS.end() ? nullptr : found->second.first;
    return found == ERRORS.end() ? INVALID_VALUE : OK;
}

EXPORT CUresult cuGetErrorString(int status, const char** text) {
    auto found = ERRORS.find(status);
    *text = found == ERRORS.end() ? nullptr : found->second.second;
    return found == ERRORS.end() ? INVALID_VALUE : OK;
}
