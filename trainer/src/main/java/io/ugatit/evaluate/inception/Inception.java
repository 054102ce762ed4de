package io.ugatit.evaluate.inception;

import io.ugatit.device.Threads;
import io.ugatit.image.RgbImage;
import io.ugatit.job.Host;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.safetensors.TensorFile;
import io.ugatit.tensor.cpu.CpuKernelsNeeds;
import io.ugatit.tensor.cpu.pass.InParallel;
import io.ugatit.weights.WeightsFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Inception-v3 with weights, ready to compute the 2048 features of images. An image takes one core for about 11.4 billion operations; its
 * features have the same bits whatever else is computed at the same time, on processors of the same kind (AVX2 or AVX-512). Takes 87 MB for
 * the weights and 13 MB for each image that is computed at the same time. Thread-safe.
 */
public final class Inception implements Closeable {
    /** How many features an image has. */
    public static final int FEATURES = InceptionV3.FEATURES;

    /** SHA-256 of the weights that come with the project. */
    public static final String EMBEDDED = EmbeddedWeights.SHA_256;
    /** What {@link #embedded}'s features are to be multiplied by where a kernel expects them to be as large as those of publications. */
    public static final float EMBEDDED_SCALE = EmbeddedWeights.SCALE;

    /** Another one with every change in the computation that changes features' bits. */
    public static final int COMPUTATION = 2;

    private final Preparation preparation;
    private final ArrangedWeights weights;
    private final Compiler compiled;
    private final Maps output;
    private final Deque<Workspace> idle = new ArrayDeque<>();

    private Inception(Preparation preparation, Pooling pooling, InceptionWeights source) throws IOException {
        this.preparation = preparation;
        this.weights = new ArrangedWeights(source);
        this.compiled = new Compiler(weights);
        Maps[] features = new Maps[1];
        try {
            // compiled code works on as many cores as it was compiled for
            Threads.with(1, () -> features[0] = InceptionV3.layers(pooling, compiled));
        } catch (UncheckedIOException e) {
            weights.close();
            throw e.getCause();
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
        output = features[0];
        weights.complete();
    }

    /**
     * The network whose weights come with the project, on images that Pillow's bicubic filter would make of 299 x 299 pixels. Its features
     * are not those that publications compare.
     *
     * @throws JobFailedException if this JVM cannot compute it, or the weights are damaged
     * @throws IOException if the weights cannot be read
     */
    public static Inception embedded() throws IOException {
        requireKernels();
        return new Inception(Preparation.PILLOW_BICUBIC, Pooling.MEAN, new EmbeddedWeights());
    }

    /**
     * The network of publications, as pytorch-fid computes it.
     *
     * @param configuration finds the path's file system
     * @param path the state_dict of {@code pt_inception-2015-12-05}, as safetensors or of PyTorch since 1.6
     * @throws InvalidRequestException if there is no such file, or a tensor is missing or not what it must be; one line that names them
     * @throws JobFailedException if this JVM cannot compute it
     * @throws IOException if the file system fails
     */
    public static Inception fid(Configuration configuration, Path path) throws IOException {
        requireKernels();
        try (TensorFile file = WeightsFile.tensors(configuration, path)) {
            return new Inception(Preparation.PYTORCH_FID, Pooling.LARGEST, new FidWeights(file));
        }
    }

    private static void requireKernels() {
        CpuKernelsNeeds.lacking().ifPresent(lacking -> {
            throw new JobFailedException("Inception-v3 cannot be computed on " + Host.name() + ": " + lacking + "; use another extractor");
        });
    }

    /** The features of an image. @param image of any size */
    public float[] features(RgbImage image) {
        float[] planes = preparation.planes(image);
        float[][] result = new float[1][];
        Workspace workspace = borrow();
        try {
            Threads.with(1, () -> result[0] = workspace.features(planes));
        } finally {
            giveBack(workspace);
        }
        return result[0];
    }

    /**
     * The features of images, computed on as many cores as the calling thread may use.
     *
     * @return one row for each image
     */
    public float[][] features(List<RgbImage> images) {
        float[][] rows = new float[images.size()][];
        InParallel.forEach(rows.length, (long) rows.length * InceptionV3.SIDE * InceptionV3.SIDE, i -> rows[i] = features(images.get(i)));
        return rows;
    }

    private Workspace borrow() {
        synchronized (idle) {
            if (!idle.isEmpty()) {
                return idle.pop();
            }
        }
        return new Workspace(compiled.steps(), compiled.sizes(), output);
    }

    private void giveBack(Workspace workspace) {
        synchronized (idle) {
            idle.push(workspace);
        }
    }

    /** Frees the memory. Nothing may be computed at that time or later. */
    @Override
    public void close() {
        synchronized (idle) {
            idle.forEach(Workspace::close);
            idle.clear();
        }
        weights.close();
    }
}
