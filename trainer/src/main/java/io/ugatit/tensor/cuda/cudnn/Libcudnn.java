package io.ugatit.tensor.cuda.cudnn;

/**
 * cuDNN's functions under their own names, bound by {@link Cudnn}: pointers, handles, descriptors and sizes are longs, enumerations ints.
 * Most return a status, 0 if all is well; {@link RefusedException} has the words.
 */
final class Libcudnn {
    private Libcudnn() { }

    static native long cudnnGetVersion();

    /** Of the CUDA runtime that it is built with, such as 12080 for 12.8. */
    static native long cudnnGetCudartVersion();

    static native long cudnnGetErrorString(int status);

    static native void cudnnGetLastErrorString(long text, long length);

    static native int cudnnCreate(long handle);

    static native int cudnnDestroy(long handle);

    static native int cudnnSetStream(long handle, long stream);

    static native int cudnnBackendCreateDescriptor(int type, long descriptor);

    static native int cudnnBackendDestroyDescriptor(long descriptor);

    static native int cudnnBackendSetAttribute(long descriptor, int name, int type, long count, long values);

    static native int cudnnBackendGetAttribute(long descriptor, int name, int type, long requested, long count, long values);

    static native int cudnnBackendFinalize(long descriptor);

    static native int cudnnBackendExecute(long handle, long plan, long variantPack);
}
