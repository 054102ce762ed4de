package io.ugatit.tensor.cuda.driver;

import io.ugatit.job.JobFailedException;

/** Kernels, compiled for one GPU ({@link CudaContext#load}). */
public final class CudaModule extends Owned {
    private static final int NOT_FOUND = 500;

    CudaModule(CudaContext context, long handle) {
        super(context, "the module", handle);
    }

    /**
     * A kernel by its name.
     *
     * @throws IllegalArgumentException if there is none of that name
     * @throws JobFailedException if the driver refuses
     */
    public CudaFunction function(String name) {
        long handle = use();
        NativeMemory text = NativeMemory.text(name);
        NativeMemory cell = new NativeMemory(Long.BYTES);
        int status = Libcuda.cuModuleGetFunction(cell.address, handle, text.address);
        if (status == NOT_FOUND) {
            throw new IllegalArgumentException("the module has no kernel '" + name + "'");
        }
        context.check("the kernel " + name, status);
        return new CudaFunction(this, name, cell.bytes.getLong(0));
    }

    @Override
    int destroy(long handle) {
        return Libcuda.cuModuleUnload(handle);
    }
}
