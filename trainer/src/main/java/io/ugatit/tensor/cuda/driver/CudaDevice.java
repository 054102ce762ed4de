package io.ugatit.tensor.cuda.driver;

import io.ugatit.job.Host;
import java.util.Optional;

/**
 * A GPU that the driver shows to this process.
 *
 * @param index the driver's number for it, from 0: CUDA_VISIBLE_DEVICES and CUDA_DEVICE_ORDER change it
 * @param name such as NVIDIA A10
 * @param major of its compute capability
 * @param minor of its compute capability, from 0 to 9
 * @param multiprocessors how many it has
 * @param bytes of memory in all
 * @param pciBusId such as 0000:3B:00.0, which names the card whatever its number
 * @param uuid such as GPU-743ae36a-4b10-b4a6-e4b2-0a9b4b2b9b51, as nvidia-smi prints it but for MIG instances, whose names begin
 *     with MIG there
 */
public record CudaDevice(int index, String name, int major, int minor, int multiprocessors, long bytes, String pciBusId, String uuid) {
    /** What the kernels are compiled for at least: 7.5. */
    static final int LEAST_CAPABILITY = 75;

    /** Its compute capability times ten, such as 75, 80 or 120. */
    public int capability() {
        return 10 * major + minor;
    }

    /** Why it cannot be used, as one line that says what to do; empty if it can. */
    public Optional<String> problem() {
        return capability() >= LEAST_CAPABILITY ? Optional.empty()
                : Optional.of(this + " on " + Host.name() + " has compute capability " + major + "." + minor
                        + ": use a GPU of 7.5 or newer (T4, RTX 20, A10, A100, L4, H100), or the CPU");
    }

    /** "GPU 0 (NVIDIA A10)" */
    @Override
    public String toString() {
        return "GPU " + index + " (" + name + ")";
    }
}
