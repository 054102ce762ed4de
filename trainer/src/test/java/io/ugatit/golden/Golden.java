package io.ugatit.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.safetensors.SafetensorsFile;
import io.ugatit.safetensors.TensorInfo;
import io.ugatit.train.LearningRate;
import io.ugatit.train.LossWeights;
import io.ugatit.train.TrainingSchedule;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** One of the golden files that PyTorch's reference wrote: parameters, inputs, outputs, first-step gradients, ten steps' losses. */
public final class Golden implements Closeable {
    private final SafetensorsFile file;
    private final JsonNode config;
    private final JsonNode losses;

    /** @param name {@code light} or {@code full} */
    public Golden(String name) {
        try {
            Path path = new Path(Golden.class.getResource("/goldens/" + name + "-64.safetensors").toURI());
            this.file = SafetensorsFile.open(new Configuration(), path);
            this.config = new ObjectMapper().readTree(file.metadata().get("config"));
            this.losses = new ObjectMapper().readTree(file.metadata().get("losses"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The networks' sizes. */
    public NetworkOptions options() {
        boolean light = config.get("light").booleanValue();
        return new NetworkOptions(config.get("size").intValue(), config.get("ch").intValue(), config.get("n_res").intValue(), light, !light,
                config.get("global_layers").intValue(), config.get("local_layers").intValue());
    }

    /** The reference's schedule. */
    public TrainingSchedule schedule() {
        return new TrainingSchedule(LossWeights.AUTHORS,
                new LearningRate(config.get("lr").doubleValue(), config.get("total_steps").longValue()),
                config.get("weight_decay").doubleValue());
    }

    /** A new graph with the reference's initial parameters, prepared for training. */
    public UgatitGraph graph(DataType type) {
        UgatitGraph graph = UgatitGraph.create(options(), 1, type);
        graph.namedParameters().forEach((name, value) -> value.assign(tensor("param." + name)));
        graph.prepareTraining();
        return graph;
    }

    /** A tensor of the file in single precision. */
    public INDArray tensor(String key) {
        TensorInfo info = file.tensors().get(key);
        if (info == null) {
            throw new IllegalArgumentException("the golden file has no " + key);
        }
        INDArray tensor = Nd4j.create(DataType.FLOAT, info.shape());
        try {
            file.read(key, tensor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tensor;
    }

    /** The image (1,3,S,S) of a step, which counts from 1. */
    public INDArray image(String domain, int step) {
        INDArray all = tensor("input." + domain);
        return all.get(NDArrayIndex.interval(step - 1, step)).dup('c');
    }

    /** Names of the file's tensors that start with a prefix, without it. */
    public List<String> names(String prefix) {
        List<String> names = new ArrayList<>();
        file.tensors().keySet().stream().filter(key -> key.startsWith(prefix)).forEach(key -> names.add(key.substring(prefix.length())));
        return names;
    }

    /** The reference's losses, an object a step. */
    public JsonNode losses() {
        return losses;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
