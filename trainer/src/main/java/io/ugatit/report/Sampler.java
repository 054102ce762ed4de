package io.ugatit.report;

import io.ugatit.checkpoint.RunDirectory;
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

    /**
     * @param run where the samples are kept
     * @param dataset where the images come from
     * @param images of each domain, at least 1; if the data set has fewer, those
     */
    public Sampler(RunDirectory run, ImageDataset dataset, int images) {
        this.run = run;
        this.dataset = dataset;
        this.images = images;
    }

    /**
     * Draws and stores the samples of one step.
     *
     * @throws JobFailedException if an image cannot be read or a sample not be stored
     */
    public void sample(UgatitGraph graph, long step) {
        graph.load();
        try {
            SampleWriter.write(run, step, rows(graph, Domain.A, Network.GEN_A2B, Network.GEN_B2A),
                    rows(graph, Domain.B, Network.GEN_B2A, Network.GEN_A2B));
        } catch (IOException e) {
            throw new JobFailedException("Cannot store the samples of step " + step + " in " + run.samples() + ": " + FileFailure.reason(e), e);
        }
    }

    private List<SampleRow> rows(UgatitGraph graph, Domain domain, Network there, Network back) throws IOException {
        Split split = dataset.count(domain, Split.TEST) > 0 ? Split.TEST : Split.TRAIN;
        List<SampleRow> rows = new ArrayList<>();
        try (ImageReader reader = dataset.reader(domain, split, run.configuration(), 0)) {
            long count = Math.min(images, reader.count());
            for (long i = 0; i < count; i++) {
                rows.add(row(graph, reader.read(i * reader.count() / count), there, back));
            }
        }
        return rows;
    }

    private static SampleRow row(UgatitGraph graph, DatasetImage stored, Network there, Network back) {
        int size = graph.options().size();
        RgbImage source = Resize.bilinear(new RgbImage(stored.width(), stored.height(), stored.pixels()), size, size);
        Compute compute = graph.compute(there);
        Compute computeBack = graph.compute(back);
        try (INDArray pixels = Nd4j.createUninitialized(DataType.FLOAT, 1, 3, size, size)) {
            Pixels.read(source, pixels);
            Tensor image = compute.write(pixels);
            Generator first = graph.generator(there);
            GeneratorPass translation = first.forward(image, false);
            compute.join(computeBack);
            Generator second = graph.generator(back);
            GeneratorPass returned = second.forward(translation.image(), false);
            compute.join(computeBack);
            Heatmap heatmap;
            try (INDArray map = compute.read(translation.heatmap())) {
                heatmap = new Heatmap((int) map.size(2), (int) map.size(3), Pixels.floats(map));
            }
            compute.kernels().read(translation.image(), pixels);
            RgbImage translated = Pixels.write(pixels);
            computeBack.kernels().read(returned.image(), pixels);
            first.release(translation);
            second.release(returned);
            compute.pool().release(image);
            compute.kernels().recycle();
            computeBack.kernels().recycle();
            return new SampleRow(stored.source(), source, heatmap, translated, Pixels.write(pixels));
        }
    }
}
