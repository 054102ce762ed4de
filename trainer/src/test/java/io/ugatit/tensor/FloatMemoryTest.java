package io.ugatit.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.JobFailedException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FloatMemoryTest {
    /** The first number of floats whose bytes an int cannot count. */
    private static final long TOO_MANY = 1L << 29;

    /** Says that it is so long; there is no memory behind most of it, which nothing here may read. */
    private static FloatMemory ofLength(long length) {
        INDArray array = Nd4j.create(Nd4j.createBuffer(DataType.FLOAT, 4, false), new long[] {length}, new long[] {1}, 0, 'c');
        return new FloatMemory("feature maps", array);
    }

    @Test
    void bytesThatAnIntCannotCountAreRefusedWithWhatHelps() {
        assertThatThrownBy(() -> ofLength(TOO_MANY).bytes()).isInstanceOf(JobFailedException.class).hasMessage("feature maps: 2147483648"
                + " bytes are more than the 2147483647 that these kernels reach at once: give --kernels nd4j, or make size,"
                + " batch or channels smaller");
        assertThat(ofLength(TOO_MANY - 1).bytes().capacity()).isEqualTo(2147483644);
    }

    @Test
    void partsOfAnyLengthCanBeSeen() {
        assertThat(ofLength(TOO_MANY).slice(1, 2).capacity()).isEqualTo(2 * Float.BYTES);
    }
}
