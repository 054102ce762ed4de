package io.ugatit.translate;

import io.ugatit.checkpoint.Publishing;
import io.ugatit.image.ImageFormatException;
import io.ugatit.image.NotAnImageException;
import io.ugatit.input.LeftOut;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Packed;
import io.ugatit.job.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsDirectoryException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Translates some images: takes the translations to make, and gives a {@link LeftOut} as JSON for each that could not be made. A
 * translation is published in one piece and then logged; a task that runs twice, by retry or speculation, gives the same bytes.
 */
final class TranslateTask implements FlatMapFunction<Packed<List<Provenance>>, String> {
    private static final long serialVersionUID = 1L;
    private final String driver = Program.build();
    /** So many translations of a task that is killed are made again. */
    private static final int LOGGED_AT_ONCE = 16;
    /** What local disks and HDFS allow. */
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_PATH = 4095;

    private final Broadcast<SerializableConfiguration> hadoop;
    private final GeneratorSource source;
    private final String input;
    private final String output;
    private final TranslateOptions options;
    private final String log;
    private final LongAccumulator done;

    /**
     * @param source the generator
     * @param log of the output
     * @param done counts files for the progress line
     */
    TranslateTask(Broadcast<SerializableConfiguration> hadoop, GeneratorSource source, Folder input, ProvenanceLog log,
            TranslateOptions options, LongAccumulator done) {
        this.hadoop = hadoop;
        this.source = source;
        this.input = input.path().toString();
        this.output = log.output().path().toString();
        this.options = options;
        this.log = log.name();
        this.done = done;
    }

    @Override
    public Iterator<String> call(Packed<List<Provenance>> planned) throws IOException {
        Configuration configuration = hadoop.value().value();
        List<String> leftOut = new ArrayList<>();
        List<Provenance> made = new ArrayList<>();
        Folder to = new Folder(configuration, new Path(output));
        try (TaskTranslator task = new TaskTranslator(driver, configuration, source, options, input, output)) {
            SourceTranslation translation = new SourceTranslation(task.translator(), new Folder(configuration, new Path(input)), options);
            for (Provenance file : planned.get()) {
                Optional<LeftOut> failed = translate(translation, file, to);
                failed.ifPresentOrElse(reason -> leftOut.add(reason.toJson()), () -> made.add(file));
                if (failed.isEmpty() && made.size() % LOGGED_AT_ONCE == 0) {
                    log(to, made);
                }
                done.add(1);
            }
        }
        log(to, made);
        return leftOut.iterator();
    }

    private void log(Folder to, List<Provenance> made) {
        try {
            new ProvenanceLog(to, log).write(TaskContext.getPartitionId(), made);
        } catch (IOException e) {
            throw new JobFailedException("cannot write " + to.file(log) + " (" + FileFailure.reason(e) + "); " + TranslateJob.SAFE, e);
        }
    }

    private Optional<LeftOut> translate(SourceTranslation translation, Provenance planned, Folder to) {
        String name = planned.source();
        try {
            SourceTranslation.Files files = translation.of(planned);
            return publish(to, planned.translation(), files).map(reason -> new LeftOut(name, LeftOut.Kind.REJECTED, reason));
        } catch (NotAnImageException e) {
            return Optional.of(new LeftOut(name, LeftOut.Kind.NOT_AN_IMAGE, e.getMessage()));
        } catch (ImageFormatException e) {
            return Optional.of(new LeftOut(name, LeftOut.Kind.REJECTED, e.getMessage()));
        }
    }

    /**
     * The heatmap first: whoever finds a translation need not look for it.
     *
     * @return why it never can be written; empty if it is
     */
    private Optional<String> publish(Folder to, String translated, SourceTranslation.Files files) {
        Path file = to.file(translated);
        Path longest = files.heatmap().isPresent() ? to.file(Plan.heatmap(translated)) : file;
        try {
            if (files.heatmap().isPresent()) {
                Publishing.write(to.configuration(), longest, files.heatmap().get());
            }
            Publishing.write(to.configuration(), file, files.image());
            return Optional.empty();
        } catch (PathIsDirectoryException e) {
            return Optional.of("a folder is where its translation would be: " + e.getPath());
        } catch (FileAlreadyExistsException | ParentNotDirectoryException e) {
            return Optional.of("a file is where the folder of its translation would be: " + file.getParent());
        } catch (IOException e) {
            return tooLong(longest).or(() -> {
                throw new JobFailedException("cannot write " + file + " (" + FileFailure.reason(e) + "); " + TranslateJob.SAFE, e);
            });
        }
    }

    /** Asked only when writing failed: some file systems allow longer names. */
    private static Optional<String> tooLong(Path file) {
        int name = file.getName().getBytes(StandardCharsets.UTF_8).length;
        int path = file.toUri().getPath().getBytes(StandardCharsets.UTF_8).length;
        if (name > LONGEST_NAME) {
            return Optional.of("the name " + file.getName() + " has " + name + " bytes, the file system allows " + LONGEST_NAME);
        }
        return path > LONGEST_PATH
                ? Optional.of("the path of its translation has " + path + " bytes, the file system allows " + LONGEST_PATH) : Optional.empty();
    }
}
