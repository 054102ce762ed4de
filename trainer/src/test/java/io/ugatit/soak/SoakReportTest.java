package io.ugatit.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.soak.SupervisedTraining.Round;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoakReportTest {
    private static final long SECOND = 1_000_000_000L;

    private static Dealt at(double second, FaultKind kind) {
        return new Dealt(new Fault(1, kind, 0, Duration.ZERO, Duration.ZERO), (long) (second * SECOND));
    }

    private static Round round(int life, long step, double second) {
        return new Round(life, step, (long) (second * SECOND));
    }

    @Test
    void aTrainingHasRecoveredWhenARoundThatBeganAfterTheFaultHasEnded() {
        List<Round> rounds = List.of(round(1, 2, 1), round(1, 4, 2), round(1, 6, 3), round(1, 8, 8), round(1, 10, 9));
        SoakReport report = new SoakReport(List.of(), rounds, 0, 9 * SECOND);
        assertThat(report.recovery(at(2.5, FaultKind.EXECUTOR_KILLED))).as("the round until 3 had begun before").isEqualTo(5.5);
        assertThat(report.recovery(at(8.5, FaultKind.EXECUTOR_KILLED))).as("until the end").isEqualTo(0.5);
    }

    @Test
    void aKilledDriverHasRecoveredWithTheFirstRoundOfTheNextOne() {
        List<Round> rounds = List.of(round(1, 2, 1), round(1, 4, 2), round(2, 4, 12), round(2, 6, 13), round(2, 8, 14));
        Dealt killed = at(2.5, FaultKind.DRIVER_KILLED);
        SoakReport report = new SoakReport(List.of(killed), rounds, 0, 14 * SECOND);
        assertThat(report.recovery(killed)).isEqualTo(9.5);
        assertThat(report.table()).contains("| driver killed | 1 | 8.5 | 9.5 |\n").contains("| worker killed | 0 | 0.0 | 0.0 |\n");
        assertThat(report.summary()).isEqualTo("1 faults, 8 steps in 4 rounds, 1 of them done again; 14 s, of which 10 s lost (a round"
                + " takes 1.000 s)\nlongest recovery: 9.5 s, after fault 1: driver killed");
    }
}
