package io.ugatit.device;

import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * ND4J's libraries of this platform, loaded on first use. Whoever touches ND4J without them gets a {@link LinkageError}, at which Spark
 * ends an executor, and at the second touch one that no longer says why: jobs and tasks ask here first.
 */
public final class Natives {
    private Natives() { }

    /** One attempt a JVM: ND4J fails with its reason only once. */
    private static final class Attempt {
        static final List<Gpu> GPUS;
        static final NativeOps OPERATIONS;
        static final Throwable FAILURE;

        static {
            List<Gpu> gpus = List.of();
            NativeOps operations = null;
            Throwable failure = null;
            try {
                gpus = CudaGpus.isBackend() ? CudaGpus.find() : List.of();
                requireUsable(gpus);
                // ND4J's start tells the holder which library to load
                Nd4j.getEnvironment();
                operations = NativeOpsHolder.getInstance().getDeviceNativeOps();
            } catch (LinkageError | RuntimeException e) {
                failure = e;
            }
            GPUS = gpus;
            OPERATIONS = operations;
            FAILURE = failure;
        }
    }

    /**
     * Makes sure that ND4J can be used in this JVM.
     *
     * @throws JobFailedException if its libraries are not there, or those for GPUs have no code for one that is; one line that names the
     *     host and what would be right
     */
    public static void require() {
        operations();
    }

    /**
     * Those that ND4J computes on, by their numbers; empty in the build for CPUs.
     *
     * @throws JobFailedException as {@link #require}
     */
    static List<Gpu> gpus() {
        require();
        return Attempt.GPUS;
    }

    /** ND4J sets up every GPU it sees. */
    static void requireUsable(List<Gpu> gpus) {
        for (int number = 0; number < gpus.size(); number++) {
            Optional<String> unusable = gpus.get(number).unusable();
            if (unusable.isPresent()) {
                throw new JobFailedException("GPU " + number + " on " + Host.name() + " cannot be used: " + unusable.get()
                        + "; hide it by CUDA_VISIBLE_DEVICES, or use the build for CPUs (without -Pcuda)");
            }
        }
    }

    /** @throws JobFailedException as {@link #require} */
    static NativeOps operations() {
        if (Attempt.FAILURE instanceof JobFailedException refusal) {
            throw new JobFailedException(refusal.getMessage(), refusal);
        }
        if (Attempt.FAILURE != null && CudaGpus.isBackend()) {
            throw new JobFailedException("ND4J's CUDA backend cannot start on " + Host.name() + " (" + reason(Attempt.FAILURE)
                    + "): it needs an NVIDIA GPU, CUDA 11.6 and cuDNN 8; for CPUs use the build without -Pcuda", Attempt.FAILURE);
        }
        if (Attempt.FAILURE != null) {
            String platform = Loader.Detector.getPlatform();
            throw new JobFailedException("ND4J's native libraries are missing on " + Host.name() + " (" + reason(Attempt.FAILURE)
                    + "): use the jar with natives, or give those of " + platform + " by --jars: nd4j-native, nd4j-native-preset, openblas,"
                    + " javacpp, dnnl and opencl with the classifiers that begin with " + platform, Attempt.FAILURE);
        }
        return Attempt.OPERATIONS;
    }

    /** The innermost cause names the library or class. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString().lines().findFirst().orElseThrow().replaceFirst("\\.$", "");
    }
}
