package io.ugatit.cluster;

import io.ugatit.cluster.rounds.Glimpse;
import io.ugatit.model.DivergedException;
import io.ugatit.model.Network;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Notices a generator that draws the same picture whatever it is given, by its translations of the newest training images: how much the
 * images of a set differ is the standard deviation of a colour of a pixel over the set, its mean over some pixels. A sound generator's
 * translations differ about as much as what it was given or what it is to look like; one is collapsed if they differ by less than a
 * hundredth of the smaller of the two. Images that are all the same are no proof of anything.
 */
final class CollapseWatch {
    /** Translations that are looked at together, the newest of the run. */
    private static final int MOST = 8;
    /** Fewer may be alike by chance. */
    private static final int FEWEST = 4;
    private static final double SHARE = 0.01;

    private final Map<Network, Deque<Glimpse>> newest = new EnumMap<>(Network.class);

    /**
     * Looks at a round.
     *
     * @param ofRound glimpses in the order of steps
     * @throws DivergedException if a generator has collapsed; one line
     */
    void look(List<Glimpse> ofRound) {
        for (Glimpse glimpse : ofRound) {
            Deque<Glimpse> glimpses = newest.computeIfAbsent(glimpse.generator(), generator -> new ArrayDeque<>());
            glimpses.addLast(glimpse);
            if (glimpses.size() > MOST) {
                glimpses.removeFirst();
            }
        }
        newest.forEach(CollapseWatch::require);
    }

    private static void require(Network generator, Deque<Glimpse> glimpses) {
        if (glimpses.size() < FEWEST) {
            return;
        }
        double given = spread(glimpses, Glimpse::source);
        double translated = spread(glimpses, Glimpse::translation);
        if (translated < SHARE * Math.min(given, spread(glimpses, Glimpse::target))) {
            throw new DivergedException(String.format(Locale.ROOT, "%s draws the same picture whatever it is given: its translations of steps"
                    + " %d to %d differ by %.2g, the images by %.2g: a lower --lr or a higher --cycle-weight may help", generator.key(),
                    glimpses.getFirst().step(), glimpses.getLast().step(), translated, given));
        }
    }

    /** How much pixels differ from image to image; all of them lie in [-1, 1]. */
    private static double spread(Deque<Glimpse> glimpses, Function<Glimpse, short[]> pixels) {
        int count = pixels.apply(glimpses.getFirst()).length;
        double sum = 0;
        for (int i = 0; i < count; i++) {
            int pixel = i;
            double mean = glimpses.stream().mapToDouble(glimpse -> pixels.apply(glimpse)[pixel]).average().orElseThrow();
            sum += Math.sqrt(glimpses.stream().mapToDouble(glimpse -> Math.pow(pixels.apply(glimpse)[pixel] - mean, 2)).average().orElseThrow());
        }
        return sum / count / Short.MAX_VALUE;
    }
}
