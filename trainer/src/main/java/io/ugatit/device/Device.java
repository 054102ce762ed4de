package io.ugatit.device;

import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a JVM computes on: the CPU, or one GPU if this is the build with ND4J's CUDA backend. Arrays stay on the GPU of the thread that made
 * them, so all threads of a JVM use the same.
 *
 * @param gpu its number, from 0; -1 is the CPU
 * @param model of the GPU; empty for the CPU
 */
public record Device(int gpu, String model) {
    /** The CPU. */
    static final Device CPU = new Device(-1, "");
    private static final AtomicReference<Device> TAKEN = new AtomicReference<>();

    /**
     * Takes what Spark has assigned for this JVM, and lets the calling thread use it. Without an assignment that is the CPU, or GPU 0 of the
     * build for GPUs, which has no code for CPUs.
     *
     * @param assigned addresses of the task's GPUs, from none to one
     * @throws JobFailedException if there is no such GPU, or this JVM has another one already; or as {@link Natives#require}
     */
    public static Device take(List<String> assigned) {
        Device device = choose(assigned, Natives.gpus());
        Device before = TAKEN.compareAndExchange(null, device);
        device.requireOnly(before == null ? device : before);
        follow();
        return device;
    }

    static Device choose(List<String> assigned, List<Gpu> found) {
        if (found.isEmpty()) {
            return CPU;
        }
        int number = number(assigned, found.size());
        return new Device(number, found.get(number).name());
    }

    /**
     * The GPU that Spark has assigned to a task, or GPU 0.
     *
     * @param assigned addresses of the task's GPUs, from none to one
     * @param count of the GPUs that CUDA sees here
     * @throws JobFailedException if there is no such GPU
     */
    public static int number(List<String> assigned, int count) {
        if (assigned.size() > 1) {
            throw new JobFailedException("Spark has assigned " + assigned.size() + " GPUs to a task on " + Host.name()
                    + ": spark.task.resource.gpu.amount must be at most 1");
        }
        String address = assigned.isEmpty() ? "0" : assigned.get(0);
        if (!address.matches("\\d{1,4}") || Integer.parseInt(address) >= count) {
            throw new JobFailedException("Spark has assigned GPU '" + address + "' on " + Host.name() + ", where CUDA sees the numbers 0 to "
                    + (count - 1) + ": the discovery script must print CUDA's numbers (CUDA_DEVICE_ORDER=PCI_BUS_ID)");
        }
        return Integer.parseInt(address);
    }

    /** Whether this is the build with ND4J's CUDA backend, which has no code for CPUs. */
    public static boolean isNd4jOnGpu() {
        return CudaGpus.isBackend();
    }

    void requireOnly(Device taken) {
        if (!equals(taken)) {
            throw new JobFailedException("an executor on " + Host.name() + " has " + taken + " and " + this
                    + ": spark.executor.resource.gpu.amount must be 1, one executor for each GPU");
        }
    }

    /** Lets the calling thread use what the JVM has taken; nothing to do before that, or on the CPU. */
    public static void follow() {
        Device taken = TAKEN.get();
        if (taken != null && taken.onGpu()) {
            Nd4j.getAffinityManager().unsafeSetDevice(taken.gpu());
        }
    }

    /** Not on the CPU. */
    public boolean onGpu() {
        return gpu >= 0;
    }

    /** "GPU 0 (NVIDIA A10)" or "the CPU". */
    @Override
    public String toString() {
        return onGpu() ? "GPU " + gpu + " (" + model + ")" : "the CPU";
    }
}
