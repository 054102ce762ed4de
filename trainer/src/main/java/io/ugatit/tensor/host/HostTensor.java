package io.ugatit.tensor.host;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.FloatMemory;
import io.ugatit.tensor.Tensor;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** An array of ND4J as a tensor; nothing is copied. */
public final class HostTensor implements Tensor {
    private final INDArray array;
    private ByteBuffer memory;

    /** @param array c-ordered and contiguous */
    public HostTensor(INDArray array) {
        this.array = array;
    }

    /** The array of a tensor of the host. */
    public static INDArray array(Tensor tensor) {
        return ((HostTensor) tensor).array;
    }

    /** The array of plain maps (N,C,H+2p,W+2p). */
    public static INDArray array(FeatureMaps maps) {
        return array(maps.plain());
    }

    /** An array (N,C,H+2p,W+2p), c-ordered and contiguous, seen as plain maps with a border of {@code padding}. */
    public static FeatureMaps maps(INDArray array, int padding) {
        return FeatureMaps.of(new HostTensor(array), padding);
    }

    /** The memory of maps as bytes in native order. */
    public static ByteBuffer memory(FeatureMaps maps) {
        return ((HostTensor) maps.data()).memory();
    }

    /** Where the memory of maps is, for natives. */
    public static Pointer address(FeatureMaps maps) {
        return new FloatMemory("feature maps", array(maps.data())).address();
    }

    private ByteBuffer memory() {
        if (memory == null) {
            memory = new FloatMemory("feature maps", array).bytes();
        }
        return memory;
    }

    @Override
    public long[] shape() {
        return array.shape();
    }

    @Override
    public long length() {
        return array.length();
    }

    @Override
    public Tensor reshape(long... shape) {
        return new HostTensor(array.reshape('c', shape));
    }

    @Override
    public Tensor slice(long from, long to) {
        return new HostTensor(array.reshape(array.length()).get(NDArrayIndex.interval(from, to)));
    }
}
