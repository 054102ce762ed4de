package io.ugatit.translate;

import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormatException;
import io.ugatit.job.Program;
import io.ugatit.translate.generator.GeneratorSource;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.LongAccumulator;

/**
 * Translates a few images and throws the translations away: gives the seconds that each took but the first, which pays for what is only
 * done once. What cannot be translated takes no time worth mentioning and is not counted.
 */
final class Trial implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String driver = Program.build();
    private final GeneratorSource generator;
    private final TranslateOptions options;
    private final LongAccumulator done;

    /** @param done counts images for the progress line */
    Trial(GeneratorSource generator, TranslateOptions options, LongAccumulator done) {
        this.generator = generator;
        this.options = options;
        this.done = done;
    }

    /**
     * Tries.
     *
     * @param paths what is read
     */
    List<Double> seconds(Configuration configuration, Iterator<ImageFile> images, String... paths) throws IOException {
        List<Double> seconds = new ArrayList<>();
        try (TaskTranslator task = new TaskTranslator(driver, configuration, generator, options, paths)) {
            SourceTranslation translation = new SourceTranslation(task.translator(), options);
            while (images.hasNext()) {
                long start = System.nanoTime();
                if (isTranslated(translation, images.next())) {
                    seconds.add((System.nanoTime() - start) / 1e9);
                }
                done.add(1);
            }
        }
        return seconds.subList(seconds.size() > 1 ? 1 : 0, seconds.size());
    }

    private static boolean isTranslated(SourceTranslation translation, ImageFile file) {
        try {
            translation.of(file);
            return true;
        } catch (ImageFormatException e) {
            return false; // the job itself will list it with the reason
        }
    }
}
