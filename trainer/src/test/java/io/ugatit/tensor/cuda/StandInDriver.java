package io.ugatit.tensor.cuda;

import com.sun.jna.NativeLibrary;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.cuda.cudnn.Cudnn;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A CPU in the place of a GPU: the library of {@code src/test/cuda/driver.cpp}, with the kernels compiled into it. */
public final class StandInDriver {
    /** The system property that names the driver's library. */
    public static final String PROPERTY = "ugatit.cuda.library";

    private StandInDriver() { }

    /** Lets this JVM find it in the place of NVIDIA's driver, and no cuDNN; skips the test if there is no g++. */
    public static void use() {
        System.setProperty(PROPERTY, path().toString());
        System.setProperty(Cudnn.PROPERTY, Cudnn.NONE);
    }

    /** Lets what is chosen by itself from now on compute on the CPU again, as in all other tests. */
    public static void leave() {
        System.setProperty(PROPERTY, "none");
    }

    /**
     * Sets how much memory it has beyond what is in use now.
     *
     * @param bytes null: as much as it has by itself
     */
    public static void limit(Long bytes) {
        StandInCudnn.set("UGATIT_CUDA_MEMORY", bytes == null ? null : String.valueOf(count("ugatitAllocated") + bytes));
    }

    /** Kernels on it; skips the test if there is no g++. */
    public static Compute compute(Precision precision) {
        use();
        try {
            return CudaKernels.compute(0, precision);
        } finally {
            leave();
        }
    }

    /**
     * What it has counted: {@code ugatitLaunches}, {@code ugatitHostWaits}, {@code ugatitBytesToDevice}, {@code ugatitBytesToHost},
     * {@code ugatitAllocated} or {@code ugatitContexts}.
     *
     * @param counter the name of the function that tells
     */
    public static long count(String counter) {
        return NativeLibrary.getInstance(path().toString()).getFunction(counter).invokeLong(new Object[0]);
    }

    /** What a module must say so that the stand-in finds its own kernels of these names in it. */
    public static byte[] ptx(String... kernels) {
        String entries = Stream.of(kernels).map(name -> ".visible .entry " + name + "()\n{ ret; }\n").collect(Collectors.joining());
        return (".version 7.0\n.target sm_75\n.address_size 64\n" + entries).getBytes(StandardCharsets.UTF_8);
    }

    /** Its library; skips the test if there is no g++. */
    public static Path path() {
        return KernelSources.library("driver");
    }
}
