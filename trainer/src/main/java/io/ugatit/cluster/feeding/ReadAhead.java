package io.ugatit.cluster.feeding;

import io.ugatit.device.Device;
import io.ugatit.job.DaemonThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The batches of a task's work orders in their order, each read while the step before it computes. The loader is used by one thread at a
 * time. Must be closed before anyone else uses it.
 */
public final class ReadAhead implements Iterator<MultiDataSet>, AutoCloseable {
    private static final ExecutorService READERS = Executors.newCachedThreadPool(DaemonThreads.named("ugatit-read-ahead"));

    private final Iterator<String> orders;
    private final MultiDataSetLoader loader;
    private CompletableFuture<MultiDataSet> pending;

    /** Begins to read the first batch. */
    public ReadAhead(Iterator<String> orders, MultiDataSetLoader loader) {
        this.orders = orders;
        this.loader = loader;
        readNext();
    }

    private void readNext() {
        if (!orders.hasNext()) {
            pending = null;
            return;
        }
        String order = orders.next();
        pending = CompletableFuture.supplyAsync(() -> {
            Device.follow();
            try {
                return loader.load(WorkOrder.source(order));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the images of " + order, e);
            }
        }, READERS);
    }

    /** Whether there is another batch. */
    @Override
    public boolean hasNext() {
        return pending != null;
    }

    /** The next batch, the caller's to close; throws what the loader threw. */
    @Override
    public MultiDataSet next() {
        if (pending == null) {
            throw new NoSuchElementException("all work orders are done");
        }
        MultiDataSet batch;
        try {
            batch = pending.join();
        } catch (CompletionException e) {
            pending = null;
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
        readNext();
        return batch;
    }

    /** Waits for what is being read, and frees it. */
    @Override
    public void close() {
        if (pending != null) {
            // a failure to read what nobody wants any more is no failure
            pending.handle((batch, failure) -> batch).thenAccept(batch -> {
                if (batch != null) {
                    free(batch);
                }
            }).join();
            pending = null;
        }
    }

    /** Frees a batch's native memory, which would else wait for a full collection of the heap. */
    public static void free(MultiDataSet batch) {
        Stream.of(batch.getFeatures()).forEach(INDArray::close);
    }
}
