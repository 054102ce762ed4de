package io.ugatit.tensor.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code check.cpp}: each kernel against plain loops, threads in any order, reading and writing only what is theirs. */
@Tag("slow")
class KernelHarnessTest {
    private static void passes(List<String> command, String... environment) throws IOException {
        KernelSources.Ended ended = KernelSources.run(command, Path.of(command.get(0) + ".log"), environment);
        assertThat(ended.output()).isEqualTo("all right\n");
        assertThat(ended.status()).isZero();
    }

    @Test
    void everyKernelAgreesWithPlainLoopsWhateverTheOrderOfItsThreads() throws IOException {
        String check = KernelSources.compiled("check.cpp", "check", "-O1", "-march=native").toString();
        passes(List.of(check));
        passes(List.of(check), "UGATIT_GRID_SHUFFLE", "1");
    }

    @Test
    void noKernelLeavesItsMemory() throws IOException {
        String check = KernelSources.compiled("check.cpp", "check-sanitized", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
                .toString();
        // finding leaks takes a right to trace, which containers do not give
        passes(List.of(check, "few"), "ASAN_OPTIONS", "detect_leaks=0");
    }
}
