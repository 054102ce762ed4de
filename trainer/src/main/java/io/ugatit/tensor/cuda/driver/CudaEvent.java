package io.ugatit.tensor.cuda.driver;

/** A point in a stream's work ({@link CudaStream#record}) that another stream or a thread waits for. */
public final class CudaEvent extends Owned {
    CudaEvent(CudaContext context, long handle) {
        super(context, "the event", handle);
    }

    /**
     * Waits until the work before the point that was recorded last has ended; does not wait if there was none.
     *
     * @throws DeviceLostException if that work has failed
     * @throws io.ugatit.job.JobFailedException if the driver refuses
     */
    public void synchronize() {
        long handle = use();
        context.check("waiting for an event", Libcuda.cuEventSynchronize(handle));
    }

    @Override
    int destroy(long handle) {
        return Libcuda.cuEventDestroy_v2(handle);
    }
}
