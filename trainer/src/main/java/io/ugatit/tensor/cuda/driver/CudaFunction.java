package io.ugatit.tensor.cuda.driver;

/** A kernel that can be launched ({@link Launch}) as long as its module is loaded. */
public final class CudaFunction {
    private final CudaModule module;
    private final String name;
    private final long handle;

    CudaFunction(CudaModule module, String name, long handle) {
        this.module = module;
        this.name = name;
        this.handle = handle;
    }

    /** As in the module. */
    public String name() {
        return name;
    }

    /** @throws IllegalStateException after its module is closed */
    long use() {
        module.handle();
        return handle;
    }
}
