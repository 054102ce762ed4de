package io.ugatit.evaluate;

import io.ugatit.evaluate.inception.Inception;
import io.ugatit.image.RgbImage;
import io.ugatit.job.JobFailedException;
import java.io.IOException;
import java.util.Optional;

/**
 * Inception-v3's features with the weights that come with the project, which were trained on ImageNet and then to tell what is safe for work,
 * times {@link Inception#EMBEDDED_SCALE}.
 * The bits are the same on processors of one kind (AVX2 or AVX-512). The network is read on first use, and kept until the JVM ends.
 */
final class InceptionFeatures implements FeatureExtractor {
    /** An executor's; its tasks share the weights. */
    static final InceptionFeatures INSTANCE = new InceptionFeatures();

    private Inception network;

    private InceptionFeatures() { }

    @Override
    public String name() {
        return "inception";
    }

    @Override
    public String resize() {
        return "299 x 299, bicubic, antialiased, as Pillow";
    }

    @Override
    public Optional<String> weights() {
        return Optional.of(Inception.EMBEDDED);
    }

    @Override
    public String identity() {
        return name() + " " + Inception.EMBEDDED + " x " + Inception.EMBEDDED_SCALE + " by computation " + Inception.COMPUTATION;
    }

    @Override
    public int dimension() {
        return Inception.FEATURES;
    }

    @Override
    public float[] features(RgbImage image) {
        float[] features = network().features(image);
        for (int i = 0; i < features.length; i++) {
            features[i] *= Inception.EMBEDDED_SCALE;
        }
        return features;
    }

    private synchronized Inception network() {
        if (network == null) {
            try {
                network = Inception.embedded();
            } catch (IOException e) {
                throw new JobFailedException("cannot read the weights of Inception-v3 in the jar: " + e.getMessage(), e);
            }
        }
        return network;
    }
}
