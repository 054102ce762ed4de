package io.ugatit.evaluate.inception;

import static io.ugatit.job.Untrusted.quoted;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.safetensors.TensorFile;
import io.ugatit.tensor.FloatMemory;
import java.io.IOException;
import java.nio.ByteOrder;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The weights of TensorFlow's network of 2015, with which FID is measured, as a file of the user's: the state_dict of
 * {@code pt_inception-2015-12-05}, under torchvision's names.
 */
final class FidWeights implements InceptionWeights {
    /** This network's classifier has 1008 outputs; torchvision's, of the same names otherwise, has 1000. */
    private static final long[] CLASSIFIER = {1008, InceptionV3.FEATURES};
    private final TensorFile file;

    /**
     * Checks the names, shapes and types of all tensors.
     *
     * @throws InvalidRequestException if one is missing or not what it must be, with one line that names it
     */
    FidWeights(TensorFile file) {
        this.file = file;
        for (Convolution convolution : ConvolutionList.all()) {
            String norm = convolution.name() + ".bn.";
            file.check(convolution.name() + ".conv.weight", convolution.shape());
            for (String values : new String[] {"weight", "bias", "running_mean", "running_var"}) {
                file.check(norm + values, new long[] {convolution.outputs()});
            }
        }
        file.check("fc.weight", CLASSIFIER);
    }

    @Override
    public FoldedConvolution of(Convolution convolution, int number) throws IOException {
        String norm = convolution.name() + ".bn.";
        long[] outputs = {convolution.outputs()};
        float[] variance = read(norm + "running_var", outputs);
        for (float value : variance) {
            if (value < 0) {
                throw new InvalidRequestException(file.path() + ": tensor " + quoted(norm + "running_var") + " holds the negative variance "
                        + value);
            }
        }
        FoldedConvolution folded = FoldedConvolution.of(read(convolution.name() + ".conv.weight", convolution.shape()),
                FoldedConvolution.Order.OUTPUTS_FIRST, read(norm + "weight", outputs), read(norm + "bias", outputs),
                read(norm + "running_mean", outputs), variance);
        requireFinite(convolution.name(), folded.weights());
        requireFinite(convolution.name(), folded.bias());
        return folded;
    }

    private void requireFinite(String convolution, float[] folded) {
        for (float value : folded) {
            if (!Float.isFinite(value)) {
                throw new InvalidRequestException(file.path() + ": weights and batch normalization of " + quoted(convolution)
                        + " together are infinite");
            }
        }
    }

    private float[] read(String name, long[] shape) throws IOException {
        try (INDArray array = Nd4j.createUninitialized(DataType.FLOAT, shape)) {
            file.read(name, array);
            FloatMemory memory = new FloatMemory(name, array);
            if (!memory.isFinite()) {
                throw new InvalidRequestException(file.path() + ": tensor " + quoted(name)
                        + " holds values that are infinite or not a number");
            }
            float[] values = new float[(int) array.length()];
            memory.bytes().order(ByteOrder.nativeOrder()).asFloatBuffer().get(values);
            return values;
        }
    }
}
