package io.ugatit.tensor;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How many cores the natives use for what one Java thread asks of them. Without a limit every Spark slot would use all cores of its
 * executor, and two slots would fight over them: one thread a slot is the fastest.
 */
public final class Threads {
    private Threads() { }

    /**
     * Limits the calling thread's operations from now on; other threads keep what they have. Convolutions and element-wise operations obey.
     * OpenBLAS has threads of its own and ND4J cuts large reductions by the process's limit: those follow the environment variables
     * {@code OPENBLAS_NUM_THREADS} and {@code OMP_NUM_THREADS} only.
     *
     * @param count cores, at least 1: {@code spark.task.cpus} on Spark
     * @throws IllegalArgumentException if the count is less than 1
     */
    public static void use(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one thread is needed, not " + count);
        }
        // omp_set_num_threads, which is a setting of the calling thread
        Natives.OPERATIONS.setOmpNumThreads(count);
    }

    /** The number of cores the calling thread's operations may use. */
    public static int inUse() {
        return Natives.OPERATIONS.ompGetMaxThreads();
    }

    /** Loaded on first use. */
    private static final class Natives {
        static final NativeOps OPERATIONS = load();

        private static NativeOps load() {
            // ND4J's start tells the holder which library to load
            Nd4j.getEnvironment();
            return NativeOpsHolder.getInstance().getDeviceNativeOps();
        }
    }
}
