package io.ugatit.tensor.cuda.driver;

/** Something of a context's that must be given back, by its handle. */
abstract class Owned implements AutoCloseable {
    /** Where it was made. */
    final CudaContext context;
    private final String what;
    private final long handle;
    private volatile boolean closed;

    /** @param what it is, for messages, such as "the stream" */
    Owned(CudaContext context, String what, long handle) {
        this.context = context;
        this.what = what;
        this.handle = handle;
    }

    /**
     * Its handle, after making the context current in the calling thread.
     *
     * @throws IllegalStateException after {@link #close}
     */
    final long use() {
        context.use();
        return handle();
    }

    /** @throws IllegalStateException after {@link #close} */
    final long handle() {
        if (closed) {
            throw new IllegalStateException(what + " of " + context.device() + " is closed");
        }
        return handle;
    }

    /** Gives it back to the driver. Returns the status. */
    abstract int destroy(long handle);

    /**
     * Gives it back; a second time does nothing. Nor is there anything to do after the context is closed or the GPU is lost.
     *
     * @throws io.ugatit.job.JobFailedException if the driver refuses, which may come from work before
     */
    @Override
    public final void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (context.isAlive()) {
            context.use();
            context.check("the end of " + what, destroy(handle));
        }
    }
}
