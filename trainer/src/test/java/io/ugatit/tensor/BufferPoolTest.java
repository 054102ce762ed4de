package io.ugatit.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class BufferPoolTest {

    @Test
    void anArrayGivenBackIsTakenAgainForTheSameShapeOnly() {
        BufferPool pool = new BufferPool(DataType.FLOAT);
        INDArray first = pool.take(2, 3);
        pool.release(first, null);
        INDArray other = pool.take(3, 2);
        assertThat(other).isNotSameAs(first);
        assertThat(pool.take(2, 3)).isSameAs(first);
        assertThat(other.shape()).containsExactly(3, 2);
        assertThat(other.dataType()).isEqualTo(DataType.FLOAT);
        assertThat(other.ordering()).isEqualTo('c');
    }

    @Test
    void countsTheBytesAllocatedAndThoseInUse() {
        BufferPool pool = new BufferPool(DataType.DOUBLE);
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
}
