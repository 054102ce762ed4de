package io.ugatit.report.sample;

import io.ugatit.image.RgbImage;
import java.util.Arrays;
import java.util.List;

/** Sample rows of plain colours. */
public final class Samples {
    private Samples() {}

    public static RgbImage plain(int width, int height, int colour) {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.length; i += 3) {
            pixels[i] = (byte) (colour >> 16);
            pixels[i + 1] = (byte) (colour >> 8);
            pixels[i + 2] = (byte) colour;
        }
        return new RgbImage(width, height, pixels);
    }

    /** Source red, translation green, back-translation blue, attention even. */
    public static SampleRow row(String name, int side) {
        float[] attention = new float[4];
        Arrays.fill(attention, 3f);
        return new SampleRow(name, plain(side, side, 0xff0000), new Heatmap(2, 2, attention), plain(side, side, 0x00ff00),
                plain(side, side, 0x0000ff));
    }

    public static List<SampleRow> rows(int side, String... names) {
        return Arrays.stream(names).map(name -> row(name, side)).toList();
    }
}
