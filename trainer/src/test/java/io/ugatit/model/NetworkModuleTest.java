package io.ugatit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.tensor.cuda.StandInDriver;
import io.ugatit.tensor.cuda.driver.OutOfDeviceMemoryException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks as DL4J's layers, on a GPU with little memory. */
class NetworkModuleTest {
    @BeforeEach
    void use() {
        StandInDriver.use();
    }

    @AfterEach
    void leave() {
        StandInDriver.limit(null);
        StandInDriver.leave();
    }

    /** Bytes in which the stream fits, but not the parameters, and those in which they do, but not what is computed from them. */
    @ParameterizedTest
    @ValueSource(longs = {300_000, 6_000_000})
    void aNetworkThatFindsNoMemoryGivesBackWhatItHasTaken(long bytes) {
        UgatitGraph graph = UgatitGraph.create(new NetworkOptions(64, 8, 1, true, false, 4, 3), 5);
        INDArray images = Nd4j.rand(DataType.FLOAT, 4, 3, 64, 64);
        long allocated = StandInDriver.count("ugatitAllocated");
        StandInDriver.limit(bytes);
        assertThatThrownBy(() -> graph.output(images, images)).isInstanceOf(OutOfDeviceMemoryException.class);
        assertThat(StandInDriver.count("ugatitAllocated")).isEqualTo(allocated);
        StandInDriver.limit(null);
        assertThat(graph.output(images, images)).hasSize(6);
        assertThat(StandInDriver.count("ugatitAllocated")).isEqualTo(allocated);
    }
}
