package io.ugatit.cluster.feeding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.JobFailedException;
import io.ugatit.process.Waiting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.junit.jupiter.api.Test;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class ReadAheadTest {
    private static final List<String> ORDERS = List.of("1/0", "2/0", "3/0");
    private final List<MultiDataSet> loaded = Collections.synchronizedList(new ArrayList<>());

    /** A batch whose only value is the step. */
    private MultiDataSet batch(Source source) {
        INDArray image = Nd4j.createFromArray((float) WorkOrder.parse(source.getPath()).step());
        MultiDataSet batch = new MultiDataSet(new INDArray[] {image}, null);
        loaded.add(batch);
        return batch;
    }

    @Test
    void batchesComeInTheirOrder() {
        List<Float> steps = new ArrayList<>();
        try (ReadAhead batches = new ReadAhead(ORDERS.iterator(), this::batch)) {
            batches.forEachRemaining(batch -> {
                steps.add(batch.getFeatures(0).getFloat(0));
                ReadAhead.free(batch);
            });
            assertThatThrownBy(batches::next).hasMessage("all work orders are done");
        }
        assertThat(steps).containsExactly(1f, 2f, 3f);
    }

    @Test
    void theNextBatchIsReadWhileOneIsInUseAndNoFurtherOne() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        AtomicInteger reads = new AtomicInteger();
        MultiDataSetLoader loader = source -> {
            if (reads.incrementAndGet() == 2) {
                second.countDown();
            }
            return batch(source);
        };
        try (ReadAhead batches = new ReadAhead(ORDERS.iterator(), loader)) {
            ReadAhead.free(batches.next());
            assertThat(second.await(Waiting.HANG.toMinutes(), TimeUnit.MINUTES)).as("the second batch is read without being asked for").isTrue();
            assertThat(reads).hasValue(2);
        }
        assertThat(loaded).hasSize(2).allSatisfy(batch -> assertThat(batch.getFeatures(0).wasClosed()).isTrue());
        assertThat(reads).as("after closing").hasValue(2);
    }

    @Test
    void aFailureComesWithTheBatchThatCouldNotBeRead() {
        MultiDataSetLoader loader = source -> {
            if (source.getPath().equals("2/0")) {
                throw new JobFailedException("shard 7 is gone");
            }
            return batch(source);
        };
        try (ReadAhead batches = new ReadAhead(ORDERS.iterator(), loader)) {
            assertThat(batches.next().getFeatures(0).getFloat(0)).isEqualTo(1);
            assertThatThrownBy(batches::next).isInstanceOf(JobFailedException.class).hasMessage("shard 7 is gone");
        }
    }
}
