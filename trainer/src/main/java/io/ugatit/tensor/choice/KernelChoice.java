package io.ugatit.tensor.choice;

import io.ugatit.device.Device;
import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FloatMemory;
import io.ugatit.tensor.cpu.CpuKernels;
import io.ugatit.tensor.cpu.CpuKernelsNeeds;
import io.ugatit.tensor.cuda.CudaKernels;
import io.ugatit.tensor.cuda.Precision;
import io.ugatit.tensor.cuda.cudnn.Cudnn;
import io.ugatit.tensor.cuda.driver.CudaDevice;
import io.ugatit.tensor.cuda.driver.CudaDriver;
import io.ugatit.tensor.host.HostKernels;
import io.ugatit.tensor.nd4j.Nd4jKernels;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a task computes with: the one place that knows every implementation. Says in the log what it has chosen.
 *
 * @param device what it computes on
 * @param kind the implementation, never {@link KernelKind#AUTO}
 * @param precision of convolutions on a GPU
 * @param byName whether a user has asked for this implementation, so that no other may take its place
 */
public record KernelChoice(Device device, KernelKind kind, Precision precision, boolean byName) {
    private static final Logger LOG = LoggerFactory.getLogger(KernelChoice.class);
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();
    private static final int TENSOR_CORES = 80;

    /** Asked once: a library that cannot be loaded gives its reason only the first time. */
    private static final class Cpu {
        static final Optional<String> LACK = CpuKernelsNeeds.lacking();
    }

    /**
     * Chooses for a task.
     *
     * @param assigned addresses of the GPUs that Spark has assigned to it, from none to one
     * @throws JobFailedException if this JVM cannot compute as asked; one line that says what is here and what to do
     */
    public static KernelChoice of(KernelOptions options, List<String> assigned) {
        problem(options, assigned).ifPresent(problem -> {
            throw new JobFailedException(problem);
        });
        KernelKind kind = kind(options, assigned);
        KernelChoice choice = kind == KernelKind.CUDA ? onGpu(options, assigned)
                : new KernelChoice(Device.take(assigned), kind, Precision.FP32, options.kernels() == kind);
        choice.say(assigned);
        return choice;
    }

    private static KernelChoice onGpu(KernelOptions options, List<String> assigned) {
        List<CudaDevice> devices = CudaDriver.devices();
        int gpu = Device.number(assigned, devices.size());
        return new KernelChoice(new Device(gpu, devices.get(gpu).name()), KernelKind.CUDA, options.precision(),
                options.kernels() == KernelKind.CUDA);
    }

    /**
     * The same, or ND4J's in the place of the CPU's where those do not reach all of a feature map.
     *
     * @param mapBytes of the largest
     * @throws JobFailedException if the CPU's were asked for by name
     */
    public KernelChoice reaching(long mapBytes) {
        if (kind != KernelKind.CPU || mapBytes <= FloatMemory.MOST_BYTES) {
            return this;
        }
        if (byName) {
            throw new JobFailedException(beyondReach(mapBytes));
        }
        String line = "Feature maps take up to " + mapBytes + " bytes, and the kernels for CPUs reach " + FloatMemory.MOST_BYTES
                + ": ND4J's operations take their place, two to three times as long. A smaller size, batch or number of channels does without";
        if (SAID.add(line)) {
            LOG.warn("{}", line);
        }
        return new KernelChoice(device, KernelKind.ND4J, precision, false);
    }

    static String beyondReach(long mapBytes) {
        return "--kernels is cpu, which reaches " + FloatMemory.MOST_BYTES + " bytes of a feature map, but the largest takes " + mapBytes
                + ": give --kernels nd4j, or make size, batch or channels smaller";
    }

    /** Why this JVM cannot compute as asked, as one line that says what to do. */
    static Optional<String> problem(KernelOptions options, List<String> assigned) {
        KernelKind kind = kind(options, assigned);
        if (kind == KernelKind.CUDA) {
            return ofGpu(assigned).map(problem -> "--kernels is cuda, but " + problem).or(() -> ofPrecision(options, assigned));
        }
        if (options.precision() != Precision.FP32) {
            return Optional.of("--precision is " + options.precision() + ", which only a GPU computes in, but "
                    + ofGpu(assigned).orElse("this is the build for ND4J's CUDA backend") + "; or leave --precision out");
        }
        return kind == KernelKind.CPU ? ofCpu().map(problem -> "--kernels is cpu, but " + problem + ": give --kernels nd4j") : Optional.empty();
    }

    private static Optional<String> ofGpu(List<String> assigned) {
        return CudaDriver.problem().or(() -> CudaDriver.problem(Device.number(assigned, CudaDriver.devices().size())));
    }

    private static Optional<String> ofPrecision(KernelOptions options, List<String> assigned) {
        List<CudaDevice> devices = CudaDriver.devices();
        CudaDevice device = devices.get(Device.number(assigned, devices.size()));
        if (options.precision() != Precision.FP32 && device.capability() < TENSOR_CORES) {
            return Optional.of("--precision is " + options.precision() + ", but " + device + " on " + Host.name()
                    + " has compute capability " + device.major() + "." + device.minor() + ", and it takes 8.0: leave --precision out");
        }
        return options.precision() != Precision.BF16 ? Optional.empty()
                : Cudnn.problem().map(problem -> "--precision is bf16, but " + problem + "; or give --precision tf32");
    }

    private static Optional<String> ofCpu() {
        return Device.isNd4jOnGpu() ? Optional.of("this build has ND4J's CUDA backend, which has no code for CPUs") : Cpu.LACK;
    }

    private static KernelKind kind(KernelOptions options, List<String> assigned) {
        if (options.kernels() != KernelKind.AUTO) {
            return options.kernels();
        }
        if (Device.isNd4jOnGpu()) {
            return KernelKind.ND4J;
        }
        if (ofGpu(assigned).isEmpty()) {
            return KernelKind.CUDA;
        }
        return ofCpu().isEmpty() ? KernelKind.CPU : KernelKind.ND4J;
    }

    private void say(List<String> assigned) {
        String line = switch (kind) {
            case CUDA -> "CUDA in " + precision + ", on " + device;
            case CPU -> "oneDNN, and vectors of " + CpuKernelsNeeds.lanes() + " floats";
            case ND4J, AUTO -> "ND4J's operations, on " + device;
        };
        if (SAID.add(line)) {
            LOG.info("Kernels: {}", line);
            if (kind == KernelKind.ND4J && !device.onGpu()) {
                Cpu.LACK.ifPresent(what ->
                        LOG.warn("{}: a training step takes two to three times as long, on ND4J's operations alone", what));
            }
            if (kind != KernelKind.CUDA && !device.onGpu() && !assigned.isEmpty()) {
                ofGpu(assigned).ifPresent(problem -> LOG.warn("Spark has assigned GPU {}, but {}", assigned, problem));
            }
        }
    }

    /** Kernels with memory of their own. */
    public Compute compute() {
        return switch (kind) {
            case CUDA -> CudaKernels.compute(device.gpu(), precision);
            case CPU -> HostKernels.compute(CpuKernels::new, DataType.FLOAT);
            case ND4J, AUTO -> portable(DataType.FLOAT);
        };
    }

    /** As asked if this JVM can, otherwise the fastest that it has: for what a driver computes beside its workers. */
    public static KernelChoice orFastest(KernelOptions options) {
        return of(problem(options, List.of()).isEmpty() ? options : KernelOptions.DEFAULT, List.of());
    }

    /** The kernels that this machine takes by itself. @param type FLOAT; others are {@link #portable} */
    public static Compute fastest(DataType type) {
        return type == DataType.FLOAT ? of(KernelOptions.DEFAULT, List.of()).compute() : portable(type);
    }

    /**
     * The kernels that run on any machine: ND4J's operations alone.
     *
     * @param type FLOAT; DOUBLE serves to check gradients against finite differences
     */
    public static Compute portable(DataType type) {
        return HostKernels.compute(() -> new Nd4jKernels(type), type);
    }
}
