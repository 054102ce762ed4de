package io.ugatit.cluster;

import io.ugatit.cluster.rounds.RoundReport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a round's workers have computed on, and what is wrong with it.
 *
 * @param workers that took part
 */
record Placement(List<RoundReport.Worker> workers) {
    private static final String OWN_OF_GPUS = "cuda ";
    private static final String ON_GPU = " on GPU ";

    /** One line: "workers compute on the CPU (KERNELS)", or the GPUs with their hosts. */
    String line() {
        return "workers compute on " + distinct(workers.stream(), worker -> worker.device().onGpu()
                ? worker.device() + " of " + worker.host() + " (" + worker.kernels() + ")" : worker.device() + " (" + worker.kernels() + ")");
    }

    /** The names of their kernels, with the GPU's where they do not say it, in one order. */
    String kernels() {
        return workers.stream().map(worker -> !worker.device().onGpu() || worker.kernels().contains(worker.device().model())
                ? worker.kernels() : worker.kernels() + ON_GPU + worker.device().model()).distinct().sorted().collect(Collectors.joining(", "));
    }

    /** Whether some of {@link #kernels} compute on GPUs. */
    static boolean ofGpus(String kernels) {
        return kernels.contains(OWN_OF_GPUS) || kernels.contains(ON_GPU);
    }

    /**
     * A line for each thing that the user may not have wanted.
     *
     * @param local whether all workers are threads of this JVM, to which Spark assigns no GPUs
     */
    List<String> warnings(boolean local) {
        List<String> warnings = new ArrayList<>();
        if (workers.stream().map(worker -> worker.kernels() + worker.device().model()).distinct().count() > 1) {
            warnings.add("workers compute with different kernels: " + distinct(workers.stream(),
                    worker -> worker.kernels() + (worker.device().model().isEmpty() ? "" : ", " + worker.device().model()) + " on " + worker.host())
                    + "; the last bits depend on which worker runs where: start all executors with the same JVM options on like machines");
        }
        if (workers.stream().anyMatch(idle())) {
            warnings.add("Spark has assigned GPUs (" + distinct(workers.stream().filter(idle()),
                    worker -> String.join(" and ", worker.gpus()) + " of " + worker.host())
                    + "), but the workers compute on the CPU: their log says why, or --kernels does");
        }
        if (!local && workers.stream().anyMatch(unassigned())) {
            warnings.add("Spark has assigned no GPU, so every worker takes GPU 0 of its host: give spark.executor.resource.gpu.amount=1 and"
                    + " spark.task.resource.gpu.amount=1, as the files conf/*-gpu.conf do");
        }
        return warnings;
    }

    private static Predicate<RoundReport.Worker> idle() {
        return worker -> !worker.gpus().isEmpty() && !worker.device().onGpu();
    }

    private static Predicate<RoundReport.Worker> unassigned() {
        return worker -> worker.gpus().isEmpty() && worker.device().onGpu();
    }

    private static String distinct(Stream<RoundReport.Worker> workers, Function<RoundReport.Worker, String> text) {
        return workers.map(text).distinct().collect(Collectors.joining(", "));
    }
}
