package io.ugatit.report.sample;

import io.ugatit.image.RgbImage;
import java.util.Objects;

/**
 * One test image's way through both generators: a row of a sample sheet.
 *
 * @param name the test image's name, shown beside the row
 * @param source the test image as the network sees it
 * @param heatmap the first generator's attention on the source, any size
 * @param translation the source in the other domain; the source's size
 * @param backTranslation the translation brought back into the source's domain; the source's size
 */
public record SampleRow(String name, RgbImage source, Heatmap heatmap, RgbImage translation, RgbImage backTranslation) {

    /** @throws IllegalArgumentException if the three images differ in size */
    public SampleRow {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(heatmap, "heatmap");
        if (!sameSize(source, translation) || !sameSize(source, backTranslation)) {
            throw new IllegalArgumentException("Sample " + name + ": source, translation and back-translation must have one size");
        }
    }

    private static boolean sameSize(RgbImage a, RgbImage b) {
        return a.width() == b.width() && a.height() == b.height();
    }
}
