package io.ugatit.evaluate;

import io.ugatit.evaluate.inception.Inception;
import io.ugatit.image.RgbImage;
import io.ugatit.job.JobFailedException;
import java.io.IOException;

/**
 * Inception-v3's features with the weights that come with the project, which were trained on ImageNet and then to tell what is safe for work.
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
    public int dimension() {
        return Inception.FEATURES;
    }

    @Override
    public float[] features(RgbImage image) {
        return network().features(image);
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
