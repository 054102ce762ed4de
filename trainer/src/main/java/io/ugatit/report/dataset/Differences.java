package io.ugatit.report.dataset;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Says in sentences what of one part of a data set is unlike another. Between domains the difference may be what is to be learnt, but
 * often it is the cameras'; between train and test of a domain it means that the wrong images judge.
 */
final class Differences {
    /** Levels of 255 by which means of domains differ notably; a generator then learns the lighting first. */
    private static final double DOMAINS = 25;
    /** Levels of 255 by which train and test of one domain, which should be alike, differ notably. */
    private static final double SPLITS = 15;
    /** How many standard errors a difference must have: that of a few images means nothing. */
    private static final double ERRORS = 3;
    /** Images without which nothing is said of a part. */
    private static final long FEW = 5;
    private static final Set<String> GRAY_MODES = Set.of("1", "L", "LA", "I;16", "I;16B");

    private final List<String> sentences = new ArrayList<>();

    private Differences() {}

    static List<String> of(List<PartSummary> parts) {
        Differences differences = new Differences();
        differences.compare(find(parts, Domain.A, Split.TRAIN), find(parts, Domain.B, Split.TRAIN), "A", "B", DOMAINS);
        for (Domain domain : Domain.values()) {
            differences.compare(find(parts, domain, Split.TEST), find(parts, domain, Split.TRAIN), "test" + domain, "train" + domain, SPLITS);
        }
        return differences.sentences;
    }

    private static Optional<PartSummary.Sources> find(List<PartSummary> parts, Domain domain, Split split) {
        return parts.stream().filter(part -> part.domain() == domain && part.split() == split).findFirst().flatMap(PartSummary::sources);
    }

    private void compare(Optional<PartSummary.Sources> one, Optional<PartSummary.Sources> other, String name, String otherName,
            double threshold) {
        if (Stream.of(one, other).anyMatch(part -> part.isEmpty() || part.get().images() < FEW)) {
            return;
        }
        PartSummary.Sources first = one.get();
        PartSummary.Sources second = other.get();
        level(first, second, PartSummary.Sources::brightness, threshold).ifPresent(by -> sentences.add(String.format(Locale.ROOT,
                "%s is %.0f levels of 255 %s than %s: mean brightness %.0f against %.0f.", name, Math.abs(by), by < 0 ? "darker" : "brighter",
                otherName, first.brightness().mean(), second.brightness().mean())));
        level(first, second, PartSummary.Sources::contrast, threshold).ifPresent(by -> sentences.add(String.format(Locale.ROOT,
                "%s has %s contrast than %s: %.0f against %.0f levels.", name, by < 0 ? "less" : "more", otherName,
                first.contrast().mean(), second.contrast().mean())));
        double cast = cast(first) - cast(second);
        if (isNotable(cast, threshold, error(first.red(), first) + error(first.blue(), first) + error(second.red(), second)
                + error(second.blue(), second))) {
            sentences.add(String.format(Locale.ROOT, "%s is %s than %s: red is %+.0f levels from blue, against %+.0f.", name,
                    cast > 0 ? "warmer" : "colder", otherName, cast(first), cast(second)));
        }
        double gray = grayShare(first);
        double otherGray = grayShare(second);
        if (Math.abs(gray - otherGray) > 0.5) {
            sentences.add(String.format(Locale.ROOT, "%.0f %% of the sources of %s are gray, %.0f %% of %s.", 100 * gray, name, 100 * otherGray,
                    otherName));
        }
    }

    /** By how much the mean of the first is above that of the second, if that is notable and no chance. */
    private static Optional<Double> level(PartSummary.Sources first, PartSummary.Sources second, Function<PartSummary.Sources, Spread> measure,
            double threshold) {
        Spread one = measure.apply(first);
        Spread other = measure.apply(second);
        double by = one.mean() - other.mean();
        return isNotable(by, threshold, error(one, first) + error(other, second)) ? Optional.of(by) : Optional.empty();
    }

    /** @param error the square of the standard error of the difference */
    private static boolean isNotable(double by, double threshold, double error) {
        return Math.abs(by) > threshold && Math.abs(by) > ERRORS * Math.sqrt(error);
    }

    /** The square of the standard error of a mean. */
    private static double error(Spread measure, PartSummary.Sources sources) {
        return measure.deviation() * measure.deviation() / sources.images();
    }

    private static double cast(PartSummary.Sources sources) {
        return sources.red().mean() - sources.blue().mean();
    }

    private static double grayShare(PartSummary.Sources sources) {
        return (double) sources.modes().entrySet().stream().filter(mode -> GRAY_MODES.contains(mode.getKey())).mapToLong(Map.Entry::getValue)
                .sum() / sources.images();
    }
}
