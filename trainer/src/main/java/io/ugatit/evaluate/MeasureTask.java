package io.ugatit.evaluate;

import io.ugatit.dataset.DatasetImage;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Split;
import io.ugatit.device.Threads;
import io.ugatit.image.RgbImage;
import io.ugatit.job.Packed;
import io.ugatit.job.Program;
import io.ugatit.job.SparkExecutor;
import io.ugatit.job.TaskGpus;
import io.ugatit.model.DivergedException;
import io.ugatit.model.Pixels;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.tensor.choice.KernelOptions;
import io.ugatit.translate.generator.Translator;
import io.ugatit.translate.generator.TranslatorPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Measures the images of one {@link Slice}, one at a time, so that the bits do not depend on how the images are cut into tasks. */
final class MeasureTask implements Function<Packed<Slice>, Packed<ArrayList<Measured>>> {
    private static final long serialVersionUID = 1L;
    private final String driver = Program.build();

    private final Broadcast<SerializableConfiguration> hadoop;
    private final Packed<ImageDataset> dataset;
    private final Packed<Generators> generators;
    private final ExtractorSource extractor;
    private final Set<Domain> known;
    private final Packed<Pairs> pairs;
    private final KernelOptions kernels;
    private final LongAccumulator done;

    /**
     * @param known domains whose real images' features are known
     * @param pairs who of the other domain is whose partner
     * @param done counts images for the progress line
     */
    MeasureTask(Broadcast<SerializableConfiguration> hadoop, ImageDataset dataset, Generators generators,
            ExtractorSource extractor, Set<Domain> known, Pairs pairs, KernelOptions kernels, LongAccumulator done) {
        this.hadoop = hadoop;
        this.dataset = Packed.of(dataset);
        this.generators = Packed.of(generators);
        this.extractor = extractor;
        this.known = known;
        this.pairs = Packed.of(pairs);
        this.kernels = kernels;
        this.done = done;
    }

    @Override
    public Packed<ArrayList<Measured>> call(Packed<Slice> packed) throws IOException {
        return SparkExecutor.endIfUnusable(() -> Packed.of(measured(packed.get())));
    }

    private ArrayList<Measured> measured(Slice slice) throws IOException {
        Program.requireSame(driver);
        KernelChoice choice = KernelChoice.of(kernels, TaskGpus.addresses());
        Threads.use(TaskContext.get().cpus());
        Configuration configuration = hadoop.value().value();
        Generators both = generators.get();
        FeatureExtractor features = extractor.openInTask(configuration);
        ArrayList<Measured> measured = new ArrayList<>();
        Translator there = TranslatorPool.SHARED.borrow(configuration, both.from(slice.domain()), choice);
        try {
            Translator back = TranslatorPool.SHARED.borrow(configuration, both.to(slice.domain()), choice);
            try (ImageReader reader = dataset.get().reader(slice.domain(), Split.TEST, configuration, 0);
                    ImageReader others = dataset.get().reader(slice.domain().other(), Split.TEST, configuration, 0)) {
                Pairs partners = pairs.get();
                for (int number = slice.from(); number < slice.to(); number++) {
                    long partner = partners.partner(slice.domain(), slice.index(number));
                    measured.add(measure(slice, slice.index(number), reader.read(slice.index(number)),
                            partner < 0 ? null : image(others.read(partner)), there, back, features));
                    done.add(1);
                }
            } finally {
                TranslatorPool.SHARED.giveBack(both.to(slice.domain()), choice, back);
            }
        } finally {
            TranslatorPool.SHARED.giveBack(both.from(slice.domain()), choice, there);
        }
        return measured;
    }

    /** The pixels of an image. */
    static RgbImage image(DatasetImage stored) {
        return new RgbImage(stored.width(), stored.height(), stored.pixels());
    }

    private Measured measure(Slice slice, long index, DatasetImage stored, RgbImage partner, Translator there, Translator back,
            FeatureExtractor extractor) {
        RgbImage real = image(stored);
        try (INDArray image = Nd4j.createUninitialized(DataType.FLOAT, 1, 3, real.height(), real.width())) {
            Pixels.read(real, image);
            float[] values = Pixels.floats(image);
            double identity = difference(stored, back, image, values);
            Pixels.read(real, image);
            there.translate(image);
            RgbImage translated = Pixels.write(image);
            double cycle = difference(stored, back, image, values);
            return new Measured(stored.source(), index, known.contains(slice.domain()) ? null : extractor.features(real),
                    extractor.features(translated), cycle, identity, partner == null ? null : Likeness.of(translated, partner),
                    partner == null || slice.domain() == Domain.B ? null : Likeness.of(real, partner));
        }
    }

    /** Mean absolute difference of what a generator makes of an image to the values expected; the image becomes what it makes. */
    private static double difference(DatasetImage stored, Translator translator, INDArray image, float[] expected) {
        translator.translate(image);
        float[] drawn = Pixels.floats(image);
        double sum = 0;
        for (int i = 0; i < drawn.length; i++) {
            sum += Math.abs((double) drawn[i] - expected[i]);
        }
        if (!Double.isFinite(sum)) {
            throw new DivergedException("cannot evaluate: the network's output for the test image " + stored.source()
                    + " is not finite; the run is untouched");
        }
        return sum / drawn.length;
    }
}
