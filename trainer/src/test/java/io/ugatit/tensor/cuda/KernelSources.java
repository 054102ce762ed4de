package io.ugatit.tensor.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ugatit.dataset.Sha256;
import io.ugatit.process.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The sources of the kernels, and what g++ makes of them, once for each state of them and of what is in {@code src/test/cuda}. */
final class KernelSources {
    static final Path KERNELS = Path.of("src", "main", "cuda");
    private static final Path TESTS = Path.of("src", "test", "cuda");
    private static final Path TARGET = Path.of("target", "stand-in-driver").toAbsolutePath();

    private KernelSources() { }

    /** A program of the PATH, if there is one. */
    static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)).filter(Files::isExecutable).findFirst();
    }

    /**
     * The library of a file of {@code src/test/cuda} that stands in for one of NVIDIA's; skips the test if there is no g++.
     *
     * @param name the file's, without .cpp
     */
    static Path library(String name) {
        return compiled(name + ".cpp", name + ".so", "-O2", "-march=native", "-shared", "-fPIC");
    }

    /**
     * What g++ makes of a file of {@code src/test/cuda}; skips the test if there is no g++.
     *
     * @param source the file's name
     * @param name what is made, which tells it from what else is made
     */
    static synchronized Path compiled(String source, String name, String... options) {
        assumeTrue(program("g++").isPresent(), "there is no g++ to compile the kernels for the CPU");
        try {
            Path made = TARGET.resolve(hash(options) + "-" + name);
            if (Files.exists(made)) {
                return made;
            }
            Files.createDirectories(TARGET);
            try (FileChannel channel = FileChannel.open(TARGET.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                // the other JVM of the tests may have done it meanwhile
                if (lock.isValid() && !Files.exists(made)) {
                    compile(TESTS.resolve(source), made, options);
                }
            }
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String... options) throws IOException {
        MessageDigest digest = Sha256.digest();
        for (String option : options) {
            digest.update(option.getBytes(StandardCharsets.UTF_8));
        }
        for (Path folder : List.of(TESTS, KERNELS)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    digest.update(file.toString().getBytes(StandardCharsets.UTF_8));
                    digest.update(Files.readAllBytes(file));
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static void compile(Path source, Path made, String... options) throws IOException {
        Path unfinished = made.resolveSibling("." + made.getFileName() + "-unfinished");
        List<String> command = new ArrayList<>(List.of("g++", "-std=c++17"));
        command.addAll(List.of(options));
        command.addAll(List.of(source.toString(), "-o", unfinished.toString()));
        Ended compiler = run(command, Path.of(made + ".log"));
        if (compiler.status() != 0) {
            throw new AssertionError("g++ cannot compile " + source + ": " + compiler.output());
        }
        Files.move(unfinished, made, StandardCopyOption.ATOMIC_MOVE);
    }

    /** How a process ended, and what it wrote. */
    record Ended(int status, String output) { }

    /**
     * Runs a program to its end.
     *
     * @param log where its output goes meanwhile
     * @param environment names and values, one after the other, to have beside those of this JVM
     */
    static Ended run(List<String> command, Path log, String... environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        for (int k = 0; k < environment.length; k += 2) {
            builder.environment().put(environment[k], environment[k + 1]);
        }
        Process process = builder.start();
        try {
            if (!process.waitFor(Waiting.HANG.toMinutes(), TimeUnit.MINUTES)) {
                throw new AssertionError(command.get(0) + " does not end");
            }
            return new Ended(process.exitValue(), Files.readString(log));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
