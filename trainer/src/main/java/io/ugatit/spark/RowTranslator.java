package io.ugatit.spark;

import io.ugatit.device.Threads;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormatException;
import io.ugatit.image.RgbImage;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.Program;
import io.ugatit.job.SparkExecutor;
import io.ugatit.job.TaskGpus;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.translate.generator.Translator;
import io.ugatit.translate.generator.TranslatorPool;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Translates the images of one task, one after the other, with a translator of the executor's pool; of images it holds one at a time.
 * Thread-safe: Spark may read a task's rows in a thread beside that which ends the task, as it does to feed Python.
 */
final class RowTranslator implements AutoCloseable {
    private final TranslationSettings settings;
    private final ImageDecoder decoder;
    private final int threads;
    private final KernelChoice kernels;
    private Translator translator;

    private RowTranslator(TranslationSettings settings, KernelChoice kernels, int threads) {
        this.settings = settings;
        this.kernels = kernels;
        this.threads = threads;
        this.decoder = new ImageDecoder(settings.maxPixels());
        Configuration configuration = settings.hadoop().value();
        try {
            NameEncoding.requireInTask(configuration, settings.generator().file());
            this.translator = TranslatorPool.SHARED.borrow(configuration, settings.generator(), kernels);
        } catch (IOException e) {
            throw new JobFailedException("cannot read " + settings.generator().file() + ": " + FileFailure.reason(e), e);
        }
    }

    /**
     * A translator for the calling task, closed with the task at the latest, however that ends.
     *
     * @throws JobFailedException if the executor runs another build than the driver, cannot compute as asked, or cannot read the generator
     */
    static RowTranslator ofTask(TranslationSettings settings) {
        Program.requireSame(settings.driver());
        TaskContext task = TaskContext.get();
        RowTranslator translator = new RowTranslator(settings, KernelChoice.of(settings.kernels(), TaskGpus.addresses()), task.cpus());
        task.addTaskCompletionListener((TaskCompletionListener) ended -> translator.close());
        return translator;
    }

    /** A translator outside of tasks, where Spark computes a row or a few while it plans a query. */
    static RowTranslator ofDriver(TranslationSettings settings) {
        return new RowTranslator(settings, KernelChoice.orFastest(settings.kernels()), 1);
    }

    /**
     * Translates an image.
     *
     * @param image a byte[] that holds a file, a row of Spark's image schema, or null
     * @param heatmap whether to encode where the generator looked
     * @return with an error if there is no image, it cannot be decoded, or the network's output is not finite
     * @throws IllegalArgumentException if the image is something else
     * @throws IllegalStateException if this is closed
     */
    synchronized TranslatedImage translate(Object image, boolean heatmap) {
        if (isClosed()) {
            throw new IllegalStateException("the task has ended");
        }
        if (image == null) {
            return TranslatedImage.failed("the image is null");
        }
        Threads.use(threads); // a setting of the calling thread
        try {
            RgbImage decoded = decode(image);
            Optional<Translator.Translation> translation = SparkExecutor.endIfUnusable(() -> translator.translate(decoded));
            return translation.map(made -> encode(made, heatmap)).orElseGet(() -> TranslatedImage.failed("the network's output is not finite"));
        } catch (ImageFormatException e) {
            return TranslatedImage.failed(e.getMessage());
        }
    }

    private RgbImage decode(Object image) throws ImageFormatException {
        if (image instanceof byte[] bytes) {
            ImageFile.requireLength(bytes.length);
            return decoder.decode(new ImageFile("", bytes.length, () -> bytes), settings.fit(), translator.size(), (square, file) -> square);
        }
        if (image instanceof Row row && SparkImage.isTypeOf(row.schema())) {
            return decoder.fit(SparkImage.pixels(row), settings.fit(), translator.size());
        }
        throw new IllegalArgumentException("an image must be the bytes of a file or a struct of Spark's image schema, not a "
                + (image instanceof Row row ? row.schema().catalogString() : image.getClass().getSimpleName()));
    }

    private TranslatedImage encode(Translator.Translation translation, boolean heatmap) {
        return new TranslatedImage(settings.format().encode(translation.image()),
                heatmap ? ImageEncoder.PNG.encode(translation.heatmap()) : null, null);
    }

    /** Whether the translator is back in the pool. */
    synchronized boolean isClosed() {
        return translator == null;
    }

    @Override
    public synchronized void close() {
        if (!isClosed()) {
            TranslatorPool.SHARED.giveBack(settings.generator(), kernels, translator);
            translator = null;
        }
    }
}
