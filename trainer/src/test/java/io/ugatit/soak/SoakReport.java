package io.ugatit.soak;

import io.ugatit.soak.SupervisedTraining.Round;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the faults have cost. A training has recovered from a fault when the first round that began after it has ended, in whichever
 * driver's life; that time, less what a round takes undisturbed, is lost. Faults that come before it has recovered from others are all
 * charged with the same time, so the sum over the kinds may be more than the whole.
 */
final class SoakReport {
    private static final double NANOS = 1e9;
    private final List<Dealt> dealt;
    private final List<Round> rounds;
    private final long began;
    private final long ended;
    private final double usual;

    /**
     * @param dealt in their order
     * @param rounds that were heard of, in their order
     * @param began when the training was started, in nanoseconds of this JVM
     * @param ended when it was done
     */
    SoakReport(List<Dealt> dealt, List<Round> rounds, long began, long ended) {
        this.dealt = dealt;
        this.rounds = rounds;
        this.began = began;
        this.ended = ended;
        this.usual = usual(rounds);
    }

    /** Most rounds are undisturbed: the median of the time from one to the next, in seconds. */
    private static double usual(List<Round> rounds) {
        double[] seconds = new double[Math.max(0, rounds.size() - 1)];
        int count = 0;
        for (int i = 1; i < rounds.size(); i++) {
            if (rounds.get(i).life() == rounds.get(i - 1).life()) {
                seconds[count++] = (rounds.get(i).nanos() - rounds.get(i - 1).nanos()) / NANOS;
            }
        }
        double[] sorted = Arrays.stream(seconds, 0, count).sorted().toArray();
        return count == 0 ? 0 : sorted[count / 2];
    }

    /** Seconds until the training had recovered from a fault; until its end, if no round has begun after it. */
    double recovery(Dealt one) {
        boolean next = false;
        int life = 0;
        for (Round round : rounds) {
            if (round.nanos() >= one.nanos()) {
                if (next || life != 0 && round.life() != life) {
                    return (round.nanos() - one.nanos()) / NANOS;
                }
                next = true; // this one began before the fault
            }
            life = round.life();
        }
        return (ended - one.nanos()) / NANOS;
    }

    private double lost(Dealt one) {
        return Math.max(0, recovery(one) - usual);
    }

    /** Lines of Markdown. */
    String table() {
        StringBuilder table = new StringBuilder("| Fault | Dealt | Time lost, s | Longest recovery, s |\n|---|---|---|---|\n");
        Map<FaultKind, List<Dealt>> byKind = new EnumMap<>(FaultKind.class);
        for (FaultKind kind : FaultKind.values()) {
            byKind.put(kind, dealt.stream().filter(one -> one.fault().kind() == kind).toList());
        }
        byKind.forEach((kind, ofKind) -> table.append(String.format(Locale.ROOT, "| %s | %d | %.1f | %.1f |\n", kind.label(), ofKind.size(),
                ofKind.stream().mapToDouble(this::lost).sum(), ofKind.stream().mapToDouble(this::recovery).max().orElse(0))));
        return table.toString();
    }

    /** The whole in a few lines. */
    String summary() {
        double seconds = (ended - began) / NANOS;
        long last = rounds.isEmpty() ? 0 : rounds.get(rounds.size() - 1).step();
        long different = rounds.stream().mapToLong(Round::step).distinct().count();
        String longest = dealt.stream().max(Comparator.comparingDouble(this::recovery))
                .map(one -> String.format(Locale.ROOT, "%.1f s, after %s", recovery(one), one.fault())).orElse("none");
        return String.format(Locale.ROOT, "%d faults, %d steps in %d rounds, %d of them done again; %.0f s, of which %.0f s lost (a round"
                + " takes %.3f s)\nlongest recovery: %s", dealt.size(), last, different, rounds.size() - different, seconds,
                Math.max(0, seconds - different * usual), usual, longest);
    }
}
