package io.ugatit.translate.output;

import java.util.Optional;

/**
 * One translation, encoded.
 *
 * @param image bytes of an image file
 * @param heatmap bytes of a PNG; none if it is not wanted
 * @param metadataCut whether metadata that was to be kept was too long or damaged, in part at least
 */
public record EncodedTranslation(byte[] image, Optional<byte[]> heatmap, boolean metadataCut) { }
