package io.ugatit.tensor.cuda;

import com.sun.jna.NativeLibrary;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.cuda.cudnn.Cudnn;
import java.nio.file.Path;

/** Plain loops in the place of cuDNN, on the {@link StandInDriver}: the library of {@code src/test/cuda/cudnn.cpp}. */
public final class StandInCudnn {
    /** Environment variables: digits, the engines that it proposes; see the source. */
    public static final String PROPOSES = "UGATIT_CUDNN_A";
    /** As {@link #PROPOSES}, when the heuristics are asked for what always works. */
    public static final String FALLS_BACK = "UGATIT_CUDNN_FALLBACK";
    /** As {@link #PROPOSES}: the status that its start fails with, such as 1001, or 1001@2 if only the second is to. */
    public static final String CREATE = "UGATIT_CUDNN_CREATE";
    /** As {@link #PROPOSES}: the status that streams are refused with. */
    public static final String SET_STREAM = "UGATIT_CUDNN_SET_STREAM";
    /** As {@link #PROPOSES}: the status that plans are refused with. */
    public static final String PLAN = "UGATIT_CUDNN_PLAN";
    /** As {@link #PROPOSES}: the status that graphs are refused with. */
    public static final String GRAPH = "UGATIT_CUDNN_GRAPH";

    private StandInCudnn() { }

    /** Lets this JVM find it and the driver's stand-in; skips the test if there is no g++. {@link StandInDriver#use} ends it. */
    public static void use() {
        StandInDriver.use();
        System.setProperty(Cudnn.PROPERTY, path().toString());
    }

    /** Kernels on both, and on cuDNN's until {@link StandInDriver#use}; skips the test if there is no g++. */
    public static Compute compute(Precision precision) {
        use();
        try {
            return CudaKernels.compute(0, precision);
        } finally {
            StandInDriver.leave();
        }
    }

    /** Its library; skips the test if there is no g++. */
    public static Path path() {
        return KernelSources.library("cudnn");
    }

    /**
     * What it has counted: {@code ugatitCudnnRuns}, {@code ugatitCudnnEngine}, {@code ugatitCudnnDescriptors} or
     * {@code ugatitCudnnHandles}.
     *
     * @param counter the name of the function that tells
     */
    public static long count(String counter) {
        return NativeLibrary.getInstance(path().toString()).getFunction(counter).invokeLong(new Object[0]);
    }

    /** Lets it fail no more, and propose what it does by itself. */
    public static void reset() {
        for (String variable : new String[] {PROPOSES, FALLS_BACK, CREATE, SET_STREAM, PLAN, GRAPH}) {
            set(variable, null);
        }
        count("ugatitCudnnReset");
    }

    /**
     * Sets a variable of this process's environment, as C sees it.
     *
     * @param value null: not set
     */
    public static void set(String variable, String value) {
        NativeLibrary c = NativeLibrary.getInstance("c");
        if (value == null) {
            c.getFunction("unsetenv").invokeInt(new Object[] {variable});
        } else {
            c.getFunction("setenv").invokeInt(new Object[] {variable, value, 1});
        }
    }
}
