package io.ugatit.tensor.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class ArrayPoolTest {

    private static long address(INDArray array) {
        return array.data().address();
    }

    @Test
    void anArrayGivenBackIsTakenAgainForAnyShapeOfItsLength() {
        ArrayPool pool = new ArrayPool(DataType.FLOAT);
        INDArray first = pool.take(2, 3);
        pool.release(first, null);
        INDArray longer = pool.take(7);
        INDArray again = pool.take(3, 1, 2);
        assertThat(address(longer)).isNotEqualTo(address(first));
        assertThat(address(again)).isEqualTo(address(first));
        assertThat(again.shape()).containsExactly(3, 1, 2);
        assertThat(again.stride()).containsExactly(2, 2, 1);
        assertThat(again.dataType()).isEqualTo(DataType.FLOAT);
        assertThat(again.ordering()).isEqualTo('c');
        assertThat(address(pool.take(6))).as("what is in use is not given out twice").isNotEqualTo(address(first));
    }

    @Test
    void anArrayMayBeGivenBackInAnotherShape() {
        ArrayPool pool = new ArrayPool(DataType.FLOAT);
        INDArray vector = pool.take(12);
        pool.release(vector.reshape('c', 1, 3, 2, 2));
        assertThat(pool.takenBytes()).isZero();
        INDArray again = pool.take(4, 3);
        assertThat(address(again)).isEqualTo(address(vector));
        assertThat(pool.allocatedBytes()).isEqualTo(48);
        pool.release(again);
        pool.close();
        assertThat(pool.allocatedBytes()).isZero();
        assertThat(vector.wasClosed()).as("its memory is free").isTrue();
    }

    @Test
    void anArrayGivenBackReshapedAgainAndAgainGrowsNoChainOfViews() {
        ArrayPool pool = new ArrayPool(DataType.FLOAT);
        pool.release(pool.take(12));
        for (int step = 0; step < 100; step++) {
            pool.release(pool.take(4, 3).reshape('c', 3, 4).reshape('c', 4, 3));
        }
        assertThat(views(pool.take(4, 3))).isLessThanOrEqualTo(1);
    }

    /** Through how many views ND4J looks at every access. */
    private static int views(INDArray array) {
        int views = 0;
        for (DataBuffer buffer = array.data(); buffer.underlyingDataBuffer() != null && buffer.underlyingDataBuffer() != buffer;
                buffer = buffer.underlyingDataBuffer()) {
            views++;
        }
        return views;
    }

    @Test
    void countsTheBytesAllocatedAndThoseInUse() {
        ArrayPool pool = new ArrayPool(DataType.DOUBLE);
        INDArray a = pool.take(10);
        INDArray b = pool.take(2, 5);
        assertThat(pool.allocatedBytes()).isEqualTo(160);
        assertThat(pool.takenBytes()).isEqualTo(160);
        pool.release(a);
        assertThat(pool.allocatedBytes()).isEqualTo(160);
        assertThat(pool.takenBytes()).isEqualTo(80);
        pool.close();
        assertThat(pool.allocatedBytes()).as("what is in use is not freed").isEqualTo(80);
        assertThat(b.wasClosed()).isFalse();
        assertThat(a.wasClosed()).isTrue();
    }

    @Test
    void twoThreadsNeverHoldTheSameArray() {
        ArrayPool pool = new ArrayPool(DataType.FLOAT);
        Set<Long> held = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<Void>> threads = IntStream.range(0, 2).mapToObj(thread -> CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 2000; i++) {
                INDArray array = pool.take(16);
                assertThat(held.add(address(array))).isTrue();
                held.remove(address(array));
                pool.release(array);
            }
        })).toList();
        threads.forEach(CompletableFuture::join);
        assertThat(pool.takenBytes()).isZero();
        assertThat(pool.allocatedBytes()).isBetween(64L, 128L);
    }
}
