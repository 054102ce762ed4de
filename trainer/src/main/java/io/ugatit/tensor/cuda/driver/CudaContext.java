package io.ugatit.tensor.cuda.driver;

import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import java.util.function.LongToIntFunction;

/**
 * What this process has on one GPU: the primary context, which it shares with whoever else in the process uses that GPU. Everything of it
 * may be called from any thread, and makes the context current there by itself. Close what was made here before it: afterwards it is gone.
 */
public final class CudaContext implements AutoCloseable {
    /** What each thread has made current last: asking the driver would cost as much as a launch. */
    private static final ThreadLocal<CudaContext> CURRENT = new ThreadLocal<>();
    /** Copies and kernels of this stream do not wait for those of the default stream. */
    private static final int NON_BLOCKING = 1;
    /** No times, so recording costs less. */
    private static final int WITHOUT_TIMING = 2;
    private static final int JIT_ERROR_LOG = 5;
    private static final int JIT_ERROR_LOG_LENGTH = 6;
    private static final int LOG_LENGTH = 4096;

    private final CudaDevice device;
    private final int deviceHandle;
    private final long handle;
    private volatile boolean closed;
    private volatile boolean lost;

    private CudaContext(CudaDevice device, int deviceHandle, long handle) {
        this.device = device;
        this.deviceHandle = deviceHandle;
        this.handle = handle;
    }

    /**
     * Begins to use a GPU. The process's first time takes some tenths of a second and a few hundred MiB of the GPU's memory.
     *
     * @param gpu the driver's number for it, from 0
     * @throws JobFailedException if there is no driver or no such GPU, it cannot be used, or does not answer
     */
    public static CudaContext open(int gpu) {
        CudaDevice device = CudaDriver.require(gpu);
        int deviceHandle = CudaDriver.handle(gpu);
        NativeMemory cell = new NativeMemory(Long.BYTES);
        int status = Libcuda.cuDevicePrimaryCtxRetain(cell.address, deviceHandle);
        if (status != Status.SUCCESS) {
            throw status == Status.OUT_OF_MEMORY || status == Status.UNAVAILABLE
                    ? new JobFailedException(where(device) + " cannot be used (" + Status.words(status)
                            + "): other processes hold it or all of its memory, which nvidia-smi lists; wait for them or end them")
                    : Status.failure(where(device), "a context", status);
        }
        return new CudaContext(device, deviceHandle, cell.bytes.getLong(0));
    }

    private static String where(CudaDevice device) {
        return device + " on " + Host.name();
    }

    /** The GPU. */
    public CudaDevice device() {
        return device;
    }

    /**
     * Makes the context current in the calling thread; a few nanoseconds if it is already. Whatever else in the process makes another one
     * current by itself must restore this one.
     *
     * @throws IllegalStateException after {@link #close}
     * @throws JobFailedException if the driver refuses
     */
    public void use() {
        if (closed) {
            throw new IllegalStateException("the context of " + device + " is closed");
        }
        if (CURRENT.get() != this) {
            check("a thread", Libcuda.cuCtxSetCurrent(handle));
            CURRENT.set(this);
        }
    }

    /**
     * A new stream, which waits for no other.
     *
     * @throws JobFailedException if the driver refuses
     */
    public CudaStream newStream() {
        return new CudaStream(this, create("a stream", at -> Libcuda.cuStreamCreate(at, NON_BLOCKING)));
    }

    /**
     * A new event, for streams that wait for others.
     *
     * @throws JobFailedException if the driver refuses
     */
    public CudaEvent newEvent() {
        return new CudaEvent(this, create("an event", at -> Libcuda.cuEventCreate(at, WITHOUT_TIMING)));
    }

