package io.ugatit.tensor.cuda.driver;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Work for a GPU, done in the order it was queued. Nothing here waits for the GPU unless it says so. What fails is told by a later call.
 * Memory must stay as it is until what uses it has ended, which the stream does not watch over. Errors are
 * {@link io.ugatit.job.JobFailedException}s, of which {@link DeviceLostException} says that the process can use the GPU no more;
 * {@link IllegalStateException} after {@link #close}.
 */
public final class CudaStream extends Owned {
    /** Allocating is allowed meanwhile, in this and other threads: what is allocated is kept as long as the graph. */
    private static final int RELAXED = 2;

    CudaStream(CudaContext context, long handle) {
        super(context, "the stream", handle);
    }

    /** Where it was made. */
    public CudaContext context() {
        return context;
    }

    /** The driver's handle, for libraries that queue work here; its context is current in the calling thread then. */
    public long nativeHandle() {
        return use();
    }

    /** Waits until all that was queued has ended. */
    public void synchronize() {
        long handle = use();
        context.check("waiting for its work", Libcuda.cuStreamSynchronize(handle));
    }

    /** Lets an event stand for all that was queued so far. */
    public void record(CudaEvent event) {
        long handle = use();
        context.check("an event", Libcuda.cuEventRecord(event.handle(), handle));
    }

    /** What is queued from now on waits until the event's point, recorded before in any stream, is reached; no thread waits. */
    public void await(CudaEvent event) {
        long handle = use();
        context.check("a wait for an event", Libcuda.cuStreamWaitEvent(handle, event.handle(), 0));
    }

    /**
     * Copies to the GPU. Memory that is not pinned may be changed as soon as this returns; then it may wait for the GPU.
     *
     * @param to on the GPU
     * @param hostAddress of the host
     * @param bytes from 0
     */
    public void copyToDevice(long to, long hostAddress, long bytes) {
        long handle = use();
        context.check("a copy of " + bytes + " bytes to it", Libcuda.cuMemcpyHtoDAsync_v2(to, hostAddress, bytes, handle));
    }

    /**
     * As the other, of a buffer's remaining bytes; its position stays.
     *
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public void copyToDevice(long to, ByteBuffer from) {
        copyToDevice(to, NativeMemory.address(from), from.remaining());
        Reference.reachabilityFence(from);
    }

    /**
     * Copies to the host. Of memory that is not pinned this waits until it is there, as the pinned memory's content is only after
     * {@link #synchronize}.
     *
     * @param hostAddress of the host
     * @param from on the GPU
     * @param bytes from 0
     */
    public void copyToHost(long hostAddress, long from, long bytes) {
        long handle = use();
        context.check("a copy of " + bytes + " bytes from it", Libcuda.cuMemcpyDtoHAsync_v2(hostAddress, from, bytes, handle));
    }

    /**
     * As the other, into a buffer's remaining bytes; its position stays. The caller must keep the buffer until the copy has ended.
     *
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public void copyToHost(ByteBuffer to, long from) {
        copyToHost(NativeMemory.address(to), from, to.remaining());
        Reference.reachabilityFence(to);
    }

    /**
     * Copies on the GPU; the two must not overlap.
     *
     * @param bytes from 0
     */
    public void copyOnDevice(long to, long from, long bytes) {
        long handle = use();
        context.check("a copy of " + bytes + " bytes on it", Libcuda.cuMemcpyDtoDAsync_v2(to, from, bytes, handle));
    }

    /**
     * Sets every byte.
     *
     * @param value of which the low eight bits count
     * @param bytes from 0
     */
    public void fillBytes(long to, int value, long bytes) {
        long handle = use();
        context.check("a fill of " + bytes + " bytes", Libcuda.cuMemsetD8Async(to, value & 0xff, bytes, handle));
    }

    /** Launches of this stream, one after the other; for one thread at a time. */
    public Launch newLaunch() {
        return new Launch(this);
    }

    /**
     * Keeps what is queued meanwhile, here and in streams that wait for this one and are waited for, instead of doing it. Nothing may wait
     * for the GPU meanwhile. Copies of the host's memory read it at each launch of the graph, not now.
     *
     * @param work what queues
     * @throws io.ugatit.job.JobFailedException if the work did what cannot be captured, or the driver refuses
     */
    public CudaGraph capture(Runnable work) {
        long handle = use();
        context.check("a capture", Libcuda.cuStreamBeginCapture_v2(handle, RELAXED));
        NativeMemory cell = new NativeMemory(Long.BYTES);
        int status;
        boolean done = false;
        try {
            work.run();
            done = true;
        } finally {
            status = Libcuda.cuStreamEndCapture(handle, cell.address);
            if (!done && cell.bytes.getLong(0) != 0) {
                Libcuda.cuGraphDestroy(cell.bytes.getLong(0));
            }
        }
        context.check("the end of a capture", status);
        long graph = cell.bytes.getLong(0);
        status = Libcuda.cuGraphInstantiateWithFlags(cell.address, graph, 0);
        Libcuda.cuGraphDestroy(graph);
        context.check("a graph", status);
        return new CudaGraph(context, cell.bytes.getLong(0));
    }

    /** Queues all of a graph's work. */
    public void launch(CudaGraph graph) {
        long handle = use();
        context.check("the launch of a graph", Libcuda.cuGraphLaunch(graph.handle(), handle));
    }

    @Override
    int destroy(long handle) {
        return Libcuda.cuStreamDestroy_v2(handle);
    }
}
