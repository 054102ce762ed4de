package io.ugatit.translate;

import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormatException;
import io.ugatit.job.Program;
import io.ugatit.translate.generator.GeneratorSource;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.LongAccumulator;

/**
 * Translates a few images and throws the translations away: gives the seconds that each took but those of the first call of the network,
 * which pays for what is only done once. What cannot be translated takes no time worth mentioning and is not counted.
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
        List<List<Double>> calls = new ArrayList<>();
        try (TaskTranslator task = new TaskTranslator(driver, configuration, generator, options, paths)) {
            SourceTranslation translation = new SourceTranslation(task.translator(), options);
            while (images.hasNext()) {
                long start = System.nanoTime();
                int translated = options.batch() > 1 ? batch(translation, images) : next(translation, images);
                if (translated > 0) {
                    calls.add(Collections.nCopies(translated, (System.nanoTime() - start) / 1e9 / translated));
                }
            }
        }
        return calls.subList(calls.size() > 1 ? 1 : 0, calls.size()).stream().flatMap(List::stream).toList();
    }

    private int next(SourceTranslation translation, Iterator<ImageFile> images) {
        try {
            translation.of(images.next());
            return 1;
        } catch (ImageFormatException e) {
            return 0; // the job itself will list it with the reason
        } finally {
            done.add(1);
        }
    }

    private int batch(SourceTranslation translation, Iterator<ImageFile> images) {
        List<SourceTranslation.Square> squares = new ArrayList<>();
        while (squares.size() < options.batch() && images.hasNext()) {
            try {
                squares.add(translation.square(images.next()));
            } catch (ImageFormatException e) {
                // the job itself will list it with the reason
            } finally {
                done.add(1);
            }
        }
        return (int) translation.of(squares).stream().filter(Optional::isPresent).count();
    }
}
