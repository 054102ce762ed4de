package io.ugatit.tensor.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Compiles what stands in for NVIDIA's libraries, by g++, once for each state of all sources there and of the kernels'. */
final class StandInLibrary {
    private static final Path TARGET = Path.of("target", "stand-in-driver").toAbsolutePath();
    private static final Path SOURCES = Path.of("src", "test", "cuda");
    private static final Path KERNELS = Path.of("src", "main", "cuda");

    private StandInLibrary() { }

    /**
     * The library of a source; skips the test if there is no g++.
     *
     * @param name of the source, without .cpp
     */
    static synchronized Path of(String name) {
        assumeTrue(hasCompiler(), "there is no g++ to compile the libraries that stand in for NVIDIA's");
        try {
            List<Path> sources = sources();
            Path library = TARGET.resolve(name + "-" + hash(sources) + ".so");
            if (Files.exists(library)) {
                return library;
            }
            Files.createDirectories(TARGET);
            try (FileChannel channel = FileChannel.open(TARGET.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                // the other JVM of the tests may have done it meanwhile
                if (lock.isValid() && !Files.exists(library)) {
                    compile(name, library);
                }
            }
            return library;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean hasCompiler() {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, "g++")));
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Path folder : List.of(SOURCES, KERNELS)) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    files.filter(Files::isRegularFile).sorted().forEach(sources::add);
                }
            }
        }
        return sources;
    }

    private static String hash(List<Path> sources) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path source : sources) {
                digest.update(source.toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(source));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void compile(String name, Path library) throws IOException {
        Path unfinished = library.resolveSibling("." + library.getFileName() + "-unfinished");
        Path log = TARGET.resolve("g++.log");
        Process compiler = new ProcessBuilder("g++", "-std=c++17", "-O2", "-march=native", "-shared", "-fPIC", "-I", KERNELS.toString(),
                SOURCES.resolve(name + ".cpp").toString(), "-o", unfinished.toString())
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            if (!compiler.waitFor(Waiting.HANG.toMinutes(), TimeUnit.MINUTES) || compiler.exitValue() != 0) {
                compiler.destroyForcibly();
                throw new AssertionError("g++ cannot compile the stand-in: " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        Files.move(unfinished, library, StandardCopyOption.ATOMIC_MOVE);
    }
}
