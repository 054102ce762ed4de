package io.ugatit.tensor.cuda.cudnn;

/** How one convolution is computed in one stream, for {@link CudnnStream#run}. */
public final class Plan implements AutoCloseable {
    private final OperationGraph graph;
    private final Descriptor plan;
    private final long workspaceBytes;

    Plan(OperationGraph graph, Descriptor plan) {
        this.graph = graph;
        this.plan = plan;
        this.workspaceBytes = Heuristics.workspace(plan);
    }

    long address() {
        return plan.address();
    }

    /** Memory that it needs while it runs, from 0 to 1 GiB. */
    public long workspaceBytes() {
        return workspaceBytes;
    }

    /** Gives its descriptors back; {@link CudnnStream} does so. */
    @Override
    public void close() {
        plan.close();
        graph.close();
    }
}
