package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A JVM of its own with this one's class path and module options. */
final class JavaProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;
    private final Process process;
    private final Path output;

    private JavaProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * @param output file for what it says
     * @param options of the JVM
     */
    static JavaProcess start(Path output, List<String> options, Class<?> main, String... args) throws IOException {
        return start(output, options, System.getProperty("java.class.path"), main, args);
    }

    /** As the other, with another class path. */
    static JavaProcess start(Path output, List<String> options, String classPath, Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        command.addAll(moduleOptions());
        command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return new JavaProcess(builder.start(), output);
    }

    private static List<String> moduleOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(option -> option.startsWith("--add-")).toList();
    }

    /** Waits until something has happened, looking often. */
    void await(String what, BooleanSupplier happened) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!happened.getAsBoolean()) {
            assertThat(process.isAlive()).as(what + ", but: " + said()).isTrue();
            assertThat(System.nanoTime()).as(what + " did not happen: " + said()).isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    /** Its exit status. */
    int await() throws Exception {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(said()).isTrue();
        return process.exitValue();
    }

    String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL for it and whatever it has started, and waits for its end. */
    @Override
    public void close() {
        List<ProcessHandle> descendants = descendants();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** The processes it has started, theirs included. */
    List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }
}
