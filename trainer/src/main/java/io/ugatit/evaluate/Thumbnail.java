package io.ugatit.evaluate;

import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.model.Pixels;

/** The image itself at 8 x 8 pixels, antialiased, in [-1, 1]: sees colours and where they are, and no texture. */
final class Thumbnail implements FeatureExtractor {
    private static final int SIDE = 8;

    @Override
    public String name() {
        return "thumbnail";
    }

    @Override
    public String resize() {
        return "8 x 8, bilinear, antialiased";
    }

    @Override
    public int dimension() {
        return 3 * SIDE * SIDE;
    }

    @Override
    public float[] features(RgbImage image) {
        byte[] levels = Resize.bilinear(image, SIDE, SIDE).pixels();
        float[] features = new float[levels.length];
        for (int i = 0; i < levels.length; i++) {
            features[i] = Pixels.value(levels[i]);
        }
        return features;
    }
}
