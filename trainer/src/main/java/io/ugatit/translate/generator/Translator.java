package io.ugatit.translate.generator;

import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.model.Generator;
import io.ugatit.model.GeneratorPass;
import io.ugatit.model.GeneratorStatistics;
import io.ugatit.model.Pixels;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FloatMemory;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.translate.tile.TileNetwork;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A generator that takes and gives pixels. After the first image it allocates next to nothing, unless it gets another number of images
 * together than before. Used by one thread.
 */
public final class Translator implements TileNetwork, AutoCloseable {
    private final int size;
    private final Compute compute;
    private final Generator generator;
    /** Images on their way in and out. */
    private INDArray pixels;
    private INDArray heatmaps;
    /** Images of the last call. */
    private int together = 1;
    private boolean failed;

    Translator(GeneratorWeights weights, KernelChoice kernels) {
        this.compute = kernels.reaching(weights.options().largestMapBytes(1)).compute();
        this.size = weights.options().size();
        try {
            this.generator = weights.generator(compute);
            makeRoom(1);
        } catch (RuntimeException | Error e) {
            compute.closeAfter(e);
            throw e;
        }
    }

    private void makeRoom(int images) {
        pixels = Nd4j.createUninitialized(DataType.FLOAT, images, 3, size, size);
        heatmaps = Nd4j.createUninitialized(DataType.FLOAT, images, 1, size / 4, size / 4);
    }

    /**
     * One translation.
     *
     * @param image as large as the network's images
     * @param heatmap gray, as large as the image: black where the generator looked least, white where it looked most
     */
    public record Translation(RgbImage image, RgbImage heatmap) { }

    /** What the generator computes with. */
    public Compute compute() {
        return compute;
    }

    /** Whether a call of the network has failed on the way, which has not given back what it took. */
    boolean hasFailed() {
        return failed;
    }

    /**
     * Puts what the network draws in the place of images, not rounded to pixels.
     *
     * @param images (N,3,S,S) in [-1, 1], c-ordered and contiguous
     */
    public void translate(INDArray images) {
        call(() -> {
            generator.translate(images, images);
            return null;
        });
    }

    private <T> T call(Supplier<T> network) {
        try {
            return network.get();
        } catch (RuntimeException | Error e) {
            failed = true;
            throw e;
        }
    }

    @Override
    public int size() {
        return size;
    }

    /**
     * Translates an image.
     *
     * @param image of the network's size
     * @return empty if the network's output is not finite
     */
    public Optional<Translation> translate(RgbImage image) {
        return translate(List.of(image)).get(0);
    }

    /**
     * Translates images by one call of the network. Those that a translation is made with may change its last bits, since algorithms and
     * their blocks are chosen for all together.
     *
     * @param images of the network's size
     * @return in their order; empty where the network's output is not finite
     */
    public List<Optional<Translation>> translate(List<RgbImage> images) {
        if (images.isEmpty()) {
            return List.of();
        }
        pass(images);
        recycle();
        return IntStream.range(0, images.size()).mapToObj(this::drawn).toList();
    }

    @Override
    public Optional<Overview> overview(RgbImage image) {
        GeneratorPass pass = pass(List.of(image));
        return drawn(0).map(drawn -> new Overview(drawn.image(), drawn.heatmap(), pass.statistics()));
    }

    /** Leaves what the generator draws in {@link #pixels} and {@link #heatmaps}. */
    private GeneratorPass pass(List<RgbImage> images) {
        return call(() -> {
            prepareFor(images.size());
            INDArray planes = of(pixels, 0, images.size());
            for (int i = 0; i < images.size(); i++) {
                Pixels.read(images.get(i), of(pixels, i, i + 1));
            }
            Tensor in = compute.write(planes);
            GeneratorPass pass = generator.forward(in, false);
            compute.kernels().read(pass.image(), planes);
            compute.kernels().read(pass.heatmap(), of(heatmaps, 0, images.size()));
            release(pass, in);
            return pass;
        });
    }

    private void prepareFor(int images) {
        if (images != together) { // the memory is shared by size, and no map of another number of images has the same
            compute.pool().close();
            together = images;
        }
        if (images > pixels.size(0)) {
            closeRoom();
            makeRoom(images);
        }
    }

    private Optional<Translation> drawn(int number) {
        INDArray image = of(pixels, number, number + 1);
        INDArray heatmap = of(heatmaps, number, number + 1);
        boolean finite = new FloatMemory("translation", image).isFinite() && new FloatMemory("heatmap", heatmap).isFinite();
        return finite ? Optional.of(new Translation(Pixels.write(image), Resize.bilinear(gray(Pixels.floats(heatmap)), size, size)))
                : Optional.empty();
    }

    private static INDArray of(INDArray images, int from, int to) {
        return images.get(NDArrayIndex.interval(from, to), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all());
    }

    @Override
    public Optional<float[]> draw(RgbImage tile, GeneratorStatistics statistics) {
        INDArray planes = of(pixels, 0, 1);
        Pixels.read(tile, planes);
        call(() -> {
            Tensor in = compute.write(planes);
            GeneratorPass pass = statistics == null ? generator.forward(in, false) : generator.forward(in, statistics);
            compute.kernels().read(pass.image(), planes);
            release(pass, in);
            return null;
        });
        if (statistics == null) {
            recycle();
        }
        return new FloatMemory("tile", planes).isFinite() ? Optional.of(Pixels.floats(planes)) : Optional.empty();
    }

    @Override
    public void recycle() {
        compute.kernels().recycle();
    }

    private void release(GeneratorPass pass, Tensor in) {
        generator.release(pass);
        compute.pool().release(in);
    }

    /** The smallest value becomes black and the largest white; a map without differences is black. */
    private RgbImage gray(float[] map) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (float value : map) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        byte[] rgb = new byte[3 * map.length];
        for (int i = 0; i < map.length; i++) {
            byte level = (byte) (max > min ? Math.round(255 * (map[i] - min) / (max - min)) : 0);
            rgb[3 * i] = level;
            rgb[3 * i + 1] = level;
            rgb[3 * i + 2] = level;
        }
        return new RgbImage(size / 4, size / 4, rgb);
    }

    @Override
    public void close() {
        closeRoom();
        compute.close();
    }

    private void closeRoom() {
        pixels.close();
        heatmaps.close();
    }
}
