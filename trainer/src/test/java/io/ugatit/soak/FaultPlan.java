package io.ugatit.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Faults without end, one after the other, by a seed alone. The first ones are one of every kind. */
final class FaultPlan {
    /** Workers, and data nodes. */
    static final int TARGETS = 3;
    private static final int LEAST_PAUSE = 300;
    private static final int MOST_PAUSE = 2500;
    private static final int LEAST_LASTING = 200;
    private static final int MOST_LASTING = 3000;
    private static final int WEIGHTS = Arrays.stream(FaultKind.values()).mapToInt(FaultKind::weight).sum();

    private final Random random;
    private final List<FaultKind> first = new ArrayList<>(List.of(FaultKind.values()));
    private int dealt;

    FaultPlan(long seed) {
        random = new Random(seed);
        Collections.shuffle(first, random);
    }

    Fault next() {
        FaultKind kind = dealt < first.size() ? first.get(dealt) : weighted(random.nextInt(WEIGHTS));
        // drawn whether it is needed or not: then a kind that changes leaves what comes after it as it was
        int target = random.nextInt(TARGETS);
        int pause = random.nextInt(LEAST_PAUSE, MOST_PAUSE);
        int lasting = random.nextInt(LEAST_LASTING, MOST_LASTING);
        dealt++;
        return new Fault(dealt, kind, kind.isOneOfSeveral() ? target : 0, Duration.ofMillis(pause),
                kind.isLasting() ? Duration.ofMillis(lasting) : Duration.ZERO);
    }

    private static FaultKind weighted(int draw) {
        int left = draw;
        for (FaultKind kind : FaultKind.values()) {
            left -= kind.weight();
            if (left < 0) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no kind has weight " + draw);
    }
}
