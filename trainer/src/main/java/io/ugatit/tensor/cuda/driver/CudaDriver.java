package io.ugatit.tensor.cuda.driver;

import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongToIntFunction;

/**
 * Whether there is an NVIDIA driver, and what GPUs it shows to this process. The first call loads it, which takes a fraction of a second;
 * what it finds holds as long as the JVM does.
 */
public final class CudaDriver {
    /** Names the GPUs that the driver shows to a process. */
    static final String VISIBLE = "CUDA_VISIBLE_DEVICES";
    private static final int MULTIPROCESSORS = 16;
    private static final int MAJOR = 75;
    private static final int MINOR = 76;
    private static final int LONGEST_NAME = 256;

    private CudaDriver() { }

    /** Why no GPU can be used on this host, as one line that says what to do; empty if the driver is there and shows a GPU. */
    public static Optional<String> problem() {
        return CudaLibrary.problem().or(() -> count() == 0 ? Optional.of(noDevice(System.getenv(VISIBLE))) : Optional.empty());
    }

    /**
     * Why this GPU cannot be used, as one line that says what to do; empty if it can.
     *
     * @param gpu the driver's number for it, from 0
     */
    public static Optional<String> problem(int gpu) {
        return problem().or(() -> gpu >= 0 && gpu < count() ? device(gpu).problem()
                : Optional.of("there is no GPU " + gpu + " on " + Host.name() + ", where CUDA shows " + (count() == 1 ? "number 0 only"
                        : "the numbers 0 to " + (count() - 1)) + ": take one of these"
                        + " (CUDA_DEVICE_ORDER=PCI_BUS_ID counts as nvidia-smi does)"));
    }

    /**
     * Makes sure that there is a driver and a GPU.
     *
     * @throws JobFailedException with what {@link #problem()} says
     */
    public static void require() {
        problem().ifPresent(problem -> {
            throw new JobFailedException(problem);
        });
    }

    /**
     * Makes sure that a GPU can be used.
     *
     * @param gpu the driver's number for it, from 0
     * @throws JobFailedException with what {@link #problem(int)} says
     */
    public static CudaDevice require(int gpu) {
        problem(gpu).ifPresent(problem -> {
            throw new JobFailedException(problem);
        });
        return device(gpu);
    }

    /** The newest CUDA that the driver is for, such as 12040 for 12.4; 0 if there is no driver. */
    public static int version() {
        return CudaLibrary.version();
    }

    /**
     * The GPUs by their numbers, also those that cannot be used.
     *
     * @throws JobFailedException as {@link #require()}
     */
    public static List<CudaDevice> devices() {
        require();
        List<CudaDevice> devices = new ArrayList<>();
        for (int index = 0; index < count(); index++) {
            devices.add(device(index));
        }
        return List.copyOf(devices);
    }

    /** @param visible the environment variable {@link #VISIBLE}, or null if it is not set */
    static String noDevice(String visible) {
        return "the NVIDIA driver on " + Host.name() + " shows no GPU: " + (visible == null
                ? "nvidia-smi must list one there; in a container let its runtime pass the GPUs through (--gpus all)"
                : VISIBLE + " is '" + visible + "', and must name one of those that nvidia-smi lists, or be unset");
    }

    private static int count() {
        NativeMemory cell = new NativeMemory(Integer.BYTES);
        int status = Libcuda.cuDeviceGetCount(cell.address);
        if (status == Status.NO_DEVICE) {
            return 0;
        }
        Status.require("counting the GPUs", status);
        return cell.bytes.getInt(0);
    }

    private static CudaDevice device(int index) {
        int handle = handle(index);
        return new CudaDevice(index, text(at -> Libcuda.cuDeviceGetName(at, LONGEST_NAME, handle)), attribute(MAJOR, handle),
                attribute(MINOR, handle), attribute(MULTIPROCESSORS, handle),
                ask(at -> Libcuda.cuDeviceTotalMem_v2(at, handle)).bytes.getLong(0),
                text(at -> Libcuda.cuDeviceGetPCIBusId(at, LONGEST_NAME, handle)), uuid(handle));
    }

    /** What the driver's functions take for a GPU. */
    static int handle(int index) {
        return ask(at -> Libcuda.cuDeviceGet(at, index)).bytes.getInt(0);
    }

    private static int attribute(int attribute, int handle) {
        return ask(at -> Libcuda.cuDeviceGetAttribute(at, attribute, handle)).bytes.getInt(0);
    }

    private static String uuid(int handle) {
        byte[] content = new byte[16];
        ask(at -> Libcuda.cuDeviceGetUuid_v2(at, handle)).bytes.get(0, content);
        return "GPU-" + HexFormat.of().formatHex(content).replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
    }

    private static String text(LongToIntFunction call) {
        return ask(call).text();
    }

    private static NativeMemory ask(LongToIntFunction call) {
        NativeMemory answer = new NativeMemory(LONGEST_NAME);
        Status.require("a question about a GPU", call.applyAsInt(answer.address));
        return answer;
    }
}
