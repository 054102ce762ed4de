package io.ugatit.cluster;

import io.ugatit.cluster.rounds.Glimpse;
import io.ugatit.model.DivergedException;
import io.ugatit.model.Network;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Notices a generator that draws the same picture whatever it is given, by its translations of the newest training images: how much the
 * images of a set differ is the standard deviation of a colour of a pixel over the set, its mean over some pixels. A sound generator's
 * translations differ about as much as what it was given or what it is to look like; one is collapsed if they differ by less than a
 * hundredth of the smaller of the two. Images that are all the same are no proof of anything, nor are those that the generator cannot tell
 * apart: its instance normalisation takes the mean and the contrast of a picture away, so all flat ones are the same to it, and so is one
 * picture at several brightnesses.
 */
final class CollapseWatch {
    /** Translations that are looked at together, the newest of the run. */
    private static final int MOST = 8;
    /** Fewer may be alike by chance. */
    private static final int FEWEST = 4;
    private static final double SHARE = 0.01;
    /** One of the 255 steps of an image's colours: contrast below it counts as flat, and what differs by less as the same. */
    private static final double LEVEL = 2.0 / 255;
    private static final int COLOURS = 3;

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
        double given = spread(alike(glimpses.stream().map(Glimpse::source).toList()));
        double translated = spread(pixels(glimpses, Glimpse::translation));
        if (given > LEVEL && translated < SHARE * Math.min(given, spread(pixels(glimpses, Glimpse::target)))) {
            throw new DivergedException(String.format(Locale.ROOT, "%s draws the same picture whatever it is given: its translations of steps"
                    + " %d to %d differ by %.2g, the images by %.2g: a lower --lr or a higher --cycle-weight may help", generator.key(),
                    glimpses.getFirst().step(), glimpses.getLast().step(), translated, given));
        }
    }

    private static List<double[]> pixels(Deque<Glimpse> glimpses, Function<Glimpse, short[]> which) {
        return glimpses.stream().map(which).map(pixels -> IntStream.range(0, pixels.length).mapToDouble(i -> pixels[i]).toArray()).toList();
    }

    /** Each colour of each picture without its own mean, and all of them with the contrast that the colour has on average. */
    private static List<double[]> alike(List<short[]> pictures) {
        List<double[]> alike = pictures.stream().map(picture -> new double[picture.length]).toList();
        for (int colour = 0; colour < COLOURS; colour++) {
            int first = colour;
            List<double[]> planes = pictures.stream().map(picture -> IntStream.range(0, picture.length / COLOURS)
                    .mapToDouble(i -> picture[COLOURS * i + first]).toArray()).toList();
            double contrast = planes.stream().mapToDouble(CollapseWatch::deviation).average().orElseThrow();
            for (int picture = 0; picture < planes.size(); picture++) {
                double[] plane = planes.get(picture);
                double mean = mean(plane);
                double scale = contrast / Math.max(deviation(plane), LEVEL * Short.MAX_VALUE);
                for (int i = 0; i < plane.length; i++) {
                    alike.get(picture)[COLOURS * i + colour] = (plane[i] - mean) * scale;
                }
            }
        }
        return alike;
    }

    /** How much pixels differ from picture to picture; all of them lie in [-1, 1]. */
    private static double spread(List<double[]> pictures) {
        return IntStream.range(0, pictures.get(0).length)
                .mapToDouble(i -> deviation(pictures.stream().mapToDouble(picture -> picture[i]).toArray())).average().orElseThrow()
                / Short.MAX_VALUE;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** The standard deviation of all there are. */
    private static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElseThrow());
    }
}
