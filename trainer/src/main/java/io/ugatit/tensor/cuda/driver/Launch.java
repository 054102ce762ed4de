package io.ugatit.tensor.cuda.driver;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * A launch of a kernel, put together in native memory without objects and reused for the next: {@code launch.of(add).grid(8).block(256)
 * .pointer(x).int64(n).run()}. Arguments are told in the kernel's order and must be of its types: nobody checks them. Not thread-safe.
 */
public final class Launch {
    private static final int MOST_THREADS = 1024;
    private static final int MOST_THREADS_DEEP = 64;
    private static final int MOST_BLOCKS_HIGH = 65_535;
    private static final int MOST_ARGUMENTS = 128;
    /** As many bytes as the driver takes. */
    private static final int MOST_BYTES = 4096;
    /** Of the strictest argument, and of what vectors in structs may want. */
    private static final int ALIGNMENT = 16;

    private final CudaStream stream;
    /** Where each argument is, then the arguments. */
    private final NativeMemory memory = new NativeMemory(MOST_ARGUMENTS * Long.BYTES + MOST_BYTES);
    private final ByteBuffer bytes = memory.bytes;
    private int arguments;
    private int end;
    private CudaFunction function;
    private int gridX;
    private int gridY;
    private int gridZ;
    private int blockX;
    private int blockY;
    private int blockZ;

    Launch(CudaStream stream) {
        this.stream = stream;
    }

    /** Begins a launch: no arguments, one block of one thread, no shared memory beyond what the kernel declares. */
    public Launch of(CudaFunction function) {
        this.function = function;
        arguments = 0;
        end = MOST_ARGUMENTS * Long.BYTES;
        return grid(1).block(1);
    }

    /** As {@link #grid(int, int, int)} with 1 for the others. */
    public Launch grid(int x) {
        return grid(x, 1, 1);
    }

    /** As {@link #grid(int, int, int)} with 1 for the other. */
    public Launch grid(int x, int y) {
        return grid(x, y, 1);
    }

    /**
     * How many blocks.
     *
     * @param x at least 1
     * @param y from 1 to 65535
     * @param z from 1 to 65535
     * @throws IllegalArgumentException outside of these ranges
     */
    public Launch grid(int x, int y, int z) {
        if (x < 1 || y < 1 || z < 1 || y > MOST_BLOCKS_HIGH || z > MOST_BLOCKS_HIGH) {
            throw new IllegalArgumentException("a grid is 1 to 2147483647 by 1 to 65535 by 1 to 65535 blocks, not "
                    + x + " by " + y + " by " + z);
        }
        gridX = x;
        gridY = y;
        gridZ = z;
        return this;
    }

    /** As {@link #block(int, int, int)} with 1 for the others. */
    public Launch block(int x) {
        return block(x, 1, 1);
    }

    /** As {@link #block(int, int, int)} with 1 for the other. */
    public Launch block(int x, int y) {
        return block(x, y, 1);
    }

    /**
     * How many threads a block has: 1024 in all at most.
     *
     * @param x at least 1
     * @param y at least 1
     * @param z from 1 to 64
     * @throws IllegalArgumentException outside of these ranges
     */
    public Launch block(int x, int y, int z) {
        if (x < 1 || y < 1 || z < 1 || z > MOST_THREADS_DEEP || x > MOST_THREADS || y > MOST_THREADS || x * y * z > MOST_THREADS) {
            throw new IllegalArgumentException("a block has 1 to 1024 threads, 64 deep at most, not " + x + " by " + y + " by " + z);
        }
        blockX = x;
        blockY = y;
        blockZ = z;
        return this;
    }

    /** An address on the GPU; 0 is the null pointer. */
    public Launch pointer(long address) {
        return int64(address);
    }

    /** An {@code int}. */
    public Launch int32(int value) {
        bytes.putInt(next(Integer.BYTES), value);
        return this;
    }

    /** A {@code long long}. */
    public Launch int64(long value) {
        bytes.putLong(next(Long.BYTES), value);
        return this;
    }

    /** A {@code float}. */
    public Launch float32(float value) {
        bytes.putFloat(next(Float.BYTES), value);
        return this;
    }

    /** A {@code double}. */
    public Launch float64(double value) {
        bytes.putDouble(next(Double.BYTES), value);
        return this;
    }

    /** A struct of nothing but ints, by value. */
    public Launch ints(int... values) {
        int at = next(values.length * Integer.BYTES);
        for (int i = 0; i < values.length; i++) {
            bytes.putInt(at + i * Integer.BYTES, values[i]);
        }
        return this;
    }

    /** Where the next argument goes. */
    private int next(int length) {
        int at = end;
        if (arguments == MOST_ARGUMENTS || at + length > bytes.capacity()) {
            throw new IllegalArgumentException("a kernel takes at most " + MOST_ARGUMENTS + " arguments of " + MOST_BYTES + " bytes");
        }
        bytes.putLong(arguments * Long.BYTES, memory.address + at);
        arguments++;
        end = at + (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return at;
    }

    /**
     * Queues it. The driver copies the arguments, so the next launch may begin at once.
     *
     * @throws IllegalStateException after the stream or the module is closed
     * @throws DeviceLostException if the GPU can be used no more, which may come from work before
     * @throws io.ugatit.job.JobFailedException if the driver refuses
     */
    public void run() {
        long queue = stream.use();
        int status = Libcuda.cuLaunchKernel(function.use(), gridX, gridY, gridZ, blockX, blockY, blockZ, 0, queue,
                memory.address, 0);
        Reference.reachabilityFence(memory);
        if (status != Status.SUCCESS) {
            stream.context.check("the launch of " + function.name(), status);
        }
    }
}
