package io.ugatit.cluster.feeding;

import io.ugatit.dataset.DatasetImage;
import io.ugatit.model.Pixels;
import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * What becomes of the images on their way into training: order, crop and flip. A pure function of the position in the endless sequence of
 * images that all workers take together, so that any part of it can be repeated by anyone.
 *
 * @param count images of the domain, at least 1
 * @param size height and width of the crop in pixels
 * @param order which image comes when
 * @param augment whether to flip and to crop at random; otherwise the centre is taken
 * @param seed of this domain
 */
record ImageSequence(long count, int size, ImageOrder order, boolean augment, long seed) implements Serializable {
    /** Index of the image at a position, which counts from 0. */
    long index(long position) {
        return switch (order) {
            case SEQUENTIAL -> position % count;
            case SHUFFLED -> new Permutation(count, Permutation.mix(seed + position / count)).at(position % count);
        };
    }

    /**
     * Writes the crop as (3,size,size) in [-1, 1].
     *
     * @param out written from {@code offset}
     */
    void write(DatasetImage image, long position, float[] out, int offset) {
        int rows = image.height() - size;
        int columns = image.width() - size;
        int top = rows / 2;
        int left = columns / 2;
        boolean flip = false;
        if (augment) {
            SplittableRandom random = new SplittableRandom(Permutation.mix(~seed) + position);
            flip = random.nextBoolean();
            top = random.nextInt(rows + 1);
            left = random.nextInt(columns + 1);
        }
        byte[] pixels = image.pixels();
        int plane = size * size;
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                int from = 3 * ((top + y) * image.width() + left + (flip ? size - 1 - x : x));
                int to = offset + y * size + x;
                out[to] = Pixels.value(pixels[from]);
                out[to + plane] = Pixels.value(pixels[from + 1]);
                out[to + 2 * plane] = Pixels.value(pixels[from + 2]);
            }
        }
    }
}
