package io.ugatit.translate;

import io.ugatit.checkpoint.Publishing;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormat;
import io.ugatit.image.ImageFormatException;
import io.ugatit.image.NotAnImageException;
import io.ugatit.image.RgbImage;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Program;
import io.ugatit.job.TaskGpus;
import io.ugatit.tensor.Device;
import io.ugatit.tensor.Threads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Translates some images: takes pairs of source and translation, both relative paths, and gives a {@link LeftOut} as JSON for each that
 * could not be translated. A translation is published in one piece; a task that runs twice, by retry or speculation, gives the same bytes.
 */
final class TranslateTask implements FlatMapFunction<Iterator<Tuple2<String, String>>, String> {
    private static final long serialVersionUID = 1L;
    private final String driver = Program.build();

    private final Broadcast<SerializableConfiguration> hadoop;
    private final GeneratorSource source;
    private final String input;
    private final String output;
    private final Fit fit;
    private final long maxPixels;
    private final ImageEncoder format;
    private final boolean heatmaps;
    private final LongAccumulator done;

    /**
     * @param source the generator
     * @param done counts files for the progress line
     */
    TranslateTask(Broadcast<SerializableConfiguration> hadoop, GeneratorSource source, Folder input, Folder output, TranslateOptions options,
            LongAccumulator done) {
        this.hadoop = hadoop;
        this.source = source;
        this.input = input.path().toString();
        this.output = output.path().toString();
        this.fit = options.resize();
        this.maxPixels = options.maxPixels();
        this.format = options.format();
        this.heatmaps = options.heatmaps();
        this.done = done;
    }

    @Override
    public Iterator<String> call(Iterator<Tuple2<String, String>> files) throws IOException {
        Program.requireSame(driver);
        Device.take(TaskGpus.addresses());
        Threads.use(TaskContext.get().cpus());
        Configuration configuration = hadoop.value().value();
        Folder from = new Folder(configuration, new Path(input));
        Folder to = new Folder(configuration, new Path(output));
        List<String> leftOut = new ArrayList<>();
        Translator translator = TranslatorPool.SHARED.borrow(configuration, source);
        try {
            while (files.hasNext()) {
                Tuple2<String, String> file = files.next();
                translate(translator, from, file._1, to, file._2).ifPresent(reason -> leftOut.add(reason.toJson()));
                done.add(1);
            }
        } finally {
            TranslatorPool.SHARED.giveBack(source, translator);
        }
        return leftOut.iterator();
    }

    private Optional<LeftOut> translate(Translator translator, Folder from, String name, Folder to, String translated) {
        RgbImage image;
        try {
            ImageFile file = new ImageFile(name, length(from, name), () -> read(from, name));
            image = new ImageDecoder(maxPixels).decode(file, fit, translator.size(), (square, bytes) -> square);
        } catch (NotAnImageException e) {
            return Optional.of(new LeftOut(name, LeftOut.Kind.NOT_AN_IMAGE, e.getMessage()));
        } catch (ImageFormatException e) {
            return Optional.of(new LeftOut(name, LeftOut.Kind.REJECTED, e.getMessage()));
        }
        Optional<Translator.Translation> translation = translator.translate(image);
        if (translation.isEmpty()) {
            return Optional.of(new LeftOut(name, LeftOut.Kind.REJECTED, "the network's output is not finite"));
        }
        publish(to, translated, translation.get());
        return Optional.empty();
    }

    private static long length(Folder from, String name) {
        try {
            return from.fileSystem().getFileStatus(from.file(name)).getLen();
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static byte[] read(Folder from, String name) throws ImageFormatException {
        try (FSDataInputStream in = from.fileSystem().open(from.file(name))) {
            ImageFormat.requireImage(in.readNBytes(ImageFormat.MAGIC_LENGTH), name);
            in.seek(0);
            byte[] file = in.readNBytes((int) ImageFile.MAX_LENGTH + 1);
            ImageFile.requireLength(file.length);
            return file;
        } catch (ImageFormatException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /** A file that cannot be read fails the task: it may be readable on the next attempt, so it is no reject. */
    private static JobFailedException unreadable(String name, IOException e) {
        return new JobFailedException("cannot read " + name + " (" + Publishing.reason(e) + "); " + TranslateJob.SAFE, e);
    }

    /** The heatmap first: whoever finds a translation need not look for it. */
    private void publish(Folder to, String translated, Translator.Translation translation) {
        try {
            if (heatmaps) {
                Publishing.write(to.configuration(), to.file(Plan.heatmap(translated)), ImageEncoder.PNG.encode(translation.heatmap()));
            }
            Publishing.write(to.configuration(), to.file(translated), format.encode(translation.image()));
        } catch (IOException e) {
            throw new JobFailedException("cannot write " + translated + " (" + Publishing.reason(e) + "); " + TranslateJob.SAFE, e);
        }
    }
}
