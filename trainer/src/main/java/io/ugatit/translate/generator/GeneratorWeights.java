package io.ugatit.translate.generator;

import io.ugatit.device.Natives;
import io.ugatit.model.Generator;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.NetworkTensors;
import io.ugatit.tensor.Compute;
import io.ugatit.weights.WeightsFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * One generator's parameters in one flat vector: a fifth of the memory of all six networks' in a light model. Read only once loaded, so
 * that the generators of several threads share them.
 */
final class GeneratorWeights implements AutoCloseable {
    private final GeneratorSource source;
    private final INDArray flat;
    private final Map<String, INDArray> views = new HashMap<>();

    private GeneratorWeights(GeneratorSource source) {
        this.source = source;
        Map<String, long[]> shapes = source.network().parameterShapes(source.options());
        this.flat = Nd4j.createUninitialized(DataType.FLOAT, shapes.values().stream().mapToLong(GeneratorWeights::length).sum());
        long offset = 0;
        for (Map.Entry<String, long[]> shape : shapes.entrySet()) {
            long end = offset + length(shape.getValue());
            views.put(shape.getKey(), flat.get(NDArrayIndex.interval(offset, end)).reshape('c', shape.getValue()));
            offset = end;
        }
    }

    private static long length(long[] shape) {
        return LongStream.of(shape).reduce(1, Math::multiplyExact);
    }

    /**
     * Reads the generator's tensors, and no other network's.
     *
     * @throws io.ugatit.job.InvalidRequestException if a tensor is missing, of another shape or not finite; one line that names it
     * @throws io.ugatit.job.JobFailedException if ND4J's libraries are not there
     * @throws IOException if the file system fails, or the file is another than it was when the source was made
     */
    static GeneratorWeights load(Configuration configuration, GeneratorSource source) throws IOException {
        requireSame(configuration, source);
        try (WeightsFile file = WeightsFile.open(configuration, new Path(source.file()))) {
            file.check(source.network(), source.options());
            Natives.require();
            GeneratorWeights weights = new GeneratorWeights(source);
            try {
                file.read(weights.views);
            } catch (IOException | RuntimeException e) {
                weights.close();
                throw e;
            }
            return weights;
        }
    }

    /** All tasks of a job must compute with the parameters that it has begun with. */
    private static void requireSame(Configuration configuration, GeneratorSource source) throws IOException {
        Path path = new Path(source.file());
        FileStatus status = path.getFileSystem(configuration).getFileStatus(path);
        if (status.getLen() != source.length() || status.getModificationTime() != source.modified()) {
            throw new IOException(source.file() + ": was replaced after it was chosen to translate with; start again");
        }
    }

    NetworkOptions options() {
        return source.options();
    }

    /** A generator for one thread. */
    Generator generator(Compute compute) {
        NetworkTensors tensors = new NetworkTensors(compute.kernels(), source.network(), source.options(), flat);
        return new Generator(source.options(), tensors::parameter, compute);
    }

    @Override
    public void close() {
        flat.close();
    }
}
