package io.ugatit.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.job.Options;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short form of {@code submit/soak}: one fault of every kind. */
@Tag("slow")
class SoakTest {
    @TempDir
    private Path folder;

    @Test
    void aTrainingWithAFaultOfEveryKindEndsInTheSameBitsAndLeavesNothingOver() throws Exception {
        int faults = FaultKind.values().length;
        SoakOptions options = Options.parse(SoakOptions.class, "--folder", folder.resolve("soak").toString(), "--faults", "" + faults);
        SoakResult result = new SoakRun(options, System.out).run();
        assertThat(result.problems()).isEmpty();
        assertThat(result.dealt()).extracting(dealt -> dealt.fault().kind()).containsExactlyInAnyOrder(FaultKind.values());
        assertThat(result.report()).contains("| driver killed | 1 |").contains(faults + " faults, ");
        assertThat(result.steps()).isGreaterThanOrEqualTo(SoakDriver.LEAST_STEPS);
    }
}
