package io.ugatit.tensor.cuda;

import io.ugatit.tensor.cuda.driver.CudaContext;
import io.ugatit.tensor.cuda.driver.CudaFunction;
import io.ugatit.tensor.cuda.driver.CudaModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The compiled kernels on one GPU, loaded once a process and GPU. */
final class CudaProgram {
    private static final int TENSOR_CORES = 80;
    private static final Map<Integer, CudaProgram> LOADED = new ConcurrentHashMap<>();

    private final CudaContext context;
    private final CudaModule module;
    private final Map<String, CudaFunction> functions = new ConcurrentHashMap<>();

    private CudaProgram(int gpu) {
        this.context = CudaContext.open(gpu);
        try {
            this.module = context.load(ptx(hasTensorCores() ? "kernels-80.ptx" : "kernels-75.ptx"));
        } catch (RuntimeException | Error e) {
            closeAfter(e);
            throw e;
        }
    }

    /** The driver keeps the context until all who have begun with it have ended. */
    private void closeAfter(Throwable failure) {
        try {
            context.close();
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * The kernels on a GPU.
     *
     * @throws io.ugatit.job.JobFailedException if the driver, the GPU or its memory does not allow it; one line that says what to do
     */
    static CudaProgram on(int gpu) {
        return LOADED.computeIfAbsent(gpu, CudaProgram::new);
    }

    private static byte[] ptx(String name) {
        try (InputStream in = CudaProgram.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar has no " + name + ": build it again");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    CudaContext context() {
        return context;
    }

    /** Whether there are kernels for TF32, which Ampere brought. */
    boolean hasTensorCores() {
        return context.device().capability() >= TENSOR_CORES;
    }

    CudaFunction function(String name) {
        return functions.computeIfAbsent(name, module::function);
    }
}
