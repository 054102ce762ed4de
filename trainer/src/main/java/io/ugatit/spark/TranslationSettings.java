package io.ugatit.spark;

import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import io.ugatit.tensor.choice.KernelOptions;
import io.ugatit.translate.generator.GeneratorSource;
import java.io.Serializable;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What translates a column, the same in all its tasks.
 *
 * @param driver the driver's build of this program
 * @param hadoop finds the generator's file system
 * @param generator found once, on the driver
 * @param kernels to compute with
 * @param fit how images become squares
 * @param maxPixels the most pixels an image may have
 * @param format what translations are encoded in; heatmaps are PNG
 */
record TranslationSettings(String driver, SerializableConfiguration hadoop, GeneratorSource generator, KernelOptions kernels, Fit fit,
        long maxPixels, ImageEncoder format) implements Serializable { }
