package io.ugatit.evaluate;

import io.ugatit.evaluate.inception.Inception;
import io.ugatit.image.RgbImage;
import io.ugatit.job.JobFailedException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The features of publications: TensorFlow's Inception-v3 of 2015 with the weights of a user's file, on images prepared as pytorch-fid does.
 * The bits are the same on processors of one kind (AVX2 or AVX-512). A network is kept until the JVM ends.
 */
final class FidFeatures implements FeatureExtractor {
    /** The network's name in results. */
    static final String NAME = "inception-2015-12-05";
    private static final Map<ExtractorSource, FidFeatures> OPEN = new HashMap<>();

    private final Inception network;
    private final String sha256;

    private FidFeatures(Inception network, String sha256) {
        this.network = network;
        this.sha256 = sha256;
    }

    /**
     * The network of a file; an executor's tasks share the weights.
     *
     * @throws io.ugatit.job.InvalidRequestException if the file does not hold them; one line that names it
     * @throws JobFailedException if the file is another than it was as the job began, or this JVM cannot compute the network
     * @throws IOException if the file system fails
     */
    static synchronized FidFeatures of(ExtractorSource source, Configuration configuration) throws IOException {
        FidFeatures features = OPEN.get(source);
        if (features == null) {
            Path path = new Path(source.file());
            Inception network = Inception.fid(configuration, path);
            try {
                requireSame(source, ExtractorSource.sha256(configuration, path)); // afterwards: it may have been replaced meanwhile
            } catch (IOException | RuntimeException | Error e) {
                network.close();
                throw e;
            }
            features = new FidFeatures(network, source.sha256());
            OPEN.put(source, features);
        }
        return features;
    }

    private static void requireSame(ExtractorSource source, String sha256) {
        if (!sha256.equals(source.sha256())) {
            throw new JobFailedException(source.file() + ": is another file than it was as the job began, or than the driver has: SHA-256 "
                    + sha256 + ", not " + source.sha256());
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int dimension() {
        return Inception.FEATURES;
    }

    @Override
    public String resize() {
        return "299 x 299, bilinear, not antialiased, as pytorch-fid";
    }

    @Override
    public boolean comparable() {
        return true;
    }

    @Override
    public Optional<String> weights() {
        return Optional.of(sha256);
    }

    @Override
    public String identity() {
        return name() + " " + sha256 + " by computation " + Inception.COMPUTATION;
    }

    @Override
    public float[] features(RgbImage image) {
        return network.features(image);
    }
}
