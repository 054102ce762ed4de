package io.ugatit.gpucheck;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.job.Host;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Program;
import io.ugatit.tensor.cuda.cudnn.Cudnn;
import io.ugatit.tensor.cuda.driver.CudaDevice;
import io.ugatit.tensor.cuda.driver.CudaDriver;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Checks the kernels on one GPU and times them. Each stage computes in JVMs of its own, so one that fails, or loses the GPU, does not stop
 * the others; one that takes too long is killed.
 */
public final class GpuCheckJob {
    private final GpuCheckOptions options;
    private final PrintStream out;
    private final WorkerProcess worker;

    /**
     * @param options what to check
     * @param out where a line a stage goes
     */
    public GpuCheckJob(GpuCheckOptions options, PrintStream out) {
        this(options, out, Map.of());
    }

    /** @param environment variables for the processes that compute */
    GpuCheckJob(GpuCheckOptions options, PrintStream out, Map<String, String> environment) {
        this.options = options;
        this.out = out;
        this.worker = new WorkerProcess(options, environment);
    }

    /**
     * Runs the stages, one after the other; what fails is in the result.
     *
     * @throws InvalidRequestException if there is no driver, or no such GPU; one line that says what to do
     */
    public GpuCheckResult run() {
        CudaDriver.problem(options.gpu()).ifPresent(problem -> {
            throw new InvalidRequestException("--gpu is " + options.gpu() + ", but " + problem);
        });
        Set<Stage> stages = options.stages();
        long end = System.nanoTime() + options.minutes() * 60_000_000_000L;
        int weights = stages.stream().mapToInt(Stage::weight).sum();
        List<StageReport> reports = new ArrayList<>();
        for (Stage stage : stages) {
            // what one stage leaves is the others'
            reports.add(run(stage, left(end) * stage.weight() / weights));
            weights -= stage.weight();
        }
        return new GpuCheckResult(machine(), reports);
    }

    private StageReport run(Stage stage, double seconds) {
        long began = System.nanoTime();
        List<Finding> findings = new ArrayList<>();
        String problem = null;
        try {
            switch (stage) {
                case DEVICES, SHAPES, STEPS -> worker.run(stage.word(), seconds, Map.of(), "", line -> add(findings, line, ""));
                case CONTRACT -> contract(seconds, findings);
                case RESUME -> findings.add(new KilledTraining(worker, options.extent()).run(seconds));
                case TIMES -> times(seconds, findings);
            }
        } catch (JobFailedException e) {
            problem = e.getMessage();
        }
        StageReport report = new StageReport(stage, List.copyOf(findings), problem, (System.nanoTime() - began) / 1e9);
        out.printf(Locale.ROOT, "%s %s in %.1f s%n", stage.word(), report.passed() ? "passed" : "FAILED", report.seconds());
        return report;
    }

    private static boolean add(List<Finding> findings, JsonNode line, String how) {
        Finding finding = Finding.of(line.path("finding"));
        findings.add(new Finding(finding.what() + how, finding.figure(), finding.passed(), finding.values()));
        return true;
    }

    /** With cuDNN if it is here, and without, when own kernels convolve. */
    private void contract(double seconds, List<Finding> findings) {
        List<String> libraries = libraries();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        int runs = libraries.size();
        for (String library : libraries) {
            Map<String, String> properties = library.isEmpty() ? Map.of() : Map.of(Cudnn.PROPERTY, library);
            worker.run(Stage.CONTRACT.word(), left(end) / runs--, properties, "", line -> add(findings, line, how(libraries, library)));
        }
    }

    /** Seconds, at least 0. */
    private static double left(long end) {
        return Math.max(0, (end - System.nanoTime()) / 1e9);
    }

    /** Values of {@link Cudnn#PROPERTY}; empty for what is found. */
    private static List<String> libraries() {
        return Cudnn.problem().isEmpty() ? List.of("", Cudnn.NONE) : List.of("");
    }

    private static String how(List<String> libraries, String library) {
        return libraries.size() == 1 ? "" : library.isEmpty() ? ", cuDNN" : ", no cuDNN";
    }

    /** With and without graphs, and with and without cuDNN if it is here. */
    private void times(double seconds, List<Finding> findings) {
        List<String> libraries = libraries();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        int runs = 2 * libraries.size();
        for (String library : libraries) {
            for (String graph : List.of("on", "off")) {
                Map<String, String> properties = library.isEmpty() ? Map.of("ugatit.cuda.graph", graph)
                        : Map.of("ugatit.cuda.graph", graph, Cudnn.PROPERTY, library);
                String how = (graph.equals("on") ? ", with a graph" : ", without a graph") + how(libraries, library);
                boolean cudnn = libraries.size() > 1 && library.isEmpty();
                worker.run(Stage.TIMES.word(), left(end) / runs--, properties, "", line -> {
                    add(findings, line, how);
                    findings.get(findings.size() - 1).values().put("graph", graph.equals("on")).put("cudnn", cudnn);
                    return true;
                });
            }
        }
    }

    private ObjectNode machine() {
        CudaDevice device = CudaDriver.require(options.gpu());
        return JsonNodeFactory.instance.objectNode().put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("host", Host.name()).put("program", Program.build()).put("java", Runtime.version().toString())
                .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"))
                .put("gpu", device.name()).put("gpu_index", device.index()).put("uuid", device.uuid())
                .put("capability", device.capability())
                .put("cuda_driver", CudaDriver.version()).put("extent", options.extent().name().toLowerCase(Locale.ROOT));
    }
}
