package io.ugatit.translate;

import io.ugatit.input.LeftOut;
import io.ugatit.job.Packed;
import io.ugatit.job.Program;
import io.ugatit.job.SparkExecutor;
import io.ugatit.translate.output.Folder;
import io.ugatit.translate.output.PlannedImage;
import io.ugatit.translate.output.ProvenanceLog;
import io.ugatit.translate.output.TranslationWriter;
import io.ugatit.translate.source.SourceImages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
        return SparkExecutor.endIfUnusable(() -> List.of(Packed.of(translate(planned.get())))).iterator();
    }

    private TaskOutcome translate(List<PlannedImage> planned) throws IOException {
        Configuration configuration = hadoop.value().value();
        List<LeftOut> leftOut = new ArrayList<>();
        ProvenanceLog lines = new ProvenanceLog(new Folder(configuration, new Path(output)), log);
        TranslationWriter writer = TranslationWriter.of(options.to().kind(), lines, options.to().mostInAPart(), options.heatmaps(),
                Map.of("direction", pass.direction().word(), "model", pass.generator().file()));
        try (TaskTranslator task = new TaskTranslator(driver, configuration, pass.generator(), options, input, output);
                SourceImages images = new SourceImages(configuration, new Path(input))) {
            TranslatedImages made = new TranslatedImages(unlessKilled(planned.iterator()), images,
                    new SourceTranslation(task.translator(), options), leftOut::add, done);
            writer.write(TaskContext.getPartitionId(), made, leftOut::add);
            return new TaskOutcome(leftOut, made.metadataCut());
        }
    }

    /** Ends a task whose job is over before it publishes more: another job may be writing the output. */
    private static <T> Iterator<T> unlessKilled(Iterator<T> all) {
        TaskContext task = TaskContext.get();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                task.killTaskIfInterrupted();
                return all.hasNext();
            }

            @Override
            public T next() {
                return all.next();
            }
        };
    }
}
