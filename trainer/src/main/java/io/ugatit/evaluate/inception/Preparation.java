package io.ugatit.evaluate.inception;

import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;

/** What becomes of an image before the network sees it: three planes of 299 x 299 numbers. */
enum Preparation {
    /** Resized by Pillow's antialiased bicubic filter to 8 bits; 0 to 1. */
    PILLOW_BICUBIC {
        @Override
        float[] planes(RgbImage image) {
            byte[] pixels = Resize.bicubic(image, InceptionV3.SIDE, InceptionV3.SIDE).pixels();
            float[] planes = new float[pixels.length];
            for (int channel = 0; channel < 3; channel++) {
                for (int i = 0; i < AREA; i++) {
                    planes[channel * AREA + i] = (pixels[3 * i + channel] & 0xff) / 255f;
                }
            }
            return planes;
        }
    },
    /** As pytorch-fid does: PyTorch's bilinear interpolation, not antialiased, without rounding; -1 to 1. */
    PYTORCH_FID {
        @Override
        float[] planes(RgbImage image) {
            Interpolation rows = Interpolation.between(image.height(), InceptionV3.SIDE);
            Interpolation columns = Interpolation.between(image.width(), InceptionV3.SIDE);
            float[] planes = new float[3 * AREA];
            for (int i = 0; i < planes.length; i++) {
                int channel = i / AREA;
                int y = i % AREA / InceptionV3.SIDE;
                int x = i % InceptionV3.SIDE;
                float upper = between(image, rows.first(y), columns, x, channel);
                float lower = between(image, rows.second(y), columns, x, channel);
                float share = rows.share(y);
                planes[i] = 2 * ((1 - share) * upper + share * lower) - 1;
            }
            return planes;
        }

        private float between(RgbImage image, int row, Interpolation columns, int x, int channel) {
            float left = level(image, row, columns.first(x), channel);
            float right = level(image, row, columns.second(x), channel);
            float share = columns.share(x);
            return (1 - share) * left + share * right;
        }

        private float level(RgbImage image, int row, int column, int channel) {
            return (image.pixels()[3 * (row * image.width() + column) + channel] & 0xff) / 255f;
        }
    };

    private static final int AREA = InceptionV3.SIDE * InceptionV3.SIDE;

    /** The planes of red, green and blue. @param image of any size */
    abstract float[] planes(RgbImage image);
}
