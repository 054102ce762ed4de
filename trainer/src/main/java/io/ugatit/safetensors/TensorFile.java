package io.ugatit.safetensors;

import static io.ugatit.job.Untrusted.quoted;

import io.ugatit.job.InvalidRequestException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A file of named tensors, open for reading. Whoever holds one may rely on it that what the file says of its tensors was checked against
 * its length. Not thread-safe.
 */
public interface TensorFile extends Closeable {
    /** The file's path. */
    Path path();

    /** The tensors by name, in the order of the file; immutable. */
    Map<String, TensorInfo> tensors();

    /**
     * Fills an array with a tensor; F16, BF16 and F64 become 32-bit floats.
     *
     * @param name the tensor's name
     * @param destination a FLOAT array of the tensor's shape whose elements lie one after the other in 'c' order; may be a view
     * @throws InvalidRequestException if the file has no such tensor, or one of another shape or of a type that is not floating
     * @throws IllegalArgumentException if the destination has another type or layout
     * @throws IOException if the file system fails, or the file has become shorter; the destination may be partly filled then
     */
    void read(String name, INDArray destination) throws IOException;

    /**
     * Checks that the file holds a tensor that {@link #read} can put into an array of this shape.
     *
     * @param name the tensor's name
     * @param shape the dimensions it must have
     * @return what the file says of it
     * @throws InvalidRequestException if the tensor is missing, has another shape, or is not floating; one line
     */
    default TensorInfo check(String name, long[] shape) {
        TensorInfo tensor = tensors().get(name);
        if (tensor == null) {
            throw new InvalidRequestException(path() + ": tensor " + quoted(name) + " is missing, expected with shape "
                    + Arrays.toString(shape));
        }
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new InvalidRequestException(path() + ": tensor " + quoted(name) + " has shape " + Arrays.toString(tensor.shape())
                    + ", expected " + Arrays.toString(shape));
        }
        if (!tensor.dtype().isReadable()) {
            throw new InvalidRequestException(path() + ": tensor " + quoted(name) + " is of type " + tensor.dtype()
                    + ", expected F32, F16, BF16 or F64");
        }
        return tensor;
    }
}
