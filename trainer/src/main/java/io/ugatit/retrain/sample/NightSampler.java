package io.ugatit.retrain.sample;

import io.ugatit.checkpoint.CheckpointChoice;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.dataset.DatasetImage;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Split;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.retrain.sample.NightSamples.Translated;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.tensor.choice.KernelOptions;
import io.ugatit.translate.generator.GeneratorSource;
import io.ugatit.translate.generator.Translator;
import io.ugatit.translate.generator.TranslatorPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Draws a night's samples: a few test images, evenly spread over a data set, translated on the driver by both runs' generators. */
public final class NightSampler {
    /** Of each domain. */
    private static final int IMAGES = 4;
    /** Pixels of the side of what is kept, at most. */
    private static final int SIDE = 128;

    private final ImageDataset dataset;
    private final KernelChoice kernels;
    private final Configuration configuration;

    /**
     * @param dataset whose test images are translated
     * @param kernels to compute with, if this JVM can
     * @param configuration finds the file systems
     */
    public NightSampler(ImageDataset dataset, KernelOptions kernels, Configuration configuration) {
        this.dataset = dataset;
        this.kernels = KernelChoice.orFastest(kernels);
        this.configuration = configuration;
    }

    /**
     * Draws them.
     *
     * @param before the run that the new one began with; null without one
     * @param now the new run, of networks of the same sizes
     * @throws io.ugatit.job.InvalidRequestException if a run has no whole checkpoint
     * @throws io.ugatit.job.JobFailedException if an image cannot be read
     * @throws IOException if a file system fails
     */
    public NightSamples draw(RunDirectory before, RunDirectory now) throws IOException {
        NetworkOptions network = RunConfig.network(now);
        Path old = before == null ? null : generators(before);
        Path fresh = generators(now);
        try {
            return new NightSamples(draw(Domain.A, Network.GEN_A2B, network, old, fresh), draw(Domain.B, Network.GEN_B2A, network, old, fresh));
        } finally {
            TranslatorPool.SHARED.freeUnused();
        }
    }

    /** As the evaluation has found it, which has warned of damaged ones. */
    private static Path generators(RunDirectory run) {
        return CheckpointChoice.NEWEST.generators(CheckpointChoice.NEWEST.find(new CheckpointStore(run), line -> { }));
    }

    private List<Translated> draw(Domain domain, Network generator, NetworkOptions network, Path before, Path now) throws IOException {
        List<DatasetImage> images = new ArrayList<>();
        try (ImageReader reader = dataset.reader(domain, Split.TEST, configuration, 0)) {
            long count = Math.min(IMAGES, reader.count());
            for (long i = 0; i < count; i++) {
                images.add(reader.read(i * reader.count() / count));
            }
        }
        List<RgbImage> sources = images.stream()
                .map(image -> Resize.bilinear(new RgbImage(image.width(), image.height(), image.pixels()), network.size(), network.size()))
                .toList();
        List<byte[]> old = before == null ? null : translate(sources, GeneratorSource.of(configuration, before, generator, network));
        List<byte[]> fresh = translate(sources, GeneratorSource.of(configuration, now, generator, network));
        List<Translated> translated = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            translated.add(new Translated(images.get(i).source(), small(sources.get(i)), old == null ? null : old.get(i), fresh.get(i)));
        }
        return translated;
    }

    private List<byte[]> translate(List<RgbImage> sources, GeneratorSource source) throws IOException {
        Translator translator = TranslatorPool.SHARED.borrow(configuration, source, kernels);
        try {
            // the evaluation before has seen that all outputs are finite
            return sources.stream().map(image -> small(translator.translate(image).orElseThrow().image())).toList();
        } finally {
            TranslatorPool.SHARED.giveBack(source, kernels, translator);
        }
    }

    private static byte[] small(RgbImage image) {
        int side = Math.min(SIDE, image.width());
        return ImageEncoder.thumbnail(Resize.bilinear(image, side, side));
    }
}
