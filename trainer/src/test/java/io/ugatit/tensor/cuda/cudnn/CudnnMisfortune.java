package io.ugatit.tensor.cuda.cudnn;

import io.ugatit.job.JobFailedException;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.tensor.choice.KernelKind;
import io.ugatit.tensor.choice.KernelOptions;
import io.ugatit.tensor.cuda.Precision;
import io.ugatit.tensor.cuda.StandInCudnn;
import java.util.List;
import java.util.Locale;

/** What {@link CudnnErrorsTest} lets go wrong in JVMs of their own, since a JVM binds one cuDNN only. */
public final class CudnnMisfortune {
    private CudnnMisfortune() { }

    /** Prints which kernels it gets, or why none; the first argument is the precision, the others set the environment (NAME=value). */
    public static void main(String[] args) {
        for (int i = 1; i < args.length; i++) {
            String[] pair = args[i].split("=", 2);
            StandInCudnn.set(pair[0], pair[1]);
        }
        try {
            KernelOptions options = new KernelOptions(KernelKind.CUDA, Precision.valueOf(args[0].toUpperCase(Locale.ROOT)));
            System.out.println("kernels: " + KernelChoice.of(options, List.of()).compute().kernels().name());
        } catch (JobFailedException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
