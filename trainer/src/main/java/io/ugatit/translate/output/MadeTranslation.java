package io.ugatit.translate.output;

/**
 * A translation that is to be written.
 *
 * @param planned what it is of, and its name
 * @param encoded its bytes
 */
public record MadeTranslation(PlannedImage planned, EncodedTranslation encoded) { }
