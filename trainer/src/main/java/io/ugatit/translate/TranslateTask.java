package io.ugatit.translate;

import io.ugatit.image.ImageFormatException;
import io.ugatit.image.NotAnImageException;
import io.ugatit.input.LeftOut;
import io.ugatit.input.SourceReader;
import io.ugatit.job.Packed;
import io.ugatit.job.Program;
import io.ugatit.translate.output.Folder;
import io.ugatit.translate.output.MadeTranslation;
import io.ugatit.translate.output.PlannedImage;
import io.ugatit.translate.output.ProvenanceLog;
import io.ugatit.translate.output.TranslationWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Translates some images: takes the translations to make, and gives a {@link LeftOut} as JSON for each that could not be made. A task that
 * runs twice, by retry or speculation, gives the same bytes.
 */
final class TranslateTask implements FlatMapFunction<Packed<List<PlannedImage>>, String> {
    private static final long serialVersionUID = 1L;
    private final String driver = Program.build();
    private final Broadcast<SerializableConfiguration> hadoop;
    private final GeneratorSource source;
    private final String input;
    private final String output;
    private final TranslateOptions options;
    private final String log;
    private final LongAccumulator done;

    /**
     * @param source the generator
     * @param input what the places of images are relative to
     * @param log of the output
     * @param done counts files for the progress line
     */
    TranslateTask(Broadcast<SerializableConfiguration> hadoop, GeneratorSource source, Path input, ProvenanceLog log,
            TranslateOptions options, LongAccumulator done) {
        this.hadoop = hadoop;
        this.source = source;
        this.input = input.toString();
        this.output = log.output().path().toString();
        this.options = options;
        this.log = log.name();
        this.done = done;
    }

    @Override
    public Iterator<String> call(Packed<List<PlannedImage>> planned) throws IOException {
        Configuration configuration = hadoop.value().value();
        List<String> leftOut = new ArrayList<>();
        ProvenanceLog lines = new ProvenanceLog(new Folder(configuration, new Path(output)), log);
        TranslationWriter writer = TranslationWriter.of(options.to().kind(), lines, options.to().mostInAPart(), options.heatmaps(),
                Map.of("direction", options.direction().name().toLowerCase(Locale.ROOT), "model", source.file()));
        try (TaskTranslator task = new TaskTranslator(driver, configuration, source, options, input, output);
                SourceReader reader = new SourceReader(configuration, new Path(input), () -> { })) {
            writer.write(TaskContext.getPartitionId(),
                    new Made(planned.get().iterator(), new SourceTranslation(task.translator(), reader, options), leftOut),
                    failed -> leftOut.add(failed.toJson()));
        }
        return leftOut.iterator();
    }

    /** Translates when it is asked for the next; passes over what cannot be. */
    private final class Made implements Iterator<MadeTranslation> {
        private final Iterator<PlannedImage> planned;
        private final SourceTranslation translation;
        private final List<String> leftOut;
        private MadeTranslation next;

        Made(Iterator<PlannedImage> planned, SourceTranslation translation, List<String> leftOut) {
            this.planned = planned;
            this.translation = translation;
            this.leftOut = leftOut;
        }

        @Override
        public boolean hasNext() {
            while (next == null && planned.hasNext()) {
                next = translate(planned.next());
                done.add(1);
            }
            return next != null;
        }

        @Override
        public MadeTranslation next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            MadeTranslation made = next;
            next = null;
            return made;
        }

        private MadeTranslation translate(PlannedImage image) {
            try {
                return new MadeTranslation(image, translation.of(image.image()));
            } catch (NotAnImageException e) {
                leftOut.add(new LeftOut(image.image().path(), LeftOut.Kind.NOT_AN_IMAGE, e.getMessage()).toJson());
            } catch (ImageFormatException e) {
                leftOut.add(new LeftOut(image.image().path(), LeftOut.Kind.REJECTED, e.getMessage()).toJson());
            }
            return null;
        }
    }
}
