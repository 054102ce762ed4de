package io.ugatit.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
    private static List<Fault> faults(long seed, int count) {
        FaultPlan plan = new FaultPlan(seed);
        return Stream.generate(plan::next).limit(count).toList();
    }

    @Test
    void theSameSeedGivesTheSameFaults() {
        assertThat(faults(7, 1000)).isEqualTo(faults(7, 1000)).isNotEqualTo(faults(8, 1000));
    }

    @Test
    void theFirstFaultsAreOneOfEveryKind() {
        assertThat(faults(1, FaultKind.values().length)).extracting(Fault::kind).containsExactlyInAnyOrder(FaultKind.values());
    }

    @Test
    void everyTargetOfAKindIsHit() {
        for (FaultKind kind : FaultKind.values()) {
            assertThat(faults(1, 1000)).filteredOn(fault -> fault.kind() == kind).extracting(Fault::target)
                    .contains(kind.isOneOfSeveral() ? new Integer[] {0, 1, 2} : new Integer[] {0});
        }
    }

    @Test
    void aFaultSaysWhatItIs() {
        assertThat(faults(1, 1000)).filteredOn(fault -> fault.kind() == FaultKind.DATA_NODE_STOPPED).first().asString()
                .matches("fault \\d+: data node stopped \\([012]\\) for [0-3]\\.\\d s");
    }
}
