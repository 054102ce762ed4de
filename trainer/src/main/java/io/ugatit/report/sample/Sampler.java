package io.ugatit.report.sample;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.RunFiles;
import io.ugatit.dataset.DatasetImage;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Split;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.Generator;
import io.ugatit.model.GeneratorPass;
import io.ugatit.model.Network;
import io.ugatit.model.Pixels;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.tensor.choice.KernelOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Draws a run's samples: the same few test images of each domain at every step, there and back, one image at a time so that memory does not
 * grow with their number. Training images stand in where a data set has no test images.
 */
public final class Sampler {
    private final RunDirectory run;
    private final ImageDataset dataset;
    private final int images;
    private final KernelOptions kernels;

    /**
     * @param run where the samples are kept
     * @param dataset where the images come from
     * @param images of each domain, at least 1; if the data set has fewer, or fewer fit on a sheet, those
     * @param kernels to compute with, if this JVM can
     */
    public Sampler(RunDirectory run, ImageDataset dataset, int images, KernelOptions kernels) {
        this.kernels = kernels;
        this.run = run;
        this.dataset = dataset;
        this.images = images;
    }

    /**
     * Whether there are samples of a step.
     *
     * @throws JobFailedException if the file system fails
     */
    public boolean has(long step) {
        try {
            return RunFiles.exists(run.configuration(), SampleIndex.file(run, step));
        } catch (IOException e) {
            throw new JobFailedException("Cannot look for samples in " + run.samples() + ": " + FileFailure.reason(e), e);
        }
    }

    /**
     * Draws and stores the samples of one step.
     *
     * @return what was drawn
     * @throws JobFailedException if an image cannot be read or a sample not be stored
     */
    public SampleIndex sample(UgatitGraph graph, long step) {
        Compute compute = KernelChoice.orFastest(kernels).reaching(graph.options().largestMapBytes(1)).compute();
        try {
            Artist artist = new Artist(compute, graph);
            return SampleWriter.write(run, step, rows(artist, Domain.A), rows(artist, Domain.B));
        } catch (IOException e) {
            throw new JobFailedException("Cannot store the samples of step " + step + " in " + run.samples() + ": " + FileFailure.reason(e), e);
        } finally {
            compute.close();
        }
    }

    private List<SampleRow> rows(Artist artist, Domain domain) throws IOException {
        Split split = dataset.count(domain, Split.TEST) > 0 ? Split.TEST : Split.TRAIN;
        List<SampleRow> rows = new ArrayList<>();
        try (ImageReader reader = dataset.reader(domain, split, run.configuration(), 0)) {
            long count = Math.min(Math.min(images, SheetLayout.mostRows(artist.size, artist.size)), reader.count());
            for (long i = 0; i < count; i++) {
                rows.add(artist.row(domain, reader.read(i * reader.count() / count)));
            }
        }
        return rows;
    }

    /** Both generators of a graph. */
    private static final class Artist {
        private final Compute compute;
        private final int size;
        private final Generator a2b;
        private final Generator b2a;

        Artist(Compute compute, UgatitGraph graph) {
            this.compute = compute;
            this.size = graph.options().size();
            this.a2b = graph.generator(Network.GEN_A2B, compute);
            this.b2a = graph.generator(Network.GEN_B2A, compute);
        }

        SampleRow row(Domain domain, DatasetImage stored) {
            Generator there = domain == Domain.A ? a2b : b2a;
            Generator back = domain == Domain.A ? b2a : a2b;
            RgbImage source = Resize.bilinear(new RgbImage(stored.width(), stored.height(), stored.pixels()), size, size);
            try (INDArray pixels = Nd4j.createUninitialized(DataType.FLOAT, 1, 3, size, size)) {
                Pixels.read(source, pixels);
                Tensor image = compute.write(pixels);
                GeneratorPass translation = there.forward(image, false);
                GeneratorPass returned = back.forward(translation.image(), false);
                Heatmap heatmap;
                try (INDArray map = compute.read(translation.heatmap())) {
                    heatmap = new Heatmap((int) map.size(2), (int) map.size(3), Pixels.floats(map));
                }
                compute.kernels().read(translation.image(), pixels);
                RgbImage translated = Pixels.write(pixels);
                compute.kernels().read(returned.image(), pixels);
                there.release(translation);
                back.release(returned);
                compute.pool().release(image);
                compute.kernels().recycle();
                return new SampleRow(stored.source(), source, heatmap, translated, Pixels.write(pixels));
            }
        }
    }
}
