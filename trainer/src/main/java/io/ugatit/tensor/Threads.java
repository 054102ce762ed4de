package io.ugatit.tensor;

import org.nd4j.nativeblas.NativeOpsHolder;

/** How many cores the natives' kernels use. */
public final class Threads {

    private Threads() { }

    /** Makes the calling thread's kernels use so many cores. */
    public static void use(int threads) {
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    }
}
