package io.ugatit.tensor.cuda.driver;

import com.sun.jna.Pointer;
import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import java.util.Set;
import java.util.function.LongToIntFunction;

/** What the driver's statuses mean: nothing more to do, or an exception with one line. */
final class Status {
    static final int SUCCESS = 0;
    static final int OUT_OF_MEMORY = 2;
    static final int UNAVAILABLE = 46;
    static final int NO_DEVICE = 100;
    static final int INVALID_PTX = 218;
    static final int UNSUPPORTED_PTX_VERSION = 222;

    /**
     * After these nothing works until the process ends: unavailable, gone, memory errors, and kernels that ran into an exception.
     */
    private static final Set<Integer> LOST = Set.of(UNAVAILABLE, NO_DEVICE, 214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719,
            721, 810, 999);

    private Status() { }

    /** Whether the GPU can be used no more by this process. */
    static boolean isLost(int status) {
        return LOST.contains(status);
    }

    /**
     * @param where the GPU, as "GPU 0 (NVIDIA A10) on HOST"
     * @param operation what was asked for, such as "the launch of add"
     * @param status another than {@link #SUCCESS}
     */
    static JobFailedException failure(String where, String operation, int status) {
        if (isLost(status)) {
            return new DeviceLostException(where + " has failed at " + operation + " or before it (" + words(status)
                    + "): this process cannot use it any more and must be started again; if that does not help, see nvidia-smi and dmesg");
        }
        return new JobFailedException(where + " refuses " + operation + " (" + words(status) + ")");
    }

    /**
     * For what is asked of the driver before there is a GPU to name.
     *
     * @param operation what was asked for
     * @throws JobFailedException if the status is another than {@link #SUCCESS}
     */
    static void require(String operation, int status) {
        if (status != SUCCESS) {
            throw failure("the NVIDIA driver on " + Host.name(), operation, status);
        }
    }

    /** "CUDA_ERROR_INVALID_PTX, status 218: a PTX JIT compilation failed" */
    static String words(int status) {
        String name = text(at -> Libcuda.cuGetErrorName(status, at));
        String sentence = text(at -> Libcuda.cuGetErrorString(status, at));
        return (name.isEmpty() ? "status " : name + ", status ") + status + (sentence.isEmpty() ? "" : ": " + sentence);
    }

    /** A constant text of the driver's; empty if it does not know the status. */
    private static String text(LongToIntFunction call) {
        NativeMemory cell = new NativeMemory(Long.BYTES);
        if (call.applyAsInt(cell.address) != SUCCESS || cell.bytes.getLong(0) == 0) {
            return "";
        }
        return new Pointer(cell.bytes.getLong(0)).getString(0);
    }
}
