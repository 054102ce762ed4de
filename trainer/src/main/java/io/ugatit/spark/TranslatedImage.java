package io.ugatit.spark;

/**
 * What became of an image: a translation and a heatmap, or an error.
 *
 * @param translation an image file; null if there is an error
 * @param heatmap a PNG file; null if there is an error, or no heatmap was asked for
 * @param error one line; null if there is none
 */
record TranslatedImage(byte[] translation, byte[] heatmap, String error) {

    /** @param reason one line */
    static TranslatedImage failed(String reason) {
        return new TranslatedImage(null, null, OptionNames.asParams(reason));
    }
}
