// A stand-in for libcudnn.so.9: the backend's descriptors for one convolution, which runs on the CPU in plain loops, in the memory and the
// streams of the stand-in for the driver:
//   g++ -std=c++17 -O2 -march=native -shared -fPIC -fvisibility=hidden -o libcudnn.so.9 cudnn.cpp
// It refuses what the real one (9.24) was seen to refuse, and more: attributes left to defaults, strides that are not those of channels side
// by side, addresses or workspace that are not there. Heuristics propose what must not be taken first: see ENGINES.
// UGATIT_CUDNN_VERSION=8907, UGATIT_CUDNN_CUDART=14000, UGATIT_CUDNN_A and UGATIT_CUDNN_FALLBACK: digits, the engines proposed.
// Statuses to fail with: UGATIT_CUDNN_CREATE=1001 or 4004@2 (only the second of cudnnCreate), UGATIT_CUDNN_SET_STREAM=5000,
// UGATIT_CUDNN_PLAN=4004 (finalising the plan of an engine that runs), UGATIT_CUDNN_GRAPH=4004 (finalising a graph).
// ugatitCudnnReset lets cudnnCreate be the first again. Counters: ugatitCudnnRuns, ugatitCudnnEngine (of the last run),
// ugatitCudnnDescriptors (that are not destroyed), ugatitCudnnHandles.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>
#include <dlfcn.h>

#define EXPORT extern "C" __attribute__((visibility("default")))
typedef int64_t i64;

enum { OK = 0, NOT_INITIALIZED = 1001, BAD_PARAM = 2000, NULL_POINTER = 2002, MISALIGNED = 2003, NOT_FINALIZED = 2004, NOT_SUPPORTED = 3000 };
enum { CONVOLUTION = 1, ENGINE = 2, CONFIGURATION = 3, HEURISTICS = 4, PLAN = 5, FORWARD = 10, BACKWARD_FILTER = 11, BACKWARD_DATA = 12, GRAPH = 15,
    PACK = 16, TENSOR = 17 };
enum { HANDLE = 0, DATA_TYPE = 1, INT64 = 3, FLOAT = 4, POINTER = 6, CONVOLUTION_MODE = 7, HEURISTICS_MODE = 8, NOTE = 11, DESCRIPTOR = 15 };
enum { TENSOR_CORE = 0, DOWN_CONVERT = 1, REDUCED_REDUCTION = 2, NONDETERMINISTIC = 4, WINOGRAD = 5 };
const int BFLOAT16 = 9;

// Proposed by their numbers: notes, workspace, whether a plan can be finalised.
struct Engine { std::vector<int> notes; i64 workspace; bool runs; };
static const Engine ENGINES[] = {{{NONDETERMINISTIC}, 0, true}, {{TENSOR_CORE}, 512, true}, {{}, (1LL << 30) + 1, true}, {{}, 0, false},
    {{REDUCED_REDUCTION}, 0, true}, {{WINOGRAD}, 1000, true}, {{}, 0, true}, {{TENSOR_CORE, DOWN_CONVERT}, 256, true}};

struct Descriptor {
    int type = 0;
    bool finalized = false;
    std::map<int, std::vector<i64>> values; // enumerations and floats as their bits
    std::vector<Descriptor*> parts; // what it refers to, which may be destroyed before
    int engine = -1;
};

static std::recursive_mutex mutex;
static std::set<Descriptor*> descriptors;
static std::map<void*, void*> streams; // by handle
static std::string said;
static long runs = 0;
static int creates = 0; // while UGATIT_CUDNN_CREATE is set
static int lastEngine = -1;

EXPORT long ugatitCudnnRuns() { return runs; }
EXPORT long ugatitCudnnEngine() { return lastEngine; }
EXPORT long ugatitCudnnDescriptors() { return (long) descriptors.size(); }
EXPORT long ugatitCudnnReset() { return creates = 0; }
EXPORT long ugatitCudnnHandles() { return (long) streams.size(); }

static int refuse(int status, const char* why) {
    said = why;
    return status;
}

