package io.ugatit.report.sample;

import io.ugatit.image.RgbImage;
import java.util.HexFormat;

/**
 * Paints attention onto images. The colours are Turbo, Google's replacement of Jet with the same reading (blue is low, red is high) and an
 * even change of lightness, so that it shows no edges which the data do not have.
 */
public final class HeatmapColours {
    /** 256 RGB triples, after A. Mikhailov, "Turbo, An Improved Rainbow Colormap for Visualization" (2019), Apache License 2.0. */
    private static final byte[] TURBO = HexFormat.of().parseHex(""
            + "30123b32154333184a341b51351e5836215f37246638276d392a733a2d793b2f803c32863d358b3e38913f3b973f3e9c4040a24143a74146ac4249b1"
            + "424bb5434eba4451bf4454c34456c74559cb455ccf455ed34661d64664da4666dd4669e0466be3476ee64771e94773eb4776ee4778f0477bf2467df4"
            + "4680f64682f84685fa4687fb458afc458cfd448ffe4391fe4294ff4196ff4099ff3e9bfe3d9efe3ba0fd3aa3fc38a5fb37a8fa35abf833adf731aff5"
            + "2fb2f42eb4f22cb7f02ab9ee28bceb27bee925c0e723c3e422c5e220c7df1fc9dd1ecbda1ccdd81bd0d51ad2d21ad4d019d5cd18d7ca18d9c818dbc5"
            + "18ddc218dec018e0bd19e2bb19e3b91ae4b61ce6b41de7b21fe9af20eaac22ebaa25eca727eea42aefa12cf09e2ff19b32f29835f39438f4913cf58e"
            + "3ff68a43f78746f8844af8804ef97d52fa7a55fa7659fb735dfc6f61fc6c65fd6969fd666dfe6271fe5f75fe5c79fe597dff5680ff5384ff5188ff4e"
            + "8bff4b8fff4992ff4796fe4499fe429cfe409ffd3fa1fd3da4fc3ca7fc3aa9fb39acfb38affa37b1f936b4f836b7f735b9f635bcf534bef434c1f334"
            + "c3f134c6f034c8ef34cbed34cdec34d0ea34d2e935d4e735d7e535d9e436dbe236dde037dfdf37e1dd37e3db38e5d938e7d739e9d539ebd339ecd13a"
            + "eecf3aefcd3af1cb3af2c93af4c73af5c53af6c33af7c13af8be39f9bc39faba39fbb838fbb637fcb336fcb136fdae35fdac34fea933fea732fea431"
            + "fea130fe9e2ffe9b2dfe992cfe962bfe932afe9029fd8d27fd8a26fc8725fc8423fb8122fb7e21fa7b1ff9781ef9751df8721cf76f1af66c19f56918"
            + "f46617f36315f26014f15d13f05b12ef5811ed5510ec530feb500eea4e0de84b0ce7490ce5470be4450ae2430ae14109df3f08dd3d08dc3b07da3907"
            + "d83706d63506d43305d23105d02f05ce2d04cc2b04ca2a04c82803c52603c32503c12302be2102bc2002b91e02b71d02b41b01b21a01af1801ac1701"
            + "a91601a71401a41301a112019e10019b0f01980e01950d01920b018e0a018b09028808028507028106027e05027a0403");

    private HeatmapColours() {}

    /**
     * The colour of one value.
     *
     * @param value 0 (low attention) to 1 (high); what lies outside is taken as the nearer end
     * @return {@code 0xRRGGBB}
     */
    public static int colour(float value) {
        int i = 3 * Math.round(255 * Math.min(1, Math.max(0, value)));
        return (TURBO[i] & 0xff) << 16 | (TURBO[i + 1] & 0xff) << 8 | (TURBO[i + 2] & 0xff);
    }

    /**
     * The heatmap, normalised to its own least and greatest value, enlarged bilinearly to the image's size and blended half and half with
     * the image.
     *
     * @param heatmap any size
     * @param image the picture the attention belongs to
     * @return a new image of the same size as {@code image}
     */
    public static RgbImage overlay(Heatmap heatmap, RgbImage image) {
        float[] values = heatmap.normalised();
        byte[] source = image.pixels();
        byte[] blended = new byte[source.length];
        for (int y = 0, i = 0; y < image.height(); y++) {
            float cellY = cell(y, image.height(), heatmap.height());
            int top = (int) cellY;
            int bottom = Math.min(top + 1, heatmap.height() - 1);
            for (int x = 0; x < image.width(); x++, i += 3) {
                float cellX = cell(x, image.width(), heatmap.width());
                int left = (int) cellX;
                int right = Math.min(left + 1, heatmap.width() - 1);
                float upper = mix(values[top * heatmap.width() + left], values[top * heatmap.width() + right], cellX - left);
                float lower = mix(values[bottom * heatmap.width() + left], values[bottom * heatmap.width() + right], cellX - left);
                int colour = colour(mix(upper, lower, cellY - top));
                blended[i] = half(source[i], colour >> 16);
                blended[i + 1] = half(source[i + 1], colour >> 8);
                blended[i + 2] = half(source[i + 2], colour);
            }
        }
        return new RgbImage(image.width(), image.height(), blended);
    }

    /** Where a pixel's centre lies among the centres of the cells, held inside [0, cells - 1]. */
    private static float cell(int pixel, int pixels, int cells) {
        return Math.min(cells - 1, Math.max(0, (pixel + 0.5f) * cells / pixels - 0.5f));
    }

    private static float mix(float a, float b, float t) {
        return a + (b - a) * t;
    }

    private static byte half(byte a, int b) {
        return (byte) (((a & 0xff) + (b & 0xff) + 1) / 2);
    }
}
