package io.ugatit.tensor.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ugatit.dataset.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the jar has of the kernels is what {@code src/main/cuda/compile} makes of their sources, and all that is asked for. */
class PtxTest {
    private static final Path JAVA = Path.of("src", "main", "java", "io", "ugatit", "tensor", "cuda");
    private static final Pattern ENTRY = Pattern.compile("^\\.visible \\.entry (\\w+)\\(", Pattern.MULTILINE);
    /** A launch's first argument; convolutions have the tile's name behind an underscore. */
    private static final Pattern ASKED = Pattern.compile("(?:lane\\.(?:vector|one|grid|rows|planes)|sums)\\(\\s*\"(\\w+)\"");
    private static final List<String> TILES = List.of("64", "128", "narrow");
    private static final List<String> TENSOR_TILES = List.of("64_tf32", "128_tf32");

    private static String ptx(int capability) throws IOException {
        try (InputStream in = CudaKernels.class.getResourceAsStream("kernels-" + capability + ".ptx")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String hashOfSources() throws IOException {
        MessageDigest digest = Sha256.digest();
        for (String suffix : List.of(".cu", ".cuh")) {
            try (Stream<Path> files = Files.list(KernelSources.KERNELS)) {
                for (Path file : files.filter(path -> path.toString().endsWith(suffix)).sorted().toList()) {
                    digest.update(Files.readAllBytes(file));
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> askedFor(int capability) throws IOException {
        Set<String> asked = new TreeSet<>();
        try (Stream<Path> files = Files.list(JAVA)) {
            for (Path file : files.filter(path -> path.toString().matches(".*(Part|Convolutions)\\.java")).toList()) {
                asked.addAll(found(ASKED, Files.readString(file)));
            }
        }
        Set<String> whole = new TreeSet<>();
        for (String name : asked) {
            if (name.endsWith("_")) {
                TILES.forEach(tile -> whole.add(name + tile));
                if (capability >= 80) {
                    TENSOR_TILES.forEach(tile -> whole.add(name + tile));
                }
            } else {
                whole.add(name);
            }
        }
        return whole;
    }

    @ParameterizedTest
    @ValueSource(ints = {75, 80})
    void isMadeOfTheSourcesAsTheyAre(int capability) throws IOException {
        assertThat(ptx(capability).lines().findFirst()).as("run src/main/cuda/compile").hasValue("// sources sha256 " + hashOfSources());
    }

    @ParameterizedTest
    @ValueSource(ints = {75, 80})
    void isForOldDriversToo(int capability) throws IOException {
        assertThat(ptx(capability).lines()).contains(".version 7.0", ".target sm_" + capability, ".address_size 64");
    }

    @ParameterizedTest
    @ValueSource(ints = {75, 80})
    void hasTheKernelsThatAreLaunchedAndNoOthers(int capability) throws IOException {
        Set<String> asked = askedFor(capability);
        assertThat(asked).contains("adam", "normalize", "convolve_input_128");
        assertThat(found(ENTRY, ptx(capability))).containsExactlyInAnyOrderElementsOf(asked);
    }

    @ParameterizedTest(name = "kernels-{0}.ptx for sm_{1}")
    @CsvSource({"75,75", "80,80", "80,90"})
    void assembles(int capability, int architecture, @TempDir Path folder) throws IOException {
        assumeTrue(KernelSources.program("ptxas").isPresent(), "there is no ptxas to assemble the kernels");
        Path ptx = Files.writeString(folder.resolve("kernels.ptx"), ptx(capability));
        KernelSources.Ended help = KernelSources.run(List.of("ptxas", "--help"), folder.resolve("help"));
        Matcher known = Pattern.compile("sm_" + architecture + "\\b").matcher(help.output());
        assumeTrue(known.find(), "this ptxas does not know sm_" + architecture);
        List<String> command = List.of("ptxas", "-O0", "-arch=sm_" + architecture, "-o", folder.resolve("cubin").toString(), ptx.toString());
        KernelSources.Ended ended = KernelSources.run(command, folder.resolve("log"));
        assertThat(ended.output()).isEmpty();
        assertThat(ended.status()).isZero();
    }
}
