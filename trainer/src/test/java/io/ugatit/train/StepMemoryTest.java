package io.ugatit.train;

import static io.ugatit.train.AlternatingStepTest.graph;
import static io.ugatit.train.AlternatingStepTest.images;
import static io.ugatit.train.AlternatingStepTest.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.device.KeptThreads;
import io.ugatit.device.Threads;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.BufferPool;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a step takes of the host's memory. */
@ExtendWith(KeptThreads.class)
class StepMemoryTest {
    private static final long MEBIBYTE = 1L << 20;

    @Test
    void aStepGivesBackItsBuffersAndAllocatesNoMoreThanTheSecond() {
        Threads.use(1);
        UgatitGraph graph = graph(false, DataType.FLOAT);
        AlternatingStep step = step(graph);
        INDArray a = images(2, 1);
        INDArray b = images(2, 2);
        step.fit(a, b);
        step.fit(a, b);
        long allocated = graph.compute().pool().allocatedBytes();
        for (int s = 0; s < 3; s++) {
            step.fit(a, b);
        }
        assertThat(graph.compute().pool().allocatedBytes()).isEqualTo(allocated);
        assertThat(graph.compute().pool().takenBytes()).as("bytes of the images and translations, which stay, and of two numbers each")
                .isEqualTo(Float.BYTES * 2 * (2 * a.length() + 2));
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2})
    @Tag("slow")
    void sixtyStepsTakeNoMoreMemoryThanTheFirst(int count) throws InterruptedException {
        Threads.use(count);
        UgatitGraph graph = UgatitGraph.create(new NetworkOptions(32, 16, 1, true, false, 4, 3), 9);
        graph.prepareTraining();
        AlternatingStep step = step(graph);
        BufferPool pool = graph.compute().pool();
        steps(step, 10);
        long pooled = pool.allocatedBytes();
        steps(step, 10);
        long natives = liveNativeBytes();
        steps(step, 40);
        long live = liveNativeBytes();
        for (int round = 0; live >= natives + MEBIBYTE && round < 20; round++) {
            live = liveNativeBytes(); // a busy machine frees later
        }
        assertThat(live).as("bytes that JavaCPP has allocated").isLessThan(natives + MEBIBYTE);
        if (count == 1) {
            assertThat(pool.allocatedBytes()).isEqualTo(pooled);
        } else {
            // how far the directions overlap is chance, but each needs at most what one thread needs for both
            assertThat(pool.allocatedBytes()).isLessThanOrEqualTo(2 * pooledByOneThread());
        }
        assertThat(pool.takenBytes()).as("bytes of the images and translations, which stay, and of a number each")
                .isEqualTo(Float.BYTES * 2 * (2 * 3 * 32 * 32 + 1));
    }

    private static long pooledByOneThread() {
        Threads.use(1);
        UgatitGraph graph = UgatitGraph.create(new NetworkOptions(32, 16, 1, true, false, 4, 3), 9);
        graph.prepareTraining();
        steps(step(graph), 10);
        return graph.compute().pool().allocatedBytes();
    }

    private static void steps(AlternatingStep step, int count) {
        for (int s = 0; s < count; s++) {
            step.fit(images(1, 32, s, DataType.FLOAT), images(1, 32, 100 + s, DataType.FLOAT));
        }
    }

    /** What JavaCPP holds once its reference queue has freed all that the collector found unreachable. */
    private static long liveNativeBytes() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            System.gc();
            Thread.sleep(300);
            least = Math.min(least, Pointer.totalBytes());
        }
        return least;
    }
}
