package io.ugatit.translate;

import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormatException;
import io.ugatit.input.LeftOut;
import io.ugatit.job.Program;
import io.ugatit.translate.generator.GeneratorSource;
import io.ugatit.translate.output.EncodedTranslation;
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
 * Translates a few images and throws the translations away: measures the seconds that each took but those of the first call of the network,
 * which pays for what is only done once. What cannot be translated takes no time worth mentioning: it is not counted, and told with the
 * reason.
 */
final class Trial implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String driver = Program.build();
    private final GeneratorSource generator;
    private final TranslateOptions options;
    private final LongAccumulator done;

    /**
     * What became of the images that a task has tried.
     *
     * @param seconds that each took which was translated, but for those of the first call of the network
     * @param leftOut those that could not be translated
     */
    record Outcome(List<Double> seconds, List<LeftOut> leftOut) implements Serializable { }

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
    Outcome of(Configuration configuration, Iterator<ImageFile> images, String... paths) throws IOException {
        List<List<Double>> calls = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        try (TaskTranslator task = new TaskTranslator(driver, configuration, generator, options, paths)) {
            SourceTranslation translation = new SourceTranslation(task.translator(), options);
            while (images.hasNext()) {
                long start = System.nanoTime();
                int translated = options.batch() > 1 ? batch(translation, images, leftOut) : next(translation, images, leftOut);
                if (translated > 0) {
                    calls.add(Collections.nCopies(translated, (System.nanoTime() - start) / 1e9 / translated));
                }
            }
        }
        return new Outcome(calls.subList(calls.size() > 1 ? 1 : 0, calls.size()).stream().flatMap(List::stream).toList(), leftOut);
    }

    private int next(SourceTranslation translation, Iterator<ImageFile> images, List<LeftOut> leftOut) {
        ImageFile image = images.next();
        boolean translated = unlessLeftOut(image.name(), leftOut, () -> translation.of(image));
        done.add(1);
        return translated ? 1 : 0;
    }

    private int batch(SourceTranslation translation, Iterator<ImageFile> images, List<LeftOut> leftOut) {
        List<String> names = new ArrayList<>();
        List<SourceTranslation.Square> squares = new ArrayList<>();
        while (squares.size() < options.batch() && images.hasNext()) {
            ImageFile image = images.next();
            if (unlessLeftOut(image.name(), leftOut, () -> squares.add(translation.square(image)))) {
                names.add(image.name());
            }
            done.add(1);
        }
        List<Optional<EncodedTranslation>> encoded = translation.of(squares);
        int translated = 0;
        for (int i = 0; i < encoded.size(); i++) {
            Optional<EncodedTranslation> file = encoded.get(i);
            translated += unlessLeftOut(names.get(i), leftOut, () -> SourceTranslation.finite(file)) ? 1 : 0;
        }
        return translated;
    }

    private interface Work {
        void run() throws ImageFormatException;
    }

    private static boolean unlessLeftOut(String image, List<LeftOut> leftOut, Work work) {
        try {
            work.run();
            return true;
        } catch (ImageFormatException e) {
            leftOut.add(SourceTranslation.leftOut(image, e));
            return false;
        }
    }
}
