package io.ugatit.evaluate;

import io.ugatit.image.RgbImage;
import io.ugatit.job.InvalidRequestException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Turns an image into the numbers by which sets of images are compared. The same image gives the same bits on every thread and call, on
 * every machine unless the extractor says otherwise. Thread-safe.
 *
 * <p>Distances rank checkpoints and runs that were evaluated with the same extractor on the same images. Those of an extractor that is not
 * {@link #comparable} are not comparable with published figures.
 */
public interface FeatureExtractor {

    /** The name by which {@code --extractor} asks for it, in lower case with hyphens; part of file names. */
    String name();

    /** To which size and how it resizes images before it looks at them, in a few words. */
    String resize();

    /** Whether it is the network of publications, and prepares images as they do. */
    default boolean comparable() {
        return false;
    }

    /** The SHA-256 of its weights, if they are in a file. */
    default Optional<String> weights() {
        return Optional.empty();
    }

    /** All that its features depend on: whoever has another line gives others. Without line breaks. */
    default String identity() {
        return name() + weights().map(hash -> " " + hash).orElse("");
    }

    /** How many numbers it makes of an image, at least 1. */
    int dimension();

    /**
     * Looks at an image.
     *
     * @param image of any size
     * @return {@link #dimension} finite numbers, a new array
     */
    float[] features(RgbImage image);

    /** Every extractor that comes with the program. */
    static List<FeatureExtractor> all() {
        return List.of(RandomConvolutions.INSTANCE, new Thumbnail(), InceptionFeatures.INSTANCE);
    }

    /** The name of the one that judges unless another is asked for. */
    static String standard() {
        return InceptionFeatures.INSTANCE.name();
    }

    /**
     * Finds an extractor that {@code --extractor} asks for.
     *
     * @throws InvalidRequestException if there is none of this name; the message lists those there are
     */
    static FeatureExtractor named(String name) {
        return named("--extractor", name);
    }

    /**
     * Finds an extractor.
     *
     * @param option that asks for it, for the message
     * @throws InvalidRequestException if there is none of this name; the message lists those there are
     */
    static FeatureExtractor named(String option, String name) {
        return all().stream().filter(extractor -> extractor.name().equals(name)).findFirst().orElseThrow(
                () -> new InvalidRequestException(option + " is '" + name + "': must be one of "
                        + all().stream().map(FeatureExtractor::name).collect(Collectors.joining(", "))));
    }
}
