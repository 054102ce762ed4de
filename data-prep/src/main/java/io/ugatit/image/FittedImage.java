package io.ugatit.image;

import java.util.Optional;

/**
 * An image as a network sees it, and as it was.
 *
 * @param part what the square shows of the upright image, in its own resolution: all of it, or the part that {@link Fit#CROP} cuts out
 * @param square the same, fitted
 * @param opacity of the part, as grays from transparent black to opaque white; none if it is not wanted or all is opaque
 */
public record FittedImage(RgbImage part, RgbImage square, Optional<RgbImage> opacity) {

    /**
     * What becomes of an image while it is in memory.
     *
     * @param <T> what is made of it
     */
    public interface Use<T> {
        /**
         * The most bytes that {@link #of} takes beside the image.
         *
         * @param width columns of the part
         * @param height rows of the part
         * @throws ImageFormatException if it is more than an array can hold
         */
        long bytes(int width, int height) throws ImageFormatException;

        /**
         * Makes something of the image.
         *
         * @param file the bytes that it was decoded from
         * @return what is wanted, never null
         * @throws ImageFormatException if nothing can be made of it
         */
        T of(FittedImage image, byte[] file) throws ImageFormatException;
    }
}
