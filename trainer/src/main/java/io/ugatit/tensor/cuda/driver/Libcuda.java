package io.ugatit.tensor.cuda.driver;

/**
 * The driver's functions under their own names, bound by {@link CudaLibrary}: pointers, handles and sizes are longs. They return a status,
 * 0 if all is well; {@link Status} has the words.
 */
final class Libcuda {
    private Libcuda() { }

    static native int cuInit(int flags);

    static native int cuGetErrorName(int status, long text);

    static native int cuGetErrorString(int status, long text);

    static native int cuDeviceGetCount(long count);

    static native int cuDeviceGet(long device, int ordinal);

    static native int cuDeviceGetName(long text, int length, int device);

    static native int cuDeviceGetAttribute(long value, int attribute, int device);

    static native int cuDeviceTotalMem_v2(long bytes, int device);

    static native int cuDeviceGetPCIBusId(long text, int length, int device);

    static native int cuDeviceGetUuid_v2(long uuid, int device);

    static native int cuDevicePrimaryCtxRetain(long context, int device);

    static native int cuDevicePrimaryCtxRelease_v2(int device);

    static native int cuCtxSetCurrent(long context);

    static native int cuModuleLoadDataEx(long module, long image, int options, long names, long values);

    static native int cuModuleUnload(long module);

    static native int cuModuleGetFunction(long function, long module, long name);

    static native int cuMemAlloc_v2(long pointer, long bytes);

    static native int cuMemFree_v2(long pointer);

    static native int cuMemGetInfo_v2(long free, long total);

    static native int cuMemcpyHtoDAsync_v2(long to, long from, long bytes, long stream);

    static native int cuMemcpyDtoHAsync_v2(long to, long from, long bytes, long stream);

    static native int cuMemcpyDtoDAsync_v2(long to, long from, long bytes, long stream);

    static native int cuMemsetD8Async(long to, int value, long count, long stream);

    static native int cuStreamCreate(long stream, int flags);

    static native int cuStreamDestroy_v2(long stream);

    static native int cuStreamSynchronize(long stream);

    static native int cuStreamWaitEvent(long stream, long event, int flags);

    static native int cuStreamBeginCapture_v2(long stream, int mode);

    static native int cuStreamEndCapture(long stream, long graph);

    static native int cuEventCreate(long event, int flags);

    static native int cuEventDestroy_v2(long event);

    static native int cuEventRecord(long event, long stream);

    static native int cuGraphInstantiateWithFlags(long executable, long graph, long flags);

    static native int cuGraphDestroy(long graph);

    static native int cuGraphExecDestroy(long executable);

    static native int cuGraphLaunch(long executable, long stream);

    static native int cuLaunchKernel(long function, int gridX, int gridY, int gridZ, int blockX, int blockY, int blockZ, int sharedBytes,
            long stream, long arguments, long extra);
}
