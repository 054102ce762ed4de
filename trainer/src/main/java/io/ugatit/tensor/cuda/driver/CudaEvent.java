package io.ugatit.tensor.cuda.driver;

/** A point in a stream's work ({@link CudaStream#record}) that another stream waits for. */
public final class CudaEvent extends Owned {
    CudaEvent(CudaContext context, long handle) {
        super(context, "the event", handle);
    }

    @Override
    int destroy(long handle) {
        return Libcuda.cuEventDestroy_v2(handle);
    }
}
