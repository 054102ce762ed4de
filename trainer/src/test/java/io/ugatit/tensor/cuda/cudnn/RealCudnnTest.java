package io.ugatit.tensor.cuda.cudnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ugatit.process.JavaProcess;
import io.ugatit.tensor.cuda.StandInCudnn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Descriptors on NVIDIA's cuDNN 9, which needs no GPU for them: the one that the system property {@value #PROPERTY} names, or that is in
 * LD_LIBRARY_PATH.
 */
class RealCudnnTest {
    private static final String PROPERTY = "ugatit.cudnn.real";
    private static final String MISSING = "no cuDNN to try: neither does -D" + PROPERTY + " name a libcudnn.so.9, nor is one in"
            + " LD_LIBRARY_PATH";
    private static final int GRAPHS = 63;
    private static final int REFUSALS = 10;

    @TempDir
    Path folder;

    private static Optional<Path> real() {
        String path = Objects.requireNonNullElse(System.getenv("LD_LIBRARY_PATH"), "");
        Stream<Path> found = Arrays.stream(path.split(":")).filter(entry -> !entry.isEmpty()).map(entry -> Path.of(entry, "libcudnn.so.9"));
        return Stream.concat(Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of).stream(), found).filter(Files::exists)
                .findFirst();
    }

    private List<String> said(Path library) throws IOException, InterruptedException {
        try (JavaProcess process = JavaProcess.bare(folder.resolve("output"), List.of("-D" + Cudnn.PROPERTY + "=" + library),
                JavaProcess.classPath(), RealCudnn.class)) {
            process.await();
            return process.said().lines().toList();
        }
    }

    @Test
    void itTakesEveryDescriptor() throws IOException, InterruptedException {
        Optional<Path> real = real();
        assumeTrue(real.isPresent(), MISSING);
        List<String> said = said(real.get());
        assertThat(said).contains("ended").noneMatch(line -> line.startsWith("problem"));
        assertThat(said).filteredOn(line -> line.equals("graph true")).hasSize(GRAPHS);
        assertThat(said).filteredOn(line -> line.startsWith("refused: ")).hasSize(REFUSALS);
    }

    @Test
    void itHasAnEngineForEveryConvolutionOnEveryGpu() throws IOException, InterruptedException {
        Optional<Path> real = real();
        assumeTrue(real.isPresent(), MISSING);
        List<String> said = said(real.get());
        assumeTrue(said.stream().anyMatch(line -> line.startsWith("H100")), "only from 9.8 on does cuDNN know GPUs that are not here");
        assertThat(said).filteredOn(line -> line.contains(": computes in ")).hasSize(3 * GRAPHS + GRAPHS / 3);
        assertThat(said).noneMatch(line -> line.endsWith(": has no engine"));
    }

    @Test
    void theStandInRefusesAsItDoes() throws IOException, InterruptedException {
        assertThat(said(StandInCudnn.path())).contains("ended").filteredOn(line -> line.startsWith("refused: ")).hasSize(REFUSALS);
    }
}
