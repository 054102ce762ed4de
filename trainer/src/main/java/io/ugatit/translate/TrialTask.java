package io.ugatit.translate;

import io.ugatit.image.ImageFormatException;
import io.ugatit.input.SourceReader;
import io.ugatit.job.Packed;
import io.ugatit.job.Program;
import io.ugatit.translate.output.PlannedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Translates a few images and throws the translations away: gives the seconds that each took but the first, which pays for what is only
 * done once. What cannot be translated takes no time worth mentioning and is not counted.
 */
final class TrialTask implements FlatMapFunction<Packed<List<PlannedImage>>, Double> {
    private static final long serialVersionUID = 1L;
    private final String driver = Program.build();
    private final Broadcast<SerializableConfiguration> hadoop;
    private final GeneratorSource source;
    private final String input;
    private final TranslateOptions options;
    private final LongAccumulator done;

    /**
     * @param input what the places of images are relative to
     * @param done counts files for the progress line
     */
    TrialTask(Broadcast<SerializableConfiguration> hadoop, GeneratorSource source, Path input, TranslateOptions options,
            LongAccumulator done) {
        this.hadoop = hadoop;
        this.source = source;
        this.input = input.toString();
        this.options = options;
        this.done = done;
    }

    @Override
    public Iterator<Double> call(Packed<List<PlannedImage>> tried) throws IOException {
        Configuration configuration = hadoop.value().value();
        List<Double> seconds = new ArrayList<>();
        try (TaskTranslator task = new TaskTranslator(driver, configuration, source, options, input);
                SourceReader reader = new SourceReader(configuration, new Path(input), () -> { })) {
            SourceTranslation translation = new SourceTranslation(task.translator(), reader, options);
            for (PlannedImage file : tried.get()) {
                long start = System.nanoTime();
                if (isTranslated(translation, file)) {
                    seconds.add((System.nanoTime() - start) / 1e9);
                }
                done.add(1);
            }
        }
        return seconds.stream().skip(seconds.size() > 1 ? 1 : 0).iterator();
    }

    private static boolean isTranslated(SourceTranslation translation, PlannedImage file) {
        try {
            translation.of(file.image());
            return true;
        } catch (ImageFormatException e) {
            return false; // the job itself will list it with the reason
        }
    }
}
