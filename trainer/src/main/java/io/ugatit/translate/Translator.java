package io.ugatit.translate;

import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.model.Generator;
import io.ugatit.model.GeneratorPass;
import io.ugatit.model.Pixels;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FloatMemory;
import io.ugatit.tensor.choice.KernelChoice;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A generator that takes and gives pixels, one image at a time. After the first image it allocates next to nothing. Used by one thread. */
public final class Translator implements AutoCloseable {
    private final int size;
    private final Compute compute = KernelChoice.compute();
    private final Generator generator;

    Translator(GeneratorWeights weights) {
        this.size = weights.options().size();
        this.generator = weights.generator(compute);
    }

    /**
     * One translation.
     *
     * @param image as large as the network's images
     * @param heatmap gray, as large as the image: black where the generator looked least, white where it looked most
     */
    record Translation(RgbImage image, RgbImage heatmap) { }

    /** The generator, whose passes take their arrays from {@link #compute}. */
    public Generator generator() {
        return generator;
    }

    /** What the generator computes with. */
    public Compute compute() {
        return compute;
    }

    /** Height and width of the network's images in pixels. */
    int size() {
        return size;
    }

    /**
     * Translates an image.
     *
     * @param image of the network's size
     * @return empty if the network's output is not finite
     */
    Optional<Translation> translate(RgbImage image) {
        INDArray in = compute.pool().take(1, 3, size, size);
        Pixels.read(image, in);
        GeneratorPass pass = generator.forward(in, false);
        compute.pool().release(in);
        try {
            boolean finite = new FloatMemory("translation", pass.image()).isFinite() && new FloatMemory("heatmap", pass.heatmap()).isFinite();
            return finite
                    ? Optional.of(new Translation(Pixels.write(pass.image()),
                            Resize.bilinear(gray(Pixels.floats(pass.heatmap())), size, size)))
                    : Optional.empty();
        } finally {
            generator.release(pass);
        }
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
        compute.pool().close();
    }
}
