package io.ugatit.tensor.choice;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.cpu.CpuKernels;
import io.ugatit.tensor.cpu.CpuKernelsNeeds;
import io.ugatit.tensor.host.HostKernels;
import io.ugatit.tensor.nd4j.Nd4jKernels;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the fastest kernels that this JVM can use, once, and says which in the log. */
public final class KernelChoice {
    private static final Logger LOG = LoggerFactory.getLogger(KernelChoice.class);
    private static final boolean CPU_KERNELS = cpuKernels();

    private KernelChoice() { }

    private static boolean cpuKernels() {
        if (!Nd4j.getBackend().getClass().getName().contains("cpu")) {
            LOG.info("Kernels: ND4J's operations, on a GPU");
            return false;
        }
        Optional<String> lack = CpuKernelsNeeds.lacking();
        lack.ifPresentOrElse(
                what -> LOG.warn("{}: a training step takes two to three times as long, on ND4J's operations alone", what),
                () -> LOG.info("Kernels: oneDNN, and vectors of {} floats", CpuKernelsNeeds.lanes()));
        return lack.isEmpty();
    }

    /** The kernels for this machine, on arrays of single precision. */
    public static Compute compute() {
        return compute(DataType.FLOAT);
    }

    /**
     * The kernels for this machine.
     *
     * @param type FLOAT; DOUBLE serves to check gradients against finite differences
     */
    public static Compute compute(DataType type) {
        return type == DataType.FLOAT && CPU_KERNELS ? HostKernels.compute(CpuKernels::new, type) : portable(type);
    }

    /** The kernels that run on any machine: ND4J's operations alone. */
    public static Compute portable(DataType type) {
        return HostKernels.compute(() -> new Nd4jKernels(type), type);
    }
}
