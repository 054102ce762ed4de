package io.ugatit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A JVM of its own, with this one's log settings, which does not outlive it. */
public final class JavaProcess implements AutoCloseable {
    /**
     * Options of a JVM that mostly starts: the second compiler and parallel collectors cost more than they bring. Nor is the resident size
     * looked up at every allocation, as in submit/ugatit.
     */
    private static final List<String> SHORT_LIFE = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "-Dugatit.cuda.library=none", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");

    private static final Set<JavaProcess> OPEN = ConcurrentHashMap.newKeySet();

    static { // a test that fails while it starts some of them closes none
        Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(JavaProcess::close)));
    }

    private final Process process;
    private final Path output;

    private JavaProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
        OPEN.add(this);
    }

    /** The class path of a JVM that has what this one has. */
    public static String classPath() {
        return LibraryArchive.CLASS_PATH;
    }

    /** Options of a JVM that mostly starts, such as an executor, best with {@link #classPath}. */
    public static List<String> shortLife() {
        return Stream.concat(SHORT_LIFE.stream(), LibraryArchive.OPTIONS.stream()).toList();
    }

    /**
     * A JVM with this one's class path and module options.
     *
     * @param output file for what it says
     * @param options of the JVM, which win over others
     */
    public static JavaProcess start(Path output, List<String> options, Class<?> main, String... args) throws IOException {
        return start(output, options, classPath(), main, args);
    }

    /** As the other, with another class path. */
    public static JavaProcess start(Path output, List<String> options, String classPath, Class<?> main, String... args) throws IOException {
        return bare(output, Stream.concat(moduleOptions(), options.stream()).toList(), classPath, main, args);
    }

    /** A JVM without this one's module options. */
    public static JavaProcess bare(Path output, List<String> options, String classPath, Class<?> main, String... args) throws IOException {
        return unarchived(output, Stream.concat(LibraryArchive.OPTIONS.stream(), options.stream()).toList(), classPath, main, args);
    }

    /** A JVM that loads all of its classes itself. */
    static JavaProcess unarchived(Path output, List<String> options, String classPath, Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        command.addAll(SHORT_LIFE);
        command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
        // what Spark leaves there when it is killed goes with the test's folder
        command.add("-Djava.io.tmpdir=" + Files.createDirectories(output.resolveSibling(output.getFileName() + ".tmp")));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return new JavaProcess(builder.start(), output);
    }

    static Stream<String> moduleOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(option -> option.startsWith("--add-"));
    }

    /** Waits until something has happened; fails as soon as the process has ended without it. */
    public void await(String what, BooleanSupplier happened) {
        Waiting.until(what, () -> {
            boolean alive = process.isAlive(); // before looking: it may do it and end
            boolean done = happened.getAsBoolean();
            assertThat(alive || done).as("it has ended before " + what + ": " + said()).isTrue();
            return done;
        });
    }

    /** Waits for its end. Returns its exit status. */
    public int await() throws InterruptedException {
        assertThat(process.waitFor(Waiting.HANG.toMinutes(), TimeUnit.MINUTES)).as("it does not end: " + said()).isTrue();
        return process.exitValue();
    }

    /** All that it has said so far. */
    public String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process itself. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends a signal, such as STOP, and returns whether the process was there to get it. */
    public static boolean signal(String name, ProcessHandle process) {
        try {
            return new ProcessBuilder("kill", "-" + name, "" + process.pid()).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while sending a signal", e);
        }
    }

    /** SIGKILL for it and whatever it has started, and waits for their ends. */
    @Override
    public void close() {
        List<ProcessHandle> descendants = descendants();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join(); // nothing holds up a SIGKILL
        descendants.forEach(descendant -> descendant.onExit().join());
        OPEN.remove(this);
    }

    /** The processes it has started, theirs included. */
    public List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }
}
