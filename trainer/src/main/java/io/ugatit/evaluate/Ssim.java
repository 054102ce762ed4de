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
    private static final int MOMENTS = 5;

    private Ssim() { }

    /** -1 to 1; 1 for the same image. @param y of the size of x, at least 11 x 11 pixels */
    static double of(RgbImage x, RgbImage y) {
        if (x.width() != y.width() || x.height() != y.height() || Math.min(x.width(), x.height()) < WINDOW) {
            throw new IllegalArgumentException("two images of one size of at least " + WINDOW + " x " + WINDOW + " pixels are needed");
        }
        double sum = 0;
        for (int channel = 0; channel < CHANNELS; channel++) {
            sum += of(x, y, channel);
        }
        return sum / CHANNELS;
    }

    private static double of(RgbImage x, RgbImage y, int channel) {
        int columns = x.width() - WINDOW + 1;
        int rows = x.height() - WINDOW + 1;
        // as many rows as the window has, since whole planes of doubles would take seventy bytes a pixel
        double[][][] window = new double[WINDOW][MOMENTS][columns];
        double[] mean = new double[MOMENTS];
        double sum = 0;
        for (int row = 0; row < x.height(); row++) {
            double[][] first = window[0];
            System.arraycopy(window, 1, window, 0, WINDOW - 1);
            window[WINDOW - 1] = first;
            filterAlong(x, y, channel, row, first);
            for (int column = 0; row >= WINDOW - 1 && column < columns; column++) {
                for (int moment = 0; moment < MOMENTS; moment++) {
                    mean[moment] = 0;
                    for (int tap = 0; tap < WINDOW; tap++) {
                        mean[moment] += GAUSSIAN[tap] * window[tap][moment][column];
                    }
                }
                sum += similarity(mean);
            }
        }
        return sum / (columns * rows);
    }

    /** Of local means of x, y, x^2, y^2 and x y. */
    private static double similarity(double[] mean) {
        double mx = mean[0];
        double my = mean[1];
        double variances = mean[2] - mx * mx + mean[3] - my * my;
        return (2 * mx * my + C1) * (2 * (mean[4] - mx * my) + C2) / ((mx * mx + my * my + C1) * (variances + C2));
    }

    /** Local means along a row, where the window is inside. @param means of x, y, x^2, y^2 and x y, overwritten */
    private static void filterAlong(RgbImage x, RgbImage y, int channel, int row, double[][] means) {
        for (int column = 0; column < means[0].length; column++) {
            for (double[] moment : means) {
                moment[column] = 0;
            }
            for (int tap = 0; tap < WINDOW; tap++) {
                int at = CHANNELS * (row * x.width() + column + tap) + channel;
                double ofX = x.pixels()[at] & 0xff;
                double ofY = y.pixels()[at] & 0xff;
                means[0][column] += GAUSSIAN[tap] * ofX;
                means[1][column] += GAUSSIAN[tap] * ofY;
                means[2][column] += GAUSSIAN[tap] * (ofX * ofX);
                means[3][column] += GAUSSIAN[tap] * (ofY * ofY);
                means[4][column] += GAUSSIAN[tap] * (ofX * ofY);
            }
        }
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
