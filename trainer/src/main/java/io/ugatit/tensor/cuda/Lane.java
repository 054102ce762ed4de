package io.ugatit.tensor.cuda;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.cuda.driver.Arena;
import io.ugatit.tensor.cuda.driver.CudaEvent;
import io.ugatit.tensor.cuda.driver.CudaGraph;
import io.ugatit.tensor.cuda.driver.CudaStream;
import io.ugatit.tensor.cuda.driver.DeviceMemories;
import io.ugatit.tensor.cuda.driver.DeviceMemory;
import io.ugatit.tensor.cuda.driver.DevicePool;
import io.ugatit.tensor.cuda.driver.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * One stream with its memory and the shapes in which kernels are launched on it. What is taken and given back by the host is used in the
 * stream's order, so memory may be given back as soon as the last kernel that uses it is launched.
 */
final class Lane implements AutoCloseable {
    /** Threads of a block; kernels with shared memory rely on it. */
    private static final int BLOCK = 256;
    private static final int MOST_BLOCKS = 4096;
    private static final int MOST_ROWS = 65535;
    private static final int MOST_COLUMN_BLOCKS = 1024;
    private static final int PLANES_WIDTH = 32;
    private static final int PLANES_HEIGHT = 8;
    private static final int ENOUGH_BLOCKS = 256;
    private static final int MOST_PARTS = 64;
    private static final int LEAST_PIXELS = 64;
    private static final long ARENA_CHUNK = 4L << 20;
    private static final int TICKETS = 1 << 16;

    private final CudaProgram program;
    private final CudaStream stream;
    private final CudaEvent reached;
    private final Launch launch;
    private final DevicePool memory;
    private final Arena arena;
    private final long tickets;
    private final List<DeviceMemory> residents = new ArrayList<>();
    private final List<CudaGraph> graphs = new ArrayList<>();
    private boolean recording;

    /** @param memories of all lanes that tensors move between */
    Lane(CudaProgram program, DeviceMemories memories) {
        this.program = program;
        this.stream = program.context().newStream();
        this.reached = program.context().newEvent();
        this.launch = stream.newLaunch();
        this.memory = new DevicePool(stream, memories);
        this.arena = new Arena(memory, ARENA_CHUNK);
        try {
            this.tickets = residentBytes((long) TICKETS * Integer.BYTES);
            stream.fillBytes(tickets, 0, (long) TICKETS * Integer.BYTES);
        } catch (RuntimeException | Error e) {
            closeAfter(e);
            throw e;
        }
    }