#define CALL(name, ...) \
    EXPORT int name(__VA_ARGS__) { \
        std::lock_guard<std::recursive_mutex> lock(mutex); \
        said.clear();
#define END return OK; }
#define NEEDS(condition, status) if (!(condition)) return refuse(status, #condition);

EXPORT size_t cudnnGetVersion() {
    const char* text = std::getenv("UGATIT_CUDNN_VERSION");
    return text ? (size_t) std::atol(text) : 90503;
}

static int variable(const char* name) {
    const char* text = std::getenv(name);
    return text ? std::atoi(text) : 0;
}

EXPORT size_t cudnnGetCudartVersion() {
    int version = variable("UGATIT_CUDNN_CUDART");
    return version ? version : 12080;
}

EXPORT const char* cudnnGetErrorString(int status) {
    return status == OK ? "CUDNN_STATUS_SUCCESS" : status < 2000 ? "CUDNN_STATUS_NOT_INITIALIZED" : status < 3000 ? "CUDNN_STATUS_BAD_PARAM"
            : status < 4000 ? "CUDNN_STATUS_NOT_SUPPORTED" : status < 5000 ? "CUDNN_STATUS_INTERNAL_ERROR" : "CUDNN_STATUS_EXECUTION_FAILED";
}

EXPORT void cudnnGetLastErrorString(char* message, size_t size) {
    std::strncpy(message, said.c_str(), size - 1);
}

CALL(cudnnCreate, void** handle)
    const char* text = std::getenv("UGATIT_CUDNN_CREATE");
    creates += text != nullptr;
    const char* at = text ? std::strchr(text, '@') : nullptr;
    if (text && (!at || std::atoi(at + 1) == creates)) {
        return refuse(std::atoi(text), "cudaGetDeviceCount(&count) != cudaSuccess");
    }
    *handle = new char;
    streams[*handle] = nullptr;
END

CALL(cudnnDestroy, void* handle) NEEDS(streams.erase(handle), BAD_PARAM) delete (char*) handle; END
CALL(cudnnSetStream, void* handle, void* stream)
    NEEDS(streams.count(handle), BAD_PARAM)
    NEEDS(!variable("UGATIT_CUDNN_SET_STREAM"), variable("UGATIT_CUDNN_SET_STREAM"))
    streams[handle] = stream;
END

CALL(cudnnBackendCreateDescriptor, int type, Descriptor** descriptor)
    NEEDS(descriptor, NULL_POINTER)
    NEEDS((type >= CONVOLUTION && type <= PLAN) || (type >= FORWARD && type <= BACKWARD_DATA) || (type >= GRAPH && type <= TENSOR), NOT_SUPPORTED)
    descriptors.insert(*descriptor = new Descriptor);
    (*descriptor)->type = type;
END

// What others refer to stays until the process ends, as little as it is.
CALL(cudnnBackendDestroyDescriptor, Descriptor* d) NEEDS(descriptors.erase(d), BAD_PARAM) END

static size_t size_of(int type) {
    return type == INT64 || type == POINTER || type == HANDLE || type == DESCRIPTOR ? 8 : 4;
}

// The type of each attribute that may be set, and how many values it has, 0: any.
static const std::map<int, std::pair<int, int>> SETTABLE = {{100, {DATA_TYPE, 1}}, {101, {CONVOLUTION_MODE, 1}}, {102, {INT64, 2}}, {103, {INT64, 2}},
    {104, {INT64, 2}}, {105, {INT64, 2}}, {106, {INT64, 1}}, {200, {HEURISTICS_MODE, 1}}, {201, {DESCRIPTOR, 1}}, {400, {HANDLE, 1}},
    {401, {DESCRIPTOR, 1}}, {800, {HANDLE, 1}}, {801, {DESCRIPTOR, 1}}, {900, {INT64, 1}}, {901, {DATA_TYPE, 1}}, {902, {INT64, 4}},
    {903, {INT64, 4}}, {906, {INT64, 1}}, {1000, {INT64, 0}}, {1001, {POINTER, 0}}, {1003, {POINTER, 1}}};

static int first_attribute(int type) {
    switch (type) {
        case CONVOLUTION: return 100;
        case HEURISTICS: return 200;
        case PLAN: return 400;
        case FORWARD: return 700;
        case BACKWARD_DATA: return 706;
        case BACKWARD_FILTER: return 712;
        case GRAPH: return 800;
        case TENSOR: return 900;
        case PACK: return 1000;
        default: return -1;
    }
}

static bool is_operation(int type) { return type == FORWARD || type == BACKWARD_DATA || type == BACKWARD_FILTER; }

CALL(cudnnBackendSetAttribute, Descriptor* d, int name, int type, i64 count, const void* values)
    NEEDS(descriptors.count(d), NULL_POINTER)
    NEEDS(!d->finalized, BAD_PARAM)
    NEEDS(count > 0 && values, BAD_PARAM)
    int first = first_attribute(d->type), place = name - first;
    NEEDS(first >= 0 && place >= 0 && place < (is_operation(d->type) ? 6 : 7), NOT_SUPPORTED)
    std::pair<int, int> wanted{place < 2 ? FLOAT : DESCRIPTOR, 1};
    if (!is_operation(d->type)) {
        auto found = SETTABLE.find(name);
        NEEDS(found != SETTABLE.end(), NOT_SUPPORTED)
        wanted = found->second;
    }
    NEEDS(type == wanted.first && (count == wanted.second || !wanted.second), BAD_PARAM)
    std::vector<i64> read(count);
    for (i64 k = 0; k < count; k++) {
        std::memcpy(&read[k], (const char*) values + k * size_of(type), size_of(type));
        NEEDS(type != DESCRIPTOR || (descriptors.count((Descriptor*) read[k]) && ((Descriptor*) read[k])->finalized), NOT_FINALIZED)
        NEEDS(type != HANDLE || streams.count((void*) read[k]), BAD_PARAM)
    }
    d->values[name] = read;
END

static Descriptor* part(Descriptor* d, int name) { return (Descriptor*) d->values.at(name)[0]; }

static bool has(Descriptor* d, std::initializer_list<int> names) {
    for (int name : names) {
        if (!d->values.count(name)) {
            return false;
        }
    }
    return true;
}

// A convolution as its operation has it.
struct Shape {
    const std::vector<i64>&x, &y, &w, &strides;
};

static Shape shape_of(Descriptor* operation) {
    int first = first_attribute(operation->type);
    return {part(operation, first + 4)->values.at(902), part(operation, first + 5)->values.at(902), part(operation, first + 3)->values.at(902),
        part(operation, first + 2)->values.at(103)};
}

static int finalize_operation(Descriptor* d) {
    int first = first_attribute(d->type);
    NEEDS(has(d, {first, first + 1, first + 2, first + 3, first + 4, first + 5}), BAD_PARAM)
    float one = 1;
    int bits;
    std::memcpy(&bits, &one, 4);
    NEEDS(d->values[first][0] == bits && d->values[first + 1][0] == 0, NOT_SUPPORTED)
    NEEDS(part(d, first + 2)->type == CONVOLUTION, BAD_PARAM)
    for (int k = 3; k < 6; k++) {
        NEEDS(part(d, first + k)->type == TENSOR, BAD_PARAM)
    }
    Shape s = shape_of(d);
    NEEDS(s.x[0] == s.y[0] && s.x[1] == s.w[1] && s.y[1] == s.w[0], BAD_PARAM)
    for (int k = 2; k < 4; k++) {
        NEEDS(s.x[k] >= s.w[k] && s.y[k] == (s.x[k] - s.w[k]) / s.strides[k - 2] + 1, BAD_PARAM)
    }
    // the real one accepts others, but has no engines for them
    i64 type = part(d, first + 3)->values.at(901)[0];
    NEEDS(part(d, first + 4)->values.at(901)[0] == type && part(d, first + 5)->values.at(901)[0] == type, NOT_SUPPORTED)
    return OK;
}

static int finalize_tensor(Descriptor* d) {
    NEEDS(has(d, {900, 901, 902, 903, 906}), BAD_PARAM)
    const std::vector<i64>&n = d->values[902], &s = d->values[903];
    i64 type = d->values[901][0];
    NEEDS(type == 0 || type == BFLOAT16, NOT_SUPPORTED)
    NEEDS(n[0] > 0 && n[1] > 0 && n[2] > 0 && n[3] > 0, BAD_PARAM)
    NEEDS(d->values[900][0] > 0 && d->values[900][0] % (type == 0 ? 4 : 2) == 0, BAD_PARAM)
    NEEDS(s[1] == 1 && s[3] == n[1] && s[2] == n[3] * n[1] && s[0] == n[2] * n[3] * n[1], NOT_SUPPORTED)
    return OK;
}

static int finalize(Descriptor* d) {
    switch (d->type) {
        case TENSOR: return finalize_tensor(d);
        case CONVOLUTION:
            NEEDS(has(d, {100, 101, 102, 103, 104, 105, 106}), BAD_PARAM)
            NEEDS(d->values[106][0] == 2 && d->values[103][0] > 0 && d->values[103][1] > 0, BAD_PARAM)
            NEEDS(d->values[100][0] == 0 && d->values[101][0] == 1, NOT_SUPPORTED)
            NEEDS(d->values[102] == std::vector<i64>({1, 1}), NOT_SUPPORTED)
            NEEDS(d->values[104] == std::vector<i64>({0, 0}) && d->values[105] == std::vector<i64>({0, 0}), NOT_SUPPORTED)
            return OK;
        case GRAPH:
            NEEDS(has(d, {801}) && is_operation(part(d, 801)->type), BAD_PARAM)
            NEEDS(!variable("UGATIT_CUDNN_GRAPH"), variable("UGATIT_CUDNN_GRAPH"))
            return OK;
        case HEURISTICS: NEEDS(has(d, {200, 201}) && part(d, 201)->type == GRAPH, BAD_PARAM) return OK;
        case PLAN:
            NEEDS(has(d, {400, 401}) && part(d, 401)->type == CONFIGURATION, BAD_PARAM)
            NEEDS(ENGINES[part(d, 401)->engine].runs, NOT_SUPPORTED)
            NEEDS(!variable("UGATIT_CUDNN_PLAN"), variable("UGATIT_CUDNN_PLAN"))
            return OK;
        case PACK: NEEDS(has(d, {1000, 1001, 1003}) && d->values[1000].size() == d->values[1001].size(), BAD_PARAM) return OK;
        default: return is_operation(d->type) ? finalize_operation(d) : refuse(BAD_PARAM, "only heuristics make engines");
    }
}

CALL(cudnnBackendFinalize, Descriptor* d)
    NEEDS(descriptors.count(d), NULL_POINTER)
    NEEDS(!d->finalized, BAD_PARAM)
    if (int status = finalize(d)) {
        return status;
    }
    d->finalized = true;
END

static std::string proposals(i64 mode) {
    const char* text = std::getenv(mode == 3 ? "UGATIT_CUDNN_A" : "UGATIT_CUDNN_FALLBACK");
    return text ? text : mode == 3 ? "0712345" : "06";
}

CALL(cudnnBackendGetAttribute, Descriptor* d, int name, int type, i64 requested, i64* count, void* values)
    NEEDS(descriptors.count(d) && count, NULL_POINTER)
    NEEDS(d->finalized, NOT_FINALIZED)
    if (d->type == HEURISTICS && name == 202 && type == DESCRIPTOR) {
        std::string engines = proposals(d->values[200][0]);
        *count = (i64) engines.size();
        for (i64 k = 0; values && k < requested && k < *count; k++) {
            Descriptor* configuration = ((Descriptor**) values)[k];
            NEEDS(descriptors.count(configuration) && configuration->type == CONFIGURATION, BAD_PARAM)
            configuration->engine = engines[k] - '0';
            configuration->parts = {part(d, 201)};
            configuration->finalized = true;
        }
        *count = values ? std::min(requested, *count) : *count;
        return OK;
    }
    NEEDS(values && requested > 0, BAD_PARAM)
    *count = 1;
    if (d->type == CONFIGURATION && name == 300 && type == DESCRIPTOR) {
        Descriptor* engine = *(Descriptor**) values;
        NEEDS(descriptors.count(engine) && engine->type == ENGINE, BAD_PARAM)
        engine->engine = d->engine;
        engine->finalized = true;
    } else if (d->type == ENGINE && name == 1303 && type == NOTE) {
        const std::vector<int>& notes = ENGINES[d->engine].notes;
        *count = (i64) notes.size();
        std::copy_n(notes.begin(), std::min(requested, *count), (int*) values);
    } else if (d->type == PLAN && name == 402 && type == INT64) {
        *(i64*) values = ENGINES[part(d, 401)->engine].workspace;
    } else {
        return refuse(NOT_SUPPORTED, "no such attribute");
    }
END

// A tensor that is read: floats, from whatever it holds.
static std::vector<float> read(Descriptor* tensor, i64 address, bool rounds) {
    const std::vector<i64>& n = tensor->values.at(902);
    std::vector<float> values(n[0] * n[1] * n[2] * n[3]);
    for (size_t k = 0; k < values.size(); k++) {
        uint32_t bits = tensor->values.at(901)[0] == BFLOAT16 ? (uint32_t) ((uint16_t*) address)[k] << 16 : ((uint32_t*) address)[k];
        bits = rounds ? (bits + 0x1000) & ~0x1fffu : bits;
        std::memcpy(&values[k], &bits, 4);
    }
    return values;
}

// x (N,H,W,C), w (O,k,k,C), y (N,oh,ow,O); sums in double precision, written once.
static void execute(int type, const Descriptor& operation, int engine, i64 x, i64 w, i64 y) {
    Descriptor copy = operation;
    Shape s = shape_of(&copy);
    int first = first_attribute(type);
    bool rounds = engine == 1;
    std::vector<float> in, filter, out;
    if (type != BACKWARD_DATA) in = read(part(&copy, first + 4), x, rounds);
    if (type != BACKWARD_FILTER) filter = read(part(&copy, first + 3), w, rounds);
    if (type != FORWARD) out = read(part(&copy, first + 5), y, rounds);
    i64 written = type == FORWARD ? y : type == BACKWARD_DATA ? x : w;
    bool halves = part(&copy, first + 3)->values.at(901)[0] == BFLOAT16;
    const std::vector<i64>& result = type == FORWARD ? s.y : type == BACKWARD_DATA ? s.x : s.w;
    std::vector<double> sums(result[0] * result[1] * result[2] * result[3]);
    i64 C = s.x[1], O = s.y[1];
    for (i64 n = 0; n < s.y[0]; n++) for (i64 i = 0; i < s.y[2]; i++) for (i64 j = 0; j < s.y[3]; j++) for (i64 o = 0; o < O; o++) {
        i64 to = ((n * s.y[2] + i) * s.y[3] + j) * O + o;
        for (i64 k = 0; k < s.w[2]; k++) for (i64 l = 0; l < s.w[3]; l++) {
            i64 a = ((n * s.x[2] + i * s.strides[0] + k) * s.x[3] + j * s.strides[1] + l) * C, b = ((o * s.w[2] + k) * s.w[3] + l) * C;
            for (i64 c = 0; c < C; c++) {
                if (type == FORWARD) sums[to] += (double) in[a + c] * filter[b + c];
                else if (type == BACKWARD_DATA) sums[a + c] += (double) out[to] * filter[b + c];
                else sums[b + c] += (double) out[to] * in[a + c];
            }
        }
    }
    for (size_t k = 0; k < sums.size(); k++) {
        float sum = engine == 0 ? 1e30f : (float) sums[k]; // one that is not deterministic shows
        uint32_t bits;
        std::memcpy(&bits, &sum, 4);
        if (halves) {
            ((uint16_t*) written)[k] = (uint16_t) ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
        } else {
            ((float*) written)[k] = sum;
        }
    }
    lastEngine = engine;
    runs++;
}

CALL(cudnnBackendExecute, void* handle, Descriptor* plan, Descriptor* pack)
    NEEDS(streams.count(handle) && descriptors.count(plan) && descriptors.count(pack), NULL_POINTER)
    NEEDS(plan->type == PLAN && pack->type == PACK && plan->finalized && pack->finalized, NOT_FINALIZED)
    NEEDS((void*) plan->values[400][0] == handle, BAD_PARAM)
    int engine = part(plan, 401)->engine;
    i64 workspace = pack->values[1003][0], bytes = ENGINES[engine].workspace;
    NEEDS(bytes == 0 || workspace, NULL_POINTER)
    Descriptor* operation = part(part(plan, 401)->parts[0], 801);
    i64 addresses[3]; // w, x, y
    for (int k = 0; k < 3; k++) {
        Descriptor* tensor = part(operation, first_attribute(operation->type) + 3 + k);
        const std::vector<i64>& ids = pack->values[1000];
        auto found = std::find(ids.begin(), ids.end(), tensor->values[906][0]);
        NEEDS(found != ids.end(), BAD_PARAM)
        addresses[k] = pack->values[1001][found - ids.begin()];
        NEEDS(addresses[k], NULL_POINTER)
        NEEDS(addresses[k] % tensor->values[900][0] == 0, MISALIGNED)
    }
    std::function<void()> work = [=, operation = *operation] {
        std::memset((void*) workspace, 0xff, bytes);
        execute(operation.type, operation, engine, addresses[1], addresses[0], addresses[2]);
    };
    // the driver's, which may be loaded after this
    auto queue = (void (*)(void*, std::function<void()>*)) dlsym(RTLD_DEFAULT, "ugatitQueue");
    NEEDS(queue, NOT_INITIALIZED)
    queue(streams[handle], &work);
END
