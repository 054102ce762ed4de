package io.ugatit.gpucheck;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.job.JobFailedException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Starts workers: JVMs with this one's classes and properties. */
final class WorkerProcess {
    /** Seconds that a worker may take longer than it was given, as for the end of a step that it has begun. */
    private static final int GRACE = 30;
    private static final List<String> OPTIONS = List.of("-Xmx1g", "-XX:+UseSerialGC", "--add-modules=jdk.incubator.vector",
            "-Dorg.bytedeco.javacpp.maxbytes=0", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    private static final List<String> INHERITED = List.of("ugatit.", "jna.", "org.bytedeco.javacpp.cachedir", "java.io.tmpdir",
            "log4j2.configurationFile");

    private final GpuCheckOptions options;
    private final Map<String, String> environment;

    /** @param environment variables for the workers, beside this process's own */
    WorkerProcess(GpuCheckOptions options, Map<String, String> environment) {
        this.options = options;
        this.environment = Map.copyOf(environment);
    }

    /**
     * Runs a task in a process of its own until it ends, until it is killed because {@code listener} returns false, or because it takes
     * much longer than it was given.
     *
     * @param properties system properties beside this JVM's
     * @param listener is given each line that the task tells
     * @throws JobFailedException if it ends otherwise than it should; one line that says why
     */
    void run(String task, double seconds, Map<String, String> properties, String folder, Predicate<JsonNode> listener) {
        try {
            Process process = start(task, seconds, properties, folder);
            try {
                follow(process, task, seconds, listener);
            } finally {
                // gone before another uses its files or its GPU; one that a GPU holds for ever is left
                process.destroyForcibly().onExit().completeOnTimeout(process, GRACE, TimeUnit.SECONDS).join();
            }
        } catch (IOException e) {
            throw new JobFailedException("cannot run a JVM for " + task + ": " + e.getMessage(), e);
        }
    }

    private Process start(String task, double seconds, Map<String, String> properties, String folder) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(OPTIONS);
        System.getProperties().stringPropertyNames().stream().filter(name -> INHERITED.stream().anyMatch(name::startsWith))
                .filter(name -> !properties.containsKey(name)).sorted()
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-cp", classPath(), Worker.class.getName(), task, String.valueOf(options.gpu()), options.extent().name(),
                String.valueOf(seconds), folder));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** This JVM's, with the jar of this class, which spark-submit does not put there. */
    private static String classPath() {
        try {
            String here = Path.of(WorkerProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
            String all = System.getProperty("java.class.path");
            return List.of(all.split(File.pathSeparator)).contains(here) ? all : here + File.pathSeparator + all;
        } catch (URISyntaxException e) {
            throw new IllegalStateException("this program's code lies at no file", e);
        }
    }

    private static void follow(Process process, String task, double seconds, Predicate<JsonNode> listener) throws IOException {
        CompletableFuture<Process> timer = new CompletableFuture<Process>();
        timer.completeOnTimeout(process, (long) (1000 * (seconds + GRACE)), TimeUnit.MILLISECONDS).thenAccept(Process::destroyForcibly);
        String last = "";
        String problem = null;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith(Assignment.MARK)) {
                    last = line.isBlank() ? last : line.strip();
                    continue;
                }
                JsonNode told = new ObjectMapper().readTree(line.substring(Assignment.MARK.length()));
                if (told.has("problem")) {
                    problem = told.get("problem").asText();
                } else if (!listener.test(told)) {
                    timer.cancel(false);
                    return;
                }
            }
            int status = process.waitFor();
            if (timer.isDone()) {
                throw new JobFailedException(task + " did not end in time and was killed");
            }
            if (problem != null || status != 0) {
                throw new JobFailedException(problem != null ? problem : task + " ended with status " + status + ": " + last);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobFailedException(task + " was interrupted", e);
        } finally {
            timer.cancel(false);
        }
    }
}
