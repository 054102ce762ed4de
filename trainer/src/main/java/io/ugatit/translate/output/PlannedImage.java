package io.ugatit.translate.output;

import io.ugatit.input.InputFile;
import java.io.Serializable;

/**
 * An image and the name of the translation that it is to become.
 *
 * @param image as it was listed
 * @param translation relative path in the output folder; in shards the name within them, in tables the image's
 */
public record PlannedImage(InputFile image, String translation) implements Serializable {

    /** The same, for the log of an output folder. */
    Provenance provenance() {
        return new Provenance(translation, image.path(), image.length(), image.modified(), null);
    }
}
