package io.ugatit.tensor.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import io.ugatit.process.Waiting;
import io.ugatit.tensor.Compute;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A CPU in the place of a GPU: the library in {@code src/test/cuda}, compiled by g++ once for each state of its sources and the kernels'.
 */
public final class StandInDriver {
    /** The system property that names the driver's library. */
    public static final String PROPERTY = "ugatit.cuda.library";
    private static final Path TARGET = Path.of("target", "stand-in-driver").toAbsolutePath();
    private static final Path DRIVER = Path.of("src", "test", "cuda");
    private static final Path KERNELS = Path.of("src", "main", "cuda");

    private StandInDriver() { }

    /** Lets this JVM find it in the place of NVIDIA's driver; skips the test if there is no g++. */
    public static void use() {
        System.setProperty(PROPERTY, path().toString());
    }

    /** Lets what is chosen by itself from now on compute on the CPU again, as in all other tests. */
    public static void leave() {
        System.setProperty(PROPERTY, "none");
    }

    /** Kernels on it; skips the test if there is no g++. */
    public static Compute compute(Precision precision) {
        use();
        try {
            return CudaKernels.compute(0, precision);
        } finally {
            leave();
        }
    }

    /**
     * What it has counted: {@code ugatitLaunches}, {@code ugatitHostWaits}, {@code ugatitBytesToDevice} or {@code ugatitBytesToHost}.
     *
     * @param counter the name of the function that tells
     */
    public static long count(String counter) {
        return NativeLibrary.getInstance(path().toString()).getFunction(counter).invokeLong(new Object[0]);
    }

    /** What a module must say so that the stand-in finds its own kernels of these names in it. */
    public static byte[] ptx(String... kernels) {
        String entries = Stream.of(kernels).map(name -> ".visible .entry " + name + "()\n{ ret; }\n").collect(Collectors.joining());
        return (".version 7.0\n.target sm_75\n.address_size 64\n" + entries).getBytes(StandardCharsets.UTF_8);
    }

    /** Its library; skips the test if there is no g++. */
    public static synchronized Path path() {
        assumeTrue(hasCompiler(), "there is no g++ to compile the driver that stands in for NVIDIA's");
        try {
            List<Path> sources = sources();
            Path library = TARGET.resolve("driver-" + hash(sources) + ".so");
            if (Files.exists(library)) {
                return library;
            }
            Files.createDirectories(TARGET);
            try (FileChannel channel = FileChannel.open(TARGET.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                // the other JVM of the tests may have done it meanwhile
                if (lock.isValid() && !Files.exists(library)) {
                    compile(library);
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
        for (Path folder : List.of(DRIVER, KERNELS)) {
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

    private static void compile(Path library) throws IOException {
        Path unfinished = library.resolveSibling("." + library.getFileName() + "-unfinished");
        Path log = TARGET.resolve("g++.log");
        Process compiler = new ProcessBuilder("g++", "-std=c++17", "-O2", "-march=native", "-shared", "-fPIC", "-I", KERNELS.toString(),
                DRIVER.resolve("driver.cpp").toString(), "-o", unfinished.toString())
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