    /** Closes it, which nobody else will. @param failure takes what goes wrong with that */
    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
    }

    CudaProgram program() {
        return program;
    }

    CudaStream stream() {
        return stream;
    }

    DevicePool memory() {
        return memory;
    }

    /** What is launched from now on waits for what the other lane has launched so far. */
    void follow(Lane other) {
        if (other.recording) {
            memory.keepAll();
        }
        other.stream.record(other.reached);
        stream.await(other.reached);
    }

    /** What is launched from now on is recorded, and what memory it uses must stay: graphs know addresses only. */
    void startRecording() {
        recording = true;
        memory.keepAll();
    }

    void stopRecording() {
        recording = false;
    }

    /** Lets a graph live as long as this lane. */
    CudaGraph keep(CudaGraph graph) {
        graphs.add(graph);
        return graph;
    }

    /** Makes all short-lived values free again. */
    void recycle() {
        arena.reset();
    }

    /**
     * Where so many zeros begin that a kernel's blocks count by which of them is the last; it leaves zeros.
     *
     * @throws IllegalArgumentException if there are not as many
     */
    long tickets(long count) {
        if (count > TICKETS) {
            throw new IllegalArgumentException("a kernel wants " + count + " tickets, and there are " + TICKETS);
        }
        return tickets;
    }

    /** Short-lived doubles, undefined. */
    CudaValues values(int length) {
        return new CudaValues(arena.take((long) length * Double.BYTES), length);
    }

    /** Where short-lived floats begin, undefined. */
    long floats(long length) {
        return arena.take(length * Float.BYTES);
    }

    /** Floats that live as long as this lane, undefined. */
    Tensor resident(long length) {
        DeviceMemory allocated = residentMemory(length * Float.BYTES);
        return new CudaTensor(allocated, allocated.address(), new long[] {length});
    }

    /** Where memory begins that lives as long as this lane. */
    long residentBytes(long bytes) {
        return residentMemory(bytes).address();
    }

    private DeviceMemory residentMemory(long bytes) {
        DeviceMemory allocated = program.context().allocate(bytes);
        residents.add(allocated);
        return allocated;
    }

    /** Does something with memory that is free again when it has been launched. */
    void withScratch(long bytes, LongConsumer use) {
        DeviceMemory scratch = memory.take(bytes);
        try {
            use.accept(scratch.address());
        } finally {
            memory.release(scratch);
        }
    }

    static long ceilDiv(long a, long b) {
        return (a + b - 1) / b;
    }

    /** The C struct {@code Maps}. */
    static int[] shape(FeatureMaps maps) {
        return new int[] {maps.images(), maps.channels(), maps.height(), maps.width(), maps.padding(), maps.lanes()};
    }

    /** A kernel with a thread an element, or with a loop if there are too many. */
    Launch vector(String kernel, long length) {
        return launch.of(program.function(kernel)).grid((int) Math.min(ceilDiv(length, BLOCK), MOST_BLOCKS)).block(BLOCK);
    }

    /** A kernel of one block. */
    Launch one(String kernel) {
        return grid(kernel, 1, 1, 1);
    }

    /** A kernel of the usual block. */
    Launch grid(String kernel, long x, long y, long z) {
        return launch.of(program.function(kernel)).grid(Math.toIntExact(x), Math.toIntExact(y), Math.toIntExact(z)).block(BLOCK);
    }

    /** A kernel of blocks of another shape. */
    Launch grid(String kernel, long x, long y, int blockWidth, int blockHeight) {
        return launch.of(program.function(kernel)).grid(Math.toIntExact(x), Math.toIntExact(y)).block(blockWidth, blockHeight);
    }

    /** A kernel with a block a row of pixels, the border among them if {@code padding} is that of the maps. */
    Launch rows(String kernel, FeatureMaps maps, int padding) {
        long columns = maps.width() + 2L * padding;
        long threads = maps.lanes() > 1 ? columns * maps.lanes() / 4 : columns;
        long rows = maps.images() * (maps.height() + 2L * padding) * (maps.lanes() > 1 ? 1 : maps.channels());
        return launch.of(program.function(kernel))
                .grid((int) Math.min(ceilDiv(threads, BLOCK), MOST_COLUMN_BLOCKS), (int) Math.min(rows, MOST_ROWS)).block(BLOCK);
    }

    /** Into how many parts the pixels of a plane are cut for sums. */
    static int parts(FeatureMaps maps) {
        long blocks = ceilDiv(maps.channels(), PLANES_WIDTH) * maps.images();
        long most = Math.min(MOST_PARTS, ceilDiv(maps.pixels(), LEAST_PIXELS));
        return (int) Math.max(1, Math.min(ENOUGH_BLOCKS / blocks, most));
    }

    /** A kernel that sums over planes, cut into {@link #parts}. */
    Launch planes(String kernel, FeatureMaps maps) {
        return launch.of(program.function(kernel))
                .grid((int) ceilDiv(maps.channels(), PLANES_WIDTH), parts(maps), maps.images()).block(PLANES_WIDTH, PLANES_HEIGHT);
    }

    @Override
    public void close() {
        if (program.context().isLost()) {
            return; // whoever closes this has a better reason to tell
        }
        stream.synchronize();
        graphs.forEach(CudaGraph::close);
        arena.close();
        residents.forEach(DeviceMemory::close);
        residents.clear();
        memory.close();
        reached.close();
        stream.close();
    }
}
