package io.ugatit.translate;

import io.ugatit.device.Threads;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.Program;
import io.ugatit.job.TaskGpus;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.translate.generator.GeneratorSource;
import io.ugatit.translate.generator.Translator;
import io.ugatit.translate.generator.TranslatorPool;
import io.ugatit.translate.output.TranslationWriter;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;

/** A translator that the calling task has until it closes this. */
final class TaskTranslator implements AutoCloseable {
    private final GeneratorSource source;
    private final KernelChoice kernels;
    private final Translator translator;

    /**
     * Sets the task up and borrows a translator.
     *
     * @param driver the driver's build
     * @param paths what the task will read or write
     * @throws JobFailedException if this executor runs another build, cannot compute as asked or name the paths, or cannot read the
     *     generator
     * @throws IOException if a path's file system does not answer
     */
    TaskTranslator(String driver, Configuration configuration, GeneratorSource source, TranslateOptions options, String... paths)
            throws IOException {
        Program.requireSame(driver);
        this.source = source;
        this.kernels = KernelChoice.of(options.kernels(), TaskGpus.addresses())
                .reaching(source.options().largestMapBytes(options.batch()));
        Threads.use(TaskContext.get().cpus());
        NameEncoding.requireInTask(configuration, paths);
        try {
            this.translator = TranslatorPool.SHARED.borrow(configuration, source, kernels);
        } catch (IOException e) { // as of a checkpoint that has been pruned since
            throw new JobFailedException("cannot read " + source.file() + ": " + FileFailure.reason(e) + "; " + TranslationWriter.SAFE, e);
        }
    }

    Translator translator() {
        return translator;
    }

    @Override
    public void close() {
        TranslatorPool.SHARED.giveBack(source, kernels, translator);
    }
}
