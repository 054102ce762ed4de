package io.ugatit.evaluate;

import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.model.Pixels;
import java.util.Random;

/**
 * A small convolutional network with random weights that never change: the image at 64 x 64 pixels, antialiased, in [-1, 1]; three 3 x 3
 * convolutions of stride 2 with zero padding and ReLU (32, 64, 128 channels, He's initialisation); then each channel's mean and standard
 * deviation over the 8 x 8 positions. Sees colours, edges and textures of up to 15 pixels, not objects. Random embeddings rank generators
 * without the bias of a classifier's training set (Naeem et al., Reliable Fidelity and Diversity Metrics, ICML 2020).
 *
 * <p>Plain Java, so that the bits do not depend on the natives of a machine. About 10 million multiplications an image.
 */
final class RandomConvolutions implements FeatureExtractor {
    private static final long SEED = 1907_10830L;
    private static final int SIDE = 64;
    private static final int KERNEL = 3;
    private static final int[] CHANNELS = {3, 32, 64, 128};
    /** After the constants that making it reads. */
    static final RandomConvolutions INSTANCE = new RandomConvolutions();

    private final Layer[] layers = new Layer[CHANNELS.length - 1];

    private RandomConvolutions() {
        // its generator of normal values is specified to the bit
        Random random = new Random(SEED);
        for (int i = 0; i < layers.length; i++) {
            layers[i] = Layer.random(CHANNELS[i], CHANNELS[i + 1], random);
        }
    }

    @Override
    public String name() {
        return "random-conv";
    }

    @Override
    public String resize() {
        return "64 x 64, bilinear, antialiased";
    }

    @Override
    public int dimension() {
        return 2 * CHANNELS[CHANNELS.length - 1];
    }

    @Override
    public float[] features(RgbImage image) {
        byte[] levels = Resize.bilinear(image, SIDE, SIDE).pixels();
        float[] map = new float[levels.length];
        for (int i = 0; i < map.length; i++) {
            map[i] = Pixels.value(levels[i]);
        }
        int side = SIDE;
        for (Layer layer : layers) {
            map = layer.apply(map, side);
            side /= 2;
        }
        return pool(map, CHANNELS[CHANNELS.length - 1]);
    }

    /** Means, then standard deviations, of a map whose channels lie side by side. */
    private static float[] pool(float[] map, int channels) {
        int positions = map.length / channels;
        float[] pooled = new float[2 * channels];
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int i = c; i < map.length; i += channels) {
                sum += map[i];
            }
            double mean = sum / positions;
            double squares = 0;
            for (int i = c; i < map.length; i += channels) {
                squares += (map[i] - mean) * (map[i] - mean);
            }
            pooled[c] = (float) mean;
            pooled[channels + c] = (float) Math.sqrt(squares / positions);
        }
        return pooled;
    }

    /**
     * A convolution of stride 2 and ReLU over maps whose channels lie side by side.
     *
     * @param in channels of the input
     * @param out channels of the output
     * @param weights by row, column, input channel, output channel
     */
    private record Layer(int in, int out, float[] weights) {
        static Layer random(int in, int out, Random random) {
            float[] weights = new float[KERNEL * KERNEL * in * out];
            double scale = Math.sqrt(2.0 / (KERNEL * KERNEL * in));
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) (scale * random.nextGaussian());
            }
            return new Layer(in, out, weights);
        }

        /** From side x side positions to half as many each way. */
        float[] apply(float[] map, int side) {
            int half = side / 2;
            float[] result = new float[half * half * out];
            for (int y = 0; y < half; y++) {
                for (int x = 0; x < half; x++) {
                    int to = (y * half + x) * out;
                    for (int tap = 0; tap < KERNEL * KERNEL; tap++) {
                        int row = 2 * y - 1 + tap / KERNEL;
                        int column = 2 * x - 1 + tap % KERNEL;
                        if (row >= 0 && row < side && column >= 0 && column < side) {
                            add(map, (row * side + column) * in, tap, result, to);
                        }
                    }
                    for (int c = to; c < to + out; c++) {
                        result[c] = Math.max(0, result[c]);
                    }
                }
            }
            return result;
        }

        private void add(float[] map, int from, int tap, float[] result, int to) {
            for (int i = 0; i < in; i++) {
                float value = map[from + i];
                int weight = (tap * in + i) * out;
                for (int o = 0; o < out; o++) {
                    result[to + o] += value * weights[weight + o];
                }
            }
        }
    }
}
