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
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A generator that takes and gives pixels, one image at a time. After the first image it allocates next to nothing. Used by one thread. */
public final class Translator implements TileNetwork, AutoCloseable {
    private final int size;
    private final Compute compute;
    private final Generator generator;
    /** An image on its way in and out. */
    private final INDArray pixels;
    private final INDArray heatmap;

    Translator(GeneratorWeights weights, KernelChoice kernels) {
        this.compute = kernels.compute();
        this.size = weights.options().size();
        this.generator = weights.generator(compute);
        this.pixels = Nd4j.createUninitialized(DataType.FLOAT, 1, 3, size, size);
        this.heatmap = Nd4j.createUninitialized(DataType.FLOAT, 1, 1, size / 4, size / 4);
    }

    /**
     * One translation.
     *
     * @param image as large as the network's images
     * @param heatmap gray, as large as the image: black where the generator looked least, white where it looked most
     */
    public record Translation(RgbImage image, RgbImage heatmap) { }

    /** The generator, whose passes take their arrays from {@link #compute}. */
    public Generator generator() {
        return generator;
    }

    /** What the generator computes with. */
    public Compute compute() {
        return compute;
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
        Optional<Overview> overview = overview(image);
        recycle();
        return overview.map(whole -> new Translation(whole.image(), whole.heatmap()));
    }

    @Override
    public Optional<Overview> overview(RgbImage image) {
        Pixels.read(image, pixels);
        Tensor in = compute.write(pixels);
        GeneratorPass pass = generator.forward(in, false);
        compute.kernels().read(pass.image(), pixels);
        compute.kernels().read(pass.heatmap(), heatmap);
        release(pass, in);
        boolean finite = new FloatMemory("translation", pixels).isFinite() && new FloatMemory("heatmap", heatmap).isFinite();
        return finite
                ? Optional.of(new Overview(Pixels.write(pixels), Resize.bilinear(gray(Pixels.floats(heatmap)), size, size), pass.statistics()))
                : Optional.empty();
    }

    @Override
    public Optional<float[]> draw(RgbImage tile, GeneratorStatistics statistics) {
        Pixels.read(tile, pixels);
        Tensor in = compute.write(pixels);
        GeneratorPass pass = statistics == null ? generator.forward(in, false) : generator.forward(in, statistics);
        compute.kernels().read(pass.image(), pixels);
        release(pass, in);
        if (statistics == null) {
            recycle();
        }
        return new FloatMemory("tile", pixels).isFinite() ? Optional.of(Pixels.floats(pixels)) : Optional.empty();
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
        pixels.close();
        heatmap.close();
        compute.close();
    }
}
