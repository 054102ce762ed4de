package io.ugatit.translate;

import io.ugatit.image.ImageFormatException;
import io.ugatit.image.NotAnImageException;
import io.ugatit.input.LeftOut;
import io.ugatit.job.Packed;
import io.ugatit.job.Program;
import io.ugatit.translate.output.EncodedTranslation;
import io.ugatit.translate.output.Folder;
import io.ugatit.translate.output.MadeTranslation;
import io.ugatit.translate.output.PlannedImage;
import io.ugatit.translate.output.ProvenanceLog;
import io.ugatit.translate.output.TranslationWriter;
import io.ugatit.translate.source.SourceImages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
 * Translates some images: takes the translations to make, and says what became of them. A task that runs twice, by retry or speculation,
 * gives the same bytes.
 */
final class TranslateTask implements FlatMapFunction<Packed<List<PlannedImage>>, Packed<TaskOutcome>> {
    private static final long serialVersionUID = 1L;
    private final String driver = Program.build();
    private final Broadcast<SerializableConfiguration> hadoop;
    private final Pass pass;
    private final String input;
    private final String output;
    private final TranslateOptions options;
    private final String log;
    private final LongAccumulator done;

    /**
     * @param pass the generator and the direction
     * @param input what the places of images are relative to
     * @param log of the output
     * @param done counts files for the progress line
     */
    TranslateTask(Broadcast<SerializableConfiguration> hadoop, Pass pass, Path input, ProvenanceLog log,
            TranslateOptions options, LongAccumulator done) {
        this.hadoop = hadoop;
        this.pass = pass;
        this.input = input.toString();
        this.output = log.output().path().toString();
        this.options = options;
        this.log = log.name();
        this.done = done;
    }

    @Override
    public Iterator<Packed<TaskOutcome>> call(Packed<List<PlannedImage>> planned) throws IOException {
        Configuration configuration = hadoop.value().value();
        List<LeftOut> leftOut = new ArrayList<>();
        ProvenanceLog lines = new ProvenanceLog(new Folder(configuration, new Path(output)), log);
        TranslationWriter writer = TranslationWriter.of(options.to().kind(), lines, options.to().mostInAPart(), options.heatmaps(),
                Map.of("direction", pass.direction().word(), "model", pass.generator().file()));
        try (TaskTranslator task = new TaskTranslator(driver, configuration, pass.generator(), options, input, output);
                SourceImages images = new SourceImages(configuration, new Path(input))) {
            Made made = new Made(planned.get().iterator(), images, new SourceTranslation(task.translator(), options), leftOut);
            writer.write(TaskContext.getPartitionId(), made, leftOut::add);
            return List.of(Packed.of(new TaskOutcome(leftOut, made.metadataCut))).iterator();
        }
    }

    /** Translates when it is asked for the next; passes over what cannot be. */
    private final class Made implements Iterator<MadeTranslation> {
        private final Iterator<PlannedImage> planned;
        private final SourceImages images;
        private final SourceTranslation translation;
        private final List<LeftOut> leftOut;
        private MadeTranslation next;
        private long metadataCut;

        Made(Iterator<PlannedImage> planned, SourceImages images, SourceTranslation translation, List<LeftOut> leftOut) {
            this.planned = planned;
            this.images = images;
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
                EncodedTranslation encoded = translation.of(images.file(image.image()));
                metadataCut += encoded.metadataCut() ? 1 : 0;
                return new MadeTranslation(image, encoded);
            } catch (NotAnImageException e) {
                leftOut.add(new LeftOut(image.image().path(), LeftOut.Kind.NOT_AN_IMAGE, e.getMessage()));
            } catch (ImageFormatException e) {
                leftOut.add(new LeftOut(image.image().path(), LeftOut.Kind.REJECTED, e.getMessage()));
            }
            return null;
        }
    }
}
