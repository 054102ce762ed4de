package io.ugatit.gpucheck;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.device.Threads;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.safetensors.SafetensorsFile;
import io.ugatit.safetensors.TensorInfo;
import io.ugatit.tensor.cuda.CudaKernels;
import io.ugatit.tensor.cuda.Precision;
import io.ugatit.train.AlternatingStep;
import io.ugatit.train.LearningRate;
import io.ugatit.train.LossWeights;
import io.ugatit.train.TrainingSchedule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Makes ten steps from PyTorch's parameters on its images, and compares each loss with PyTorch's. */
final class StepsTask implements Task {
    private static final String GOLDEN = "/goldens/light-64.safetensors";
    private static final double ALLOWED = 1e-3;
    /** With factors of 11 bits of mantissa or fewer. */
    private static final double ALLOWED_ROUNDED = 1e-2;

    @Override
    public void run(Assignment assignment) throws IOException {
        Path copy = Files.createTempFile("ugatit-golden", ".safetensors");
        try {
            try (InputStream in = StepsTask.class.getResourceAsStream(GOLDEN)) {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            try (SafetensorsFile file = SafetensorsFile.open(new Configuration(false), new org.apache.hadoop.fs.Path(copy.toUri()))) {
                for (Precision precision : assignment.precisions()) {
                    compare(assignment, precision, file);
                }
            }
        } finally {
            Files.delete(copy);
        }
    }

    private static void compare(Assignment assignment, Precision precision, SafetensorsFile file) throws IOException {
        JsonNode config = new ObjectMapper().readTree(file.metadata().get("config"));
        JsonNode losses = new ObjectMapper().readTree(file.metadata().get("losses"));
        double allowed = precision == Precision.FP32 ? ALLOWED : ALLOWED_ROUNDED;
        UgatitGraph graph = graph(config, file);
        Threads.use(2);
        graph.setCompute(CudaKernels.compute(assignment.gpu(), precision));
        graph.load();
        AlternatingStep step = new AlternatingStep(graph, new TrainingSchedule(LossWeights.AUTHORS,
                new LearningRate(config.get("lr").doubleValue(), config.get("total_steps").longValue()),
                config.get("weight_decay").doubleValue()), 0);
        INDArray a = tensor(file, "input.a");
        INDArray b = tensor(file, "input.b");
        double worst = 0;
        String where = "";
        int all = Math.min(losses.size(), assignment.extent().goldenSteps());
        int done = 0;
        while (done < all && assignment.hasTime()) {
            step.fit(image(a, done), image(b, done));
            for (Map.Entry<String, Double> loss : step.losses().named().entrySet()) {
                double expected = losses.get(done).get(loss.getKey()).doubleValue();
                double error = Math.abs(loss.getValue() - expected) / Math.abs(expected);
                if (!(error <= worst)) { // one that is not a number is the worst
                    worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
                    where = loss.getKey() + " of step " + (done + 1);
                }
            }
            done++;
        }
        graph.closeCompute();
        assignment.tell(new Finding(done + " golden steps in " + precision, String.format(Locale.ROOT,
                "worst relative error of a loss %.1e, allowed %.0e, at %s", worst, allowed, where), worst <= allowed,
                JsonNodeFactory.instance.objectNode().put("precision", precision.toString()).put("error", worst).put("allowed", allowed)));
        assignment.tellLate("golden steps in " + precision, done, all);
    }

    private static UgatitGraph graph(JsonNode config, SafetensorsFile file) throws IOException {
        UgatitGraph graph = UgatitGraph.create(new NetworkOptions(config.get("size").intValue(), config.get("ch").intValue(),
                config.get("n_res").intValue(), true, false, config.get("global_layers").intValue(),
                config.get("local_layers").intValue()), 1);
        for (Map.Entry<String, INDArray> parameter : graph.namedParameters().entrySet()) {
            parameter.getValue().assign(tensor(file, "param." + parameter.getKey()));
        }
        graph.prepareTraining();
        return graph;
    }

    private static INDArray tensor(SafetensorsFile file, String key) throws IOException {
        TensorInfo info = file.tensors().get(key);
        INDArray tensor = Nd4j.create(DataType.FLOAT, info.shape());
        file.read(key, tensor);
        return tensor;
    }

    private static INDArray image(INDArray all, int index) {
        return all.get(NDArrayIndex.interval(index, index + 1)).dup('c');
    }
}
