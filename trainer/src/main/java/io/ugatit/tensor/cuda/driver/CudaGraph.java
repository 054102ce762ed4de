package io.ugatit.tensor.cuda.driver;

/**
 * Work that was captured once ({@link CudaStream#capture}) and is launched any number of times, with the addresses and numbers it had then.
 * Must not be closed before it has ended.
 */
public final class CudaGraph extends Owned {
    CudaGraph(CudaContext context, long executable) {
        super(context, "the graph", executable);
    }

    @Override
    int destroy(long handle) {
        return Libcuda.cuGraphExecDestroy(handle);
    }
}
