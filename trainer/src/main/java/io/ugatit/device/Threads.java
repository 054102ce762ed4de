package io.ugatit.device;

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
     * @throws io.ugatit.job.JobFailedException if ND4J's libraries are not there, as {@link Natives#require} tells it
     */
    public static void use(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one thread is needed, not " + count);
        }
        // omp_set_num_threads, which is a setting of the calling thread
        Natives.operations().setOmpNumThreads(count);
    }

    /** Runs something with a limit of its own; afterwards the calling thread has the one it had. @param count cores, at least 1 */
    public static void with(int count, Runnable action) {
        int before = inUse();
        use(count);
        try {
            action.run();
        } finally {
            use(before);
        }
    }

    /** The number of cores the calling thread's operations may use. */
    public static int inUse() {
        return Natives.operations().ompGetMaxThreads();
    }
}
