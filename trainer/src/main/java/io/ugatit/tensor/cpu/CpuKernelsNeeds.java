package io.ugatit.tensor.cpu;

import io.ugatit.tensor.cpu.convolution.OneDnn;
import io.ugatit.tensor.cpu.pass.VectorRows;
import java.util.Optional;

/** What {@link CpuKernels} need of a JVM and its class path. Classes with vectors are not touched before their module is known to be there. */
public final class CpuKernelsNeeds {
    private static final String MODULE = "jdk.incubator.vector";

    private CpuKernelsNeeds() { }

    /** What is missing here, as a clause for a message; empty if nothing is. */
    public static Optional<String> lacking() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Optional.of("This JVM was started without Java's Vector API (--add-modules=" + MODULE + ")");
        }
        int lanes = VectorRows.LANES;
        if (lanes != 8 && lanes != 16) {
            return Optional.of("This JVM's vectors hold " + lanes + " floats, not 8 (AVX2) or 16 (AVX-512)");
        }
        try {
            OneDnn.load();
            return Optional.empty();
        } catch (LinkageError | TypeNotPresentException e) {
            // the latter if oneDNN's classes are there without those they refer to
            return Optional.of("oneDNN's library (org.bytedeco:dnnl and opencl, with natives) cannot be loaded: " + firstLine(e));
        }
    }

    /** Floats of a vector. Only where nothing is lacking. */
    public static int lanes() {
        return VectorRows.LANES;
    }

    private static String firstLine(Throwable e) {
        return e.toString().lines().findFirst().orElseThrow();
    }
}
