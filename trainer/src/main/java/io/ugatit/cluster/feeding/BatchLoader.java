package io.ugatit.cluster.feeding;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Split;
import java.io.Closeable;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads the images of a work order from the data set's shards: a batch of each domain. Readers are opened where it runs and keep what fits
 * into memory. Used by one thread at a time.
 */
public final class BatchLoader implements MultiDataSetLoader, Closeable {
    private static final long serialVersionUID = 1L;
    private final ImageDataset dataset;
    private final SerializableConfiguration configuration;
    private final ImageSequence sequenceA;
    private final ImageSequence sequenceB;
    private final int workers;
    private final int batch;
    private final int slots;
    private transient ImageReader readerA;
    private transient ImageReader readerB;

    /**
     * @param configuration finds the data set's file system
     * @param slots of an executor, which share the memory for images; 0 if it has one for each core of its machine
     */
    public BatchLoader(ImageDataset dataset, Configuration configuration, Feed feed, int slots) {
        this.dataset = dataset;
        this.configuration = new SerializableConfiguration(configuration);
        this.sequenceA = feed.sequence(Domain.A, dataset.count(Domain.A, Split.TRAIN));
        this.sequenceB = feed.sequence(Domain.B, dataset.count(Domain.B, Split.TRAIN));
        this.workers = feed.workers();
        this.batch = feed.batch();
        this.slots = slots;
    }

    /**
     * Reads a batch.
     *
     * @param source a work order, as {@link WorkOrder#source} makes it
     * @return two maps of features, domain A's and B's, each ({@link Feed#batch}, 3, size, size) in [-1, 1]; native memory of the caller's
     * @throws io.ugatit.job.JobFailedException if a shard is gone or damaged; names it
     */
    @Override
    public MultiDataSet load(Source source) {
        WorkOrder order = WorkOrder.parse(source.getPath());
        if (readerA == null) {
            // a share of the heap for each of the readers that all slots may have
            long cache = Runtime.getRuntime().maxMemory() / (8L * (slots > 0 ? slots : Runtime.getRuntime().availableProcessors()));
            readerA = dataset.reader(Domain.A, Split.TRAIN, configuration.value(), cache);
            readerB = dataset.reader(Domain.B, Split.TRAIN, configuration.value(), cache);
        }
        long first = ((order.step() - 1) * workers + order.worker()) * batch;
        return new MultiDataSet(new INDArray[] {images(sequenceA, readerA, first), images(sequenceB, readerB, first)}, null);
    }

    /** Closes the shards' files. */
    @Override
    public void close() throws IOException {
        if (readerA != null) {
            readerA.close();
            readerB.close();
        }
    }

    private INDArray images(ImageSequence sequence, ImageReader reader, long first) {
        int size = sequence.size();
        float[] values = new float[batch * 3 * size * size];
        for (int i = 0; i < batch; i++) {
            long position = first + i;
            sequence.write(reader.read(sequence.index(position)), position, values, i * 3 * size * size);
        }
        return Nd4j.create(values, new int[] {batch, 3, size, size}, 'c');
    }
}
