package io.ugatit.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ugatit.golden.Golden;
import io.ugatit.model.Discriminator;
import io.ugatit.model.GeneratorPass;
import io.ugatit.model.Network;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.tensor.cuda.Precision;
import io.ugatit.tensor.cuda.StandInCudnn;
import io.ugatit.tensor.cuda.StandInDriver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The networks, their gradients and ten steps of training against PyTorch's reference, within the design's bounds. */
class GoldenTest {
    private static final double OUTPUT_BOUND = 1e-4;
    private static final double GRADIENT_BOUND = 1e-3;
    private static final double LOSS_BOUND = 1e-3;

    @ParameterizedTest
    @CsvSource({"light, fastest", "light, portable", "light, cuda", "full, fastest", "full, portable", "full, cuda"})
    void forwardPassesGiveTheReferencesOutputs(String name, String kernels) throws Exception {
        try (Golden golden = new Golden(name)) {
            UgatitGraph graph = graph(golden, kernels);
            for (Network network : List.of(Network.GEN_A2B, Network.GEN_B2A)) {
                String prefix = "forward." + network.key() + ".";
                Compute compute = graph.compute(network);
                GeneratorPass pass = graph.generator(network).forward(compute.write(golden.image(network == Network.GEN_A2B ? "a" : "b", 1)), false);
                assertClose(prefix + "image", compute.read(pass.image()), golden);
                assertClose(prefix + "cam", Nd4j.createFromArray(compute.kernels().read(pass.logits())), golden);
                assertClose(prefix + "heatmap", compute.read(pass.heatmap()), golden);
            }
            for (Network network : Network.values()) {
                if (network.kind() != Network.Kind.GENERATOR) {
                    String prefix = "forward." + network.key() + ".";
                    Compute compute = graph.compute(network);
                    Discriminator discriminator = graph.discriminator(network);
                    discriminator.iteratePower();
                    Discriminator.Pass pass = discriminator.forward(compute.write(golden.image(network.key().endsWith("A") ? "a" : "b", 1)));
                    assertClose(prefix + "logit", compute.read(pass.patches()), golden);
                    assertClose(prefix + "cam", Nd4j.createFromArray(compute.kernels().read(pass.logits())), golden);
                }
            }
        }
    }

    /**
     * On the kernels that this machine takes by itself, on ND4J's operations alone, or on those for GPUs with a CPU in a GPU's place,
     * without and with cuDNN.
     */
    private static UgatitGraph graph(Golden golden, String kernels) {
        UgatitGraph graph = golden.graph(DataType.FLOAT);
        if (kernels.equals("portable")) {
            graph.setCompute(KernelChoice.portable(DataType.FLOAT));
        }
        if (kernels.equals("cuda") || kernels.equals("cudnn")) {
            graph.setCompute(kernels.equals("cuda") ? StandInDriver.compute(Precision.FP32) : StandInCudnn.compute(Precision.FP32));
            graph.prepareTraining();
        }
        graph.load();
        return graph;
    }

    private static void assertClose(String key, INDArray actual, Golden golden) {
        INDArray expected = golden.tensor(key);
        double distance = actual.castTo(DataType.FLOAT).reshape(expected.shape()).sub(expected).normmaxNumber().doubleValue();
        assertThat(distance).as(key).isLessThan(OUTPUT_BOUND);
    }

    @ParameterizedTest
    @CsvSource({"light, fastest", "light, portable", "light, cuda", "light, cudnn", "full, fastest", "full, portable", "full, cuda",
        "full, cudnn"})
    void firstStepGradientsAreTheReferences(String name, String kernels) throws Exception {
        try (Golden golden = new Golden(name)) {
            UgatitGraph graph = graph(golden, kernels);
            Map<String, INDArray> seen = new LinkedHashMap<>();
            AlternatingStep step = new AlternatingStep(graph, golden.schedule(), 0);
            step.beforeUpdate(network -> golden.names("grad." + network.key() + ".").forEach(key -> {
                Parameter parameter = graph.tensors(network).parameter(key);
                INDArray gradient = Nd4j.create(DataType.FLOAT, parameter.gradient().shape());
                graph.compute(network).kernels().store(parameter.gradient(), gradient);
                seen.put(network.key() + "." + key, gradient);
            }));
            step.fit(golden.image("a", 1), golden.image("b", 1));
            assertThat(seen.keySet()).containsExactlyInAnyOrderElementsOf(golden.names("grad."));
            SoftAssertions softly = new SoftAssertions();
            seen.forEach((key, gradient) -> {
                INDArray expected = golden.tensor("grad." + key);
                double distance = gradient.sub(expected).norm2Number().doubleValue() / expected.norm2Number().doubleValue();
                softly.assertThat(distance).as(key).isLessThan(GRADIENT_BOUND);
            });
            softly.assertAll();
        }
    }

    @ParameterizedTest
    @CsvSource({"light, fastest", "light, portable", "light, cuda", "full, fastest", "full, portable", "full, cuda"})
    void tenStepsGiveTheReferencesLosses(String name, String kernels) throws Exception {
        try (Golden golden = new Golden(name)) {
            UgatitGraph graph = graph(golden, kernels);
            AlternatingStep step = new AlternatingStep(graph, golden.schedule(), 0);
            SoftAssertions softly = new SoftAssertions();
            for (int s = 1; s <= 10; s++) {
                step.fit(golden.image("a", s), golden.image("b", s));
                JsonNode expected = golden.losses().get(s - 1);
                int number = s;
                step.losses().named().forEach((key, value) -> softly.assertThat(value).as("step " + number + " " + key)
                        .isCloseTo(expected.get(key).doubleValue(), Offset.offset(LOSS_BOUND * Math.abs(expected.get(key).doubleValue()))));
            }
            softly.assertAll();
        }
    }
}
