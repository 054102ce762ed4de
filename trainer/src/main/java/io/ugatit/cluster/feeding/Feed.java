package io.ugatit.cluster.feeding;

import io.ugatit.dataset.Domain;

/**
 * How images are fed to the workers of a training. With the data set it decides what every worker sees in every step.
 *
 * @param order which image comes when
 * @param augment whether to flip and to crop at random; otherwise the centre is taken
 * @param seed of order and augmentation
 * @param workers that train side by side, at least 1
 * @param batch images of each domain in a step of a worker, at least 1
 * @param size height and width of the networks' images in pixels
 */
public record Feed(ImageOrder order, boolean augment, long seed, int workers, int batch, int size) {

    /** The images of a domain that has {@code count} of them. */
    ImageSequence sequence(Domain domain, long count) {
        return new ImageSequence(count, size, order, augment, Permutation.mix(seed * 2 + domain.ordinal()));
    }
}
