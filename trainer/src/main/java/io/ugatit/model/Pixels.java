package io.ugatit.model;

import io.ugatit.image.RgbImage;
import io.ugatit.tensor.FloatMemory;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Between images of 0 to 255, interleaved, and the networks' arrays (1,3,H,W) in [-1, 1], a plane for each colour. */
public final class Pixels {
    private static final float HALF_RANGE = 127.5f;

    private Pixels() { }

    /** The networks' value of a level: 0 is -1, 255 is 1. */
    public static float value(byte level) {
        return Byte.toUnsignedInt(level) / HALF_RANGE - 1;
    }

    /** Writes an image into an array (1,3,H,W) of its size. */
    public static void read(RgbImage image, INDArray planes) {
        byte[] rgb = image.pixels();
        int plane = rgb.length / 3;
        FloatMemory memory = new FloatMemory("image", planes);
        FloatBuffer out = memory.slice(0, rgb.length).asFloatBuffer();
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < plane; i++) {
                out.put(value(rgb[3 * i + c]));
            }
        }
        memory.written();
    }

    /** The image of an array (1,3,H,W); values beyond [-1, 1] become black or white. */
    public static RgbImage write(INDArray planes) {
        int height = (int) planes.size(2);
        int width = (int) planes.size(3);
        float[] values = floats(planes);
        int plane = height * width;
        byte[] rgb = new byte[values.length];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < plane; i++) {
                int level = Math.round((values[c * plane + i] + 1) * HALF_RANGE);
                rgb[3 * i + c] = (byte) Math.max(0, Math.min(255, level));
            }
        }
        return new RgbImage(width, height, rgb);
    }

    /** A copy of an array's values, row by row. */
    public static float[] floats(INDArray array) {
        FloatMemory memory = new FloatMemory("array", array);
        float[] values = new float[Math.toIntExact(memory.length())];
        memory.slice(0, values.length).asFloatBuffer().get(values);
        return values;
    }
}