    /**
     * Compiles kernels for this GPU. The driver keeps what it has compiled in a folder of the user's (CUDA_CACHE_PATH).
     *
     * @param ptx their text, without a zero at its end
     * @throws JobFailedException if the driver cannot compile it; the line ends with the compiler's first words
     */
    public CudaModule load(byte[] ptx) {
        use();
        NativeMemory image = NativeMemory.terminated(ptx);
        NativeMemory log = new NativeMemory(LOG_LENGTH);
        NativeMemory names = new NativeMemory(2 * Integer.BYTES);
        names.bytes.putInt(0, JIT_ERROR_LOG).putInt(Integer.BYTES, JIT_ERROR_LOG_LENGTH);
        NativeMemory values = new NativeMemory(2 * Long.BYTES);
        values.bytes.putLong(0, log.address).putLong(Long.BYTES, LOG_LENGTH);
        NativeMemory cell = new NativeMemory(Long.BYTES);
        int status = Libcuda.cuModuleLoadDataEx(cell.address, image.address, 2, names.address, values.address);
        if (status == Status.INVALID_PTX || status == Status.UNSUPPORTED_PTX_VERSION) {
            String said = log.text().lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
            throw new JobFailedException("the NVIDIA driver of CUDA " + CudaLibrary.words(CudaDriver.version()) + " does not compile the"
                    + " kernels for " + where(device) + ", compute capability " + device.major() + "." + device.minor() + " ("
                    + Status.words(status) + "): install a newer driver, or use the CPU" + (said.isEmpty() ? "" : "; it says: " + said));
        }
        check("the kernels", status);
        return new CudaModule(this, cell.bytes.getLong(0));
    }

    /**
     * New memory on the GPU with undefined content. This is slow, and may wait for all that the GPU has to do: {@link DevicePool} keeps it.
     *
     * @param bytes at least 1
     * @throws IllegalArgumentException if it is less
     * @throws OutOfDeviceMemoryException if there is not as much
     * @throws JobFailedException if the driver refuses
     */
    public DeviceMemory allocate(long bytes) {
        requirePositive(bytes);
        return new DeviceMemory(this, create(bytes + " bytes", at -> Libcuda.cuMemAlloc_v2(at, bytes)), bytes);
    }

    private static void requirePositive(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("at least one byte of memory is needed, not " + bytes);
        }
    }

    /**
     * Bytes of the GPU's memory that nobody uses.
     *
     * @throws JobFailedException if the driver refuses
     */
    long freeBytes() {
        use();
        NativeMemory info = new NativeMemory(2 * Long.BYTES);
        check("a look at its memory", Libcuda.cuMemGetInfo_v2(info.address, info.address + Long.BYTES));
        return info.bytes.getLong(0);
    }

    private String freeOfTotal() {
        NativeMemory info = new NativeMemory(2 * Long.BYTES);
        int status = Libcuda.cuMemGetInfo_v2(info.address, info.address + Long.BYTES);
        return status == Status.SUCCESS ? info.bytes.getLong(0) + " of " + info.bytes.getLong(Long.BYTES) + " bytes are free"
                : Status.words(status);
    }

    /** Whether the GPU has failed: this process can use it no more. */
    public boolean isLost() {
        return lost;
    }

    /** Whether what is on the GPU can still be given back. */
    boolean isAlive() {
        return !closed && !lost;
    }

    /** A handle that the driver writes to the address it gets. */
    private long create(String what, LongToIntFunction call) {
        use();
        NativeMemory cell = new NativeMemory(Long.BYTES);
        check(what, call.applyAsInt(cell.address));
        return cell.bytes.getLong(0);
    }

    /**
     * Goes on if the status says that all is well.
     *
     * @param operation what was asked for, as a noun
     * @throws DeviceLostException if the GPU can be used no more
     * @throws OutOfDeviceMemoryException if there is not as much memory
     * @throws JobFailedException for any other status
     */
    void check(String operation, int status) {
        if (status != Status.SUCCESS) {
            throw failure(operation, status);
        }
    }

    private JobFailedException failure(String operation, int status) {
        if (status == Status.OUT_OF_MEMORY) {
            return outOfMemory(operation);
        }
        lost |= Status.isLost(status);
        return Status.failure(where(device), operation, status);
    }

    /**
     * What to throw where a library finds too little memory, with what is free.
     *
     * @param operation what it was for, as a noun
     */
    public OutOfDeviceMemoryException outOfMemory(String operation) {
        return new OutOfDeviceMemoryException(where(device) + " has not enough memory for " + operation + " (" + freeOfTotal()
                + "): end what else runs there, or train smaller images or the light generator");
    }

    /**
     * Gives the context back; a second time does nothing. What was made here and is not closed goes with it if nobody else uses the GPU.
     *
     * @throws JobFailedException if the driver refuses
     */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (!lost) {
                check("the end of its context", Libcuda.cuDevicePrimaryCtxRelease_v2(deviceHandle));
            }
        }
    }
}
