package io.ugatit.translate;

import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.model.Generator;
import io.ugatit.model.GeneratorPass;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FloatMemory;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A generator that takes and gives pixels, one image at a time. After the first image it allocates next to nothing. Used by one thread. */
public final class Translator implements AutoCloseable {
    private static final float HALF_RANGE = 127.5f;

    private final int size;
    private final Compute compute = Compute.create();
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
        scale(image, in);
        GeneratorPass pass = generator.forward(in, false);
        compute.pool().release(in);
        try {
            float[] drawn = floats("translation", pass.image());
            float[] looked = floats("heatmap", pass.heatmap());
            return isFinite(drawn) && isFinite(looked)
                    ? Optional.of(new Translation(pixels(drawn), Resize.bilinear(gray(looked), size, size)))
                    : Optional.empty();
        } finally {
            generator.release(pass);
        }
    }

    /** From 0..255, interleaved, to [-1, 1], a plane for each colour. */
    private static void scale(RgbImage image, INDArray planes) {
        byte[] rgb = image.pixels();
        int plane = rgb.length / 3;
        FloatMemory memory = new FloatMemory("images", planes);
        FloatBuffer out = buffer(memory);
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < plane; i++) {
                out.put(Byte.toUnsignedInt(rgb[3 * i + c]) / HALF_RANGE - 1);
            }
        }
        memory.written();
    }

    private static float[] floats(String what, INDArray array) {
        FloatMemory memory = new FloatMemory(what, array);
        float[] values = new float[(int) memory.length()];
        buffer(memory).get(values);
        return values;
    }

    private static FloatBuffer buffer(FloatMemory memory) {
        return memory.slice(0, (int) memory.length()).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    private RgbImage pixels(float[] planes) {
        int plane = size * size;
        byte[] rgb = new byte[3 * plane];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < plane; i++) {
                int level = Math.round((planes[c * plane + i] + 1) * HALF_RANGE);
                rgb[3 * i + c] = (byte) Math.max(0, Math.min(255, level));
            }
        }
        return new RgbImage(size, size, rgb);
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
