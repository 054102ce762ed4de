package io.ugatit.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.tensor.host.HostPool;
import io.ugatit.tensor.host.HostTensor;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FeatureMapsTest {

    @Test
    void anArrayIsSeenAsMapsWithoutCopying() {
        INDArray array = Nd4j.zeros(DataType.FLOAT, 2, 3, 6, 9);
        FeatureMaps maps = HostTensor.maps(array, 1);
        assertThat(maps.images()).isEqualTo(2);
        assertThat(maps.channels()).isEqualTo(3);
        assertThat(maps.height()).as("without the border").isEqualTo(4);
        assertThat(maps.width()).as("without the border").isEqualTo(7);
        assertThat(maps.padding()).isEqualTo(1);
        assertThat(maps.planes()).isEqualTo(6);
        assertThat(maps.pixels()).isEqualTo(28);
        assertThat(maps.lanes()).isEqualTo(1);
        assertThat(maps.blocks()).isEqualTo(6);
        array.putScalar(new long[] {1, 2, 5, 8}, 3);
        assertThat(HostTensor.array(maps).getFloat(1, 2, 5, 8)).isEqualTo(3);
    }

    @Test
    void blockedMapsTakeWholeGroupsOfChannels() {
        BufferPool pool = new HostPool(DataType.FLOAT);
        assertThat(FeatureMaps.take(pool, 1, 2, 17, 4, 5, 1).data().length()).isEqualTo(2 * 17 * 6 * 7);
        assertThat(FeatureMaps.take(pool, 16, 1, 16, 4, 5, 0).data().length()).isEqualTo(16 * 4 * 5);
        FeatureMaps blocked = FeatureMaps.take(pool, 16, 2, 17, 4, 5, 1);
        assertThat(blocked.data().length()).isEqualTo(2 * 32 * 6 * 7);
        assertThat(HostTensor.address(blocked).address() % 64).as("oneDNN's streaming stores fault on less than a cache line").isZero();
        assertThat(blocked.blocks()).isEqualTo(4);
        assertThat(blocked.planes()).isEqualTo(34);
        assertThatThrownBy(blocked::plain).isInstanceOf(IllegalStateException.class).hasMessageContaining("copy them to plain ones");
    }

    @Test
    void theMemoryIsThatOfTheArray() {
        INDArray whole = Nd4j.zeros(DataType.FLOAT, 2, 1, 3, 4);
        FeatureMaps second = HostTensor.maps(whole.slice(1).reshape('c', 1, 1, 3, 4), 0);
        HostTensor.memory(second).order(ByteOrder.nativeOrder()).putFloat(5 * Float.BYTES, 7);
        assertThat(HostTensor.memory(second).capacity()).isEqualTo(12 * Float.BYTES);
        assertThat(whole.getFloat(1, 0, 1, 1)).isEqualTo(7);
    }

    @Test
    void mapsGivenBackAreTakenAgain() {
        Compute compute = KernelChoice.portable(DataType.FLOAT);
        FeatureMaps first = compute.take(1, 2, 4, 6, 1);
        FeatureMaps like = compute.takeLike(first);
        assertThat(HostTensor.array(like).shape()).containsExactly(1, 2, 6, 8);
        assertThat(compute.pool().takenBytes()).isEqualTo(2 * 2 * 6 * 8 * Float.BYTES);
        compute.release(first, null, like);
        assertThat(compute.pool().takenBytes()).isZero();
        compute.sibling().take(1, 1, 12, 8, 0);
        assertThat(compute.pool().allocatedBytes()).as("a sibling shares the pool").isEqualTo(2 * 2 * 6 * 8 * Float.BYTES);
    }
}
