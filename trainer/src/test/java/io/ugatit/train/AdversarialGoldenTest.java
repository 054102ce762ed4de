package io.ugatit.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.golden.Golden;
import io.ugatit.model.UgatitGraph;
import io.ugatit.safetensors.SafetensorsFile;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.tensor.cuda.Precision;
import io.ugatit.tensor.cuda.StandInDriver;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Ten steps with another adversarial loss, and the first one's gradients, against PyTorch's reference with that loss in the place of least
 * squares ({@code goldens/make_adversarial.py}), from the parameters and on the images of the golden file {@code light}.
 */
class AdversarialGoldenTest {
    private static final double GRADIENT_BOUND = 1e-3;
    private static final double LOSS_BOUND = 1e-3;
    /** Of a loss that is a sum of logits of both signs. */
    private static final double LOGIT_BOUND = 2e-4;

    @ParameterizedTest
    @CsvSource({"hinge, fastest", "hinge, portable", "hinge, cuda", "wgan-gp, fastest", "wgan-gp, portable", "wgan-gp, cuda"})
    void stepsGiveTheReferencesLossesAndGradients(String name, String kernels) throws Exception {
        try (Golden light = new Golden("light"); SafetensorsFile golden = open(name)) {
            UgatitGraph graph = light.graph(DataType.FLOAT);
            if (!kernels.equals("fastest")) {
                graph.setCompute(kernels.equals("cuda") ? StandInDriver.compute(Precision.FP32) : KernelChoice.portable(DataType.FLOAT));
            }
            graph.load();
            AlternatingStep step = new AlternatingStep(graph, schedule(light, AdversarialLoss.valueOf(name.toUpperCase().replace('-', '_'))), 0);
            if (name.equals("wgan-gp")) {
                INDArray ofA = tensor(golden, "share.a");
                INDArray ofB = tensor(golden, "share.b");
                step.draw((number, worker, count) -> new double[] {ofA.getDouble(number - 1), ofB.getDouble(number - 1)});
            }
            Map<String, INDArray> seen = new LinkedHashMap<>();
            step.beforeUpdate(network -> {
                if (step.step() == 1) {
                    light.names("grad." + network.key() + ".").forEach(key -> {
                        Parameter parameter = graph.tensors(network).parameter(key);
                        INDArray gradient = Nd4j.create(DataType.FLOAT, parameter.gradient().shape());
                        graph.compute(network).kernels().store(parameter.gradient(), gradient);
                        seen.put("grad." + network.key() + "." + key, gradient);
                    });
                }
            });
            SoftAssertions softly = new SoftAssertions();
            JsonNode losses = new ObjectMapper().readTree(golden.metadata().get("losses"));
            for (int s = 1; s <= losses.size(); s++) {
                step.fit(light.image("a", s), light.image("b", s));
                JsonNode expected = losses.get(s - 1);
                int number = s;
                step.losses().named().forEach((key, value) -> softly.assertThat(value).as("step " + number + " " + key).isCloseTo(
                        expected.get(key).doubleValue(), Offset.offset(LOSS_BOUND * Math.abs(expected.get(key).doubleValue()) + LOGIT_BOUND)));
            }
            assertThat(seen.keySet()).containsExactlyInAnyOrderElementsOf(
                    golden.tensors().keySet().stream().filter(key -> key.startsWith("grad.")).toList());
            for (Map.Entry<String, INDArray> gradient : seen.entrySet()) {
                INDArray expected = tensor(golden, gradient.getKey());
                double distance = gradient.getValue().sub(expected).norm2Number().doubleValue() / expected.norm2Number().doubleValue();
                softly.assertThat(distance).as(gradient.getKey()).isLessThan(GRADIENT_BOUND);
            }
            softly.assertAll();
        }
    }

    private static SafetensorsFile open(String loss) throws Exception {
        return SafetensorsFile.open(new Configuration(),
                new Path(AdversarialGoldenTest.class.getResource("/goldens/light-64-" + loss + ".safetensors").toURI()));
    }

    private static INDArray tensor(SafetensorsFile file, String key) throws IOException {
        INDArray tensor = Nd4j.create(DataType.FLOAT, file.tensors().get(key).shape());
        file.read(key, tensor);
        return tensor;
    }

    private static TrainingSchedule schedule(Golden light, AdversarialLoss loss) {
        TrainingSchedule authors = light.schedule();
        return new TrainingSchedule(new LossWeights(loss, 1, 10, 10, 1000), authors.learningRate(), authors.weightDecay());
    }
}
