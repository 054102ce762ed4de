package io.ugatit.evaluate;

import io.ugatit.image.RgbImage;

/**
 * The structural similarity of two images (Wang et al., Image Quality Assessment, IEEE Transactions on Image Processing 2004): with local means
 * m, variances v and covariance c under a Gaussian window of 11 x 11 pixels and sigma 1.5, the mean of
 * {@code (2 mx my + C1) (2 c + C2) / ((mx^2 + my^2 + C1) (vx + vy + C2))}, C1 = (0.01 * 255)^2, C2 = (0.03 * 255)^2, over the positions where
 * the window is all inside and over red, green and blue. So do scikit-image ({@code gaussian_weights=True, use_sample_covariance=False}) and
 * torchmetrics; Wang takes luminance alone.
 */
final class Ssim {
    private static final int WINDOW = 11;
    private static final double[] GAUSSIAN = gaussian(1.5);
    private static final double C1 = 0.01 * 255 * 0.01 * 255;
    private static final double C2 = 0.03 * 255 * 0.03 * 255;
    private static final int CHANNELS = 3;

    private Ssim() { }

    /** -1 to 1; 1 for the same image. @param y of the size of x, at least 11 x 11 pixels */
    static double of(RgbImage x, RgbImage y) {
        if (x.width() != y.width() || x.height() != y.height() || Math.min(x.width(), x.height()) < WINDOW) {
            throw new IllegalArgumentException("two images of one size of at least " + WINDOW + " x " + WINDOW + " pixels are needed");
        }
        double sum = 0;
        for (int channel = 0; channel < CHANNELS; channel++) {
            sum += of(plane(x, channel), plane(y, channel), x.width());
        }
        return sum / CHANNELS;
    }

    private static double of(double[] x, double[] y, int width) {
        double[] meansX = filtered(x, width);
        double[] meansY = filtered(y, width);
        double[] squaresX = filtered(times(x, x), width);
        double[] squaresY = filtered(times(y, y), width);
        double[] products = filtered(times(x, y), width);
        double sum = 0;
        for (int i = 0; i < meansX.length; i++) {
            double mx = meansX[i];
            double my = meansY[i];
            double variances = squaresX[i] - mx * mx + squaresY[i] - my * my;
            sum += (2 * mx * my + C1) * (2 * (products[i] - mx * my) + C2) / ((mx * mx + my * my + C1) * (variances + C2));
        }
        return sum / meansX.length;
    }

    private static double[] plane(RgbImage image, int channel) {
        double[] plane = new double[image.width() * image.height()];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = image.pixels()[CHANNELS * i + channel] & 0xff;
        }
        return plane;
    }

    private static double[] times(double[] x, double[] y) {
        double[] products = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            products[i] = x[i] * y[i];
        }
        return products;
    }

    /** Along the rows, then along the columns, where the window is inside. */
    private static double[] filtered(double[] plane, int width) {
        int height = plane.length / width;
        int columns = width - WINDOW + 1;
        double[] alongRows = new double[height * columns];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < columns; x++) {
                for (int tap = 0; tap < WINDOW; tap++) {
                    alongRows[y * columns + x] += GAUSSIAN[tap] * plane[y * width + x + tap];
                }
            }
        }
        double[] result = new double[(height - WINDOW + 1) * columns];
        for (int i = 0; i < result.length; i++) {
            for (int tap = 0; tap < WINDOW; tap++) {
                result[i] += GAUSSIAN[tap] * alongRows[i + tap * columns];
            }
        }
        return result;
    }

    private static double[] gaussian(double sigma) {
        double[] weights = new double[WINDOW];
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
            double distance = i - WINDOW / 2;
            weights[i] = Math.exp(-distance * distance / (2 * sigma * sigma));
            sum += weights[i];
        }
        for (int i = 0; i < WINDOW; i++) {
            weights[i] /= sum;
        }
        return weights;
    }
}
