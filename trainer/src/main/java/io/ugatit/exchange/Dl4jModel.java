package io.ugatit.exchange;

import io.ugatit.device.Natives;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.translate.Direction;
import io.ugatit.weights.WeightsFile;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Networks as a zip file of DL4J's ModelSerializer, without moments. {@code ModelSerializer.restoreComputationGraph} and
 * {@code ComputationGraph.load} open it where this program is on the class path, and {@code output} computes: of all six networks on images
 * of A and of B, of one generator on the images to translate.
 */
final class Dl4jModel {
    /** What DL4J reads into an array of bytes, the parameters with a little around them. */
    private static final int LARGEST = Integer.MAX_VALUE - 4096;
    private final NetworkOptions options;
    private final List<Network> networks;

    private Dl4jModel(NetworkOptions options, List<Network> networks) {
        this.options = options;
        this.networks = networks;
    }

    /**
     * @param direction whose generator; null for all six networks
     * @throws InvalidRequestException if DL4J could not open what it writes: it reads parameters into one array of bytes
     */
    static Dl4jModel of(NetworkOptions options, Direction direction) {
        Dl4jModel model = new Dl4jModel(options, direction == null ? List.of(Network.values()) : List.of(direction.generator()));
        long bytes = Float.BYTES * model.parameters();
        if (bytes > LARGEST) {
            throw new InvalidRequestException(String.format(Locale.ROOT, "--format dl4j: the parameters take %.1f GB, DL4J opens at most 2 GiB: %s"
                    + "use --format safetensors", bytes / 1e9, direction == null ? "give --direction for one generator, or " : ""));
        }
        return model;
    }

    private long parameters() {
        return networks.stream().flatMap(network -> network.parameterShapes(options).values().stream())
                .mapToLong(shape -> LongStream.of(shape).reduce(1, Math::multiplyExact)).sum();
    }

    /**
     * Writes the file; takes the memory of the parameters. The stream is not closed.
     *
     * @throws io.ugatit.job.JobFailedException if ND4J's libraries are not there
     * @throws IOException if a file system fails
     */
    void write(OutputStream out, Configuration configuration, ExportSource source) throws IOException {
        Natives.require();
        ComputationGraph graph = networks.size() > 1 ? UgatitGraph.zeros(UgatitGraph.configuration(options, 0, DataType.FLOAT))
                : new ComputationGraph(UgatitGraph.configuration(networks.get(0), options));
        if (networks.size() == 1) {
            graph.init(Nd4j.create(DataType.FLOAT, 1, parameters()), false);
        }
        try {
            for (Network network : networks) {
                try (WeightsFile weights = WeightsFile.open(configuration, source.file(network))) {
                    weights.read(destinations(graph, network));
                }
            }
            ModelSerializer.writeModel(graph, out, false);
        } finally {
            graph.params().close();
        }
    }

    /** Views of the graph's flat vector by {@code NET.KEY}. */
    private static Map<String, INDArray> destinations(ComputationGraph graph, Network network) {
        Map<String, INDArray> destinations = new LinkedHashMap<>();
        graph.getLayer(network.key()).paramTable(false).forEach((key, view) -> destinations.put(network.key() + "." + key, view));
        return destinations;
    }
}
