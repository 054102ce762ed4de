package io.ugatit.cluster.rounds;

import io.ugatit.model.Network;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A few pixels of what a generator was given in a step, of what it made of that, and of the image of the other domain beside it. All
 * glimpses of images of one size are of the same pixels. Their numbers are those of [-1, 1] times 32767.
 *
 * @param generator one of the two
 * @param step that the images are of
 * @param source an image of the one domain
 * @param translation of that image
 * @param target an image of the other domain
 */
public record Glimpse(Network generator, long step, short[] source, short[] translation, short[] target) {
    /** Images at the end of a round that a worker takes glimpses of. */
    static final int IMAGES = 8;
    /** Pixels of an image, of three colours each. */
    private static final int PIXELS = 64;
    /** Multiples of it, without what stands before the point, never come close to each other: pixels all over the image, in no pattern. */
    private static final double GOLDEN_RATIO = 0.6180339887498949;

    /** How many steps at the end of a round are looked at. */
    static int steps(int batch) {
        return (IMAGES + batch - 1) / batch;
    }

    /**
     * Takes those of one step in one direction.
     *
     * @param sources what the generator was given, (N,3,S,S), c-ordered
     * @param translations of them
     * @param targets images of the other domain, of the same shape
     */
    static List<Glimpse> of(Network generator, long step, INDArray sources, INDArray translations, INDArray targets) {
        List<Glimpse> glimpses = new ArrayList<>();
        for (int image = 0; image < Math.min(IMAGES, sources.size(0)); image++) {
            glimpses.add(new Glimpse(generator, step, pixels(sources, image), pixels(translations, image), pixels(targets, image)));
        }
        return glimpses;
    }

    private static short[] pixels(INDArray images, int image) {
        long plane = images.size(2) * images.size(3);
        short[] pixels = new short[3 * PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            long pixel = (long) (plane * (i * GOLDEN_RATIO % 1));
            for (int colour = 0; colour < 3; colour++) {
                pixels[3 * i + colour] = (short) Math.round(images.data().getFloat((3L * image + colour) * plane + pixel) * Short.MAX_VALUE);
            }
        }
        return pixels;
    }
}
