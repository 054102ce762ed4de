package io.ugatit.evaluate.inception;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.job.JobFailedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The weights that come with the project: those of the npm package nsfwjs 4.4.0, without its classifier, as it stores them, 8 bits each
 * (see {@code inception-v3-NOTICE.txt} beside them). Holds 22 MB of them while they are read.
 *
 * <p>Keras' network, trained on ImageNet; from Mixed_6d on it has been trained further to tell five kinds of images. Batch normalization has
 * no factors.
 */
final class EmbeddedWeights implements InceptionWeights {
    private static final String INDEX = "inception-v3-index.json";
    private static final String VALUES = "inception-v3-weights.bin";
    static final String SHA_256 = "6f5e0d248410ce26b66db5fbe0abab119bb97c829f115f3825f10b3f3e783e9f";
    /**
     * What makes the features as large as those of publications. KID's kernel {@code (x.y / d + 1)^3} is nearly linear for small features, and
     * so sees little more than their means. These features' mean square is 0.0089 over the demo's 757 training images (0.0074 in A, 0.0103 in
     * B), that of publications' about 0.25: of ImageNet the trace of their covariance is 180.6 (OpenAI's guided-diffusion, issue 166), 0.09 a
     * feature, and their means are 0.3 to 0.4, 0.09 to 0.16 squared. The factor is the root of 0.25 / 0.0089. FID and MIND grow by its square.
     */
    static final float SCALE = 5.3f;

    private static final int LEVELS = 256;

    private final byte[] values;
    private final Map<String, Placed> tensors = new HashMap<>();

    /** One tensor of the index, in the words of TensorFlow.js. */
    private record Quantized(@JsonProperty("name") String name, @JsonProperty("shape") int[] shape, @JsonProperty("min") double min,
            @JsonProperty("scale") double scale) { }

    private record Placed(Quantized tensor, int begin) { }

    /**
     * Reads the files of the class path.
     *
     * @throws JobFailedException if they are not there as they were
     * @throws IOException if they cannot be read
     */
    EmbeddedWeights() throws IOException {
        values = resource(VALUES);
        String hash = sha256(values);
        if (!hash.equals(SHA_256)) {
            throw new JobFailedException("the jar's weights of Inception-v3 are damaged: their SHA-256 is " + hash + ", not " + SHA_256
                    + "; build or install the jar again");
        }
        int begin = 0;
        for (Quantized tensor : new ObjectMapper().readValue(resource(INDEX), new TypeReference<List<Quantized>>() { })) {
            tensors.put(tensor.name(), new Placed(tensor, begin));
            begin += Arrays.stream(tensor.shape()).reduce(1, (a, b) -> a * b);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = EmbeddedWeights.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException("no " + name + " beside " + EmbeddedWeights.class.getName() + " on the class path");
            }
            return in.readAllBytes();
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public FoldedConvolution of(Convolution convolution, int number) {
        String norm = "batch_normalization_" + number + "/";
        return FoldedConvolution.of(values("conv2d_" + number + "/kernel"), FoldedConvolution.Order.OUTPUTS_LAST, null, values(norm + "beta"),
                values(norm + "moving_mean"), values(norm + "moving_variance"));
    }

    private float[] values(String name) {
        Placed placed = tensors.get(name);
        float[] levels = new float[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            levels[level] = (float) (level * placed.tensor().scale() + placed.tensor().min());
        }
        float[] numbers = new float[Arrays.stream(placed.tensor().shape()).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = levels[values[placed.begin() + i] & 0xff];
        }
        return numbers;
    }
}
