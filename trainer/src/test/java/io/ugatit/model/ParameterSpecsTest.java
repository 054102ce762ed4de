package io.ugatit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.golden.Golden;
import io.ugatit.tensor.host.HostTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class ParameterSpecsTest {
    private static final NetworkOptions SMALL = new NetworkOptions(16, 4, 2, true, false, 4, 3);

    private static long count(NetworkOptions options, Predicate<Network> networks) {
        return Stream.of(Network.values()).filter(networks).flatMap(network -> ParameterSpecs.of(network, options).stream())
                .filter(ParameterSpec::trainable).mapToLong(ParameterSpec::length).sum();
    }

    @ParameterizedTest(name = "full {0}")
    @CsvSource({"true,278959808,670761088", "false,10589888,134021248"})
    void theAuthorsSizesHaveTheAuthorsNumbersOfTrainedParameters(boolean full, long generator, long all) {
        NetworkOptions options = new NetworkOptions(256, 64, 4, !full, full, 7, 5);
        assertThat(count(options, network -> network == Network.GEN_A2B)).isEqualTo(generator);
        assertThat(count(options, network -> network == Network.GEN_B2A)).isEqualTo(generator);
        assertThat(count(options, network -> network == Network.DIS_GLOBAL_A)).isEqualTo(53_130_176);
        assertThat(count(options, network -> network == Network.DIS_LOCAL_B)).isEqualTo(3_290_560);
        assertThat(count(options, network -> true)).isEqualTo(all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "full"})
    void namesAndShapesAreTheAuthors(String name) throws Exception {
        try (Golden golden = new Golden(name)) {
            Map<String, String> shapes = new LinkedHashMap<>();
            for (Network network : Network.values()) {
                ParameterSpecs.of(network, golden.options())
                        .forEach(spec -> shapes.put(network.key() + "." + spec.key(), Arrays.toString(spec.shape())));
            }
            Map<String, String> expected = new LinkedHashMap<>();
            golden.names("param.").forEach(key -> expected.put(key, Arrays.toString(golden.tensor("param." + key).shape())));
            assertThat(shapes).containsExactlyInAnyOrderEntriesOf(expected);
        }
    }

    @Test
    void whatIsNotTrainedComesLast() {
        for (Network network : Network.values()) {
            List<Boolean> trainable = ParameterSpecs.of(network, SMALL).stream().map(ParameterSpec::trainable).toList();
            assertThat(trainable).isSortedAccordingTo(java.util.Comparator.reverseOrder());
            ParameterSpecs.of(network, SMALL).forEach(spec -> assertThat(NetworkLayer.trainable(spec.key())).isEqualTo(spec.trainable()));
        }
    }

    @Test
    void initialValuesArePyTorchs() {
        UgatitGraph graph = UgatitGraph.create(SMALL, 3, DataType.FLOAT);
        assertUniform(HostTensor.array(graph.tensors(Network.GEN_A2B).parameter("DownBlock.1.weight").value()), 3 * 49);
        assertUniform(HostTensor.array(graph.tensors(Network.GEN_A2B).parameter("DownBlock.12.conv_block.5.weight").value()), 16 * 9);
        assertUniform(HostTensor.array(graph.tensors(Network.GEN_B2A).parameter("FC.0.weight").value()), 16);
        assertUniform(HostTensor.array(graph.tensors(Network.GEN_B2A).parameter("conv1x1.bias").value()), 32);
        assertUniform(HostTensor.array(graph.tensors(Network.DIS_GLOBAL_A).parameter("model.4.weight_orig").value()), 4 * 16);
        assertUniform(HostTensor.array(graph.tensors(Network.DIS_GLOBAL_A).parameter("model.4.bias").value()), 4 * 16);
        assertThat(HostTensor.array(graph.tensors(Network.GEN_A2B).parameter("UpBlock1_2.norm1.rho").value()).reshape(16).toFloatVector()).containsOnly(0.9f);
        assertThat(HostTensor.array(graph.tensors(Network.GEN_A2B).parameter("UpBlock2.3.rho").value()).reshape(8).toFloatVector()).containsOnly(0);
        assertThat(HostTensor.array(graph.tensors(Network.GEN_A2B).parameter("UpBlock2.8.gamma").value()).reshape(4).toFloatVector()).containsOnly(1);
        assertThat(HostTensor.array(graph.tensors(Network.GEN_A2B).parameter("UpBlock2.8.beta").value()).reshape(4).toFloatVector()).containsOnly(0);
        graph.namedParameters().forEach((name, value) -> {
            if (!NetworkLayer.trainable(name)) {
                assertThat(value.norm2Number().doubleValue()).as(name).isCloseTo(1, within(1e-6));
            }
        });
    }

    private static void assertUniform(INDArray values, long fanIn) {
        double bound = 1 / Math.sqrt(fanIn);
        assertThat(values.maxNumber().doubleValue()).isBetween(0.5 * bound, bound * (1 + 1e-7));
        assertThat(values.minNumber().doubleValue()).isBetween(-bound * (1 + 1e-7), -0.5 * bound);
        double deviation = bound / Math.sqrt(3 * values.length());
        assertThat(values.meanNumber().doubleValue()).isBetween(-4 * deviation, 4 * deviation);
    }

    @Test
    void theSeedDecidesEveryBit() {
        INDArray first = UgatitGraph.create(SMALL, 3).params();
        assertThat(UgatitGraph.create(SMALL, 3).params()).isEqualTo(first);
        assertThat(UgatitGraph.create(SMALL, 4).params()).isNotEqualTo(first);
    }

    @Test
    void noTwoNetworksStartAlike() {
        UgatitGraph graph = UgatitGraph.create(SMALL, 3);
        String generators = "DownBlock.1.weight";
        String discriminators = "model.1.weight_orig";
        assertThat(HostTensor.array(graph.tensors(Network.GEN_A2B).parameter(generators).value())).isNotEqualTo(HostTensor.array(graph.tensors(Network.GEN_B2A).parameter(generators).value()));
        assertThat(Stream.of(Network.DIS_GLOBAL_A, Network.DIS_GLOBAL_B, Network.DIS_LOCAL_A, Network.DIS_LOCAL_B)
                .map(network -> HostTensor.array(graph.tensors(network).parameter(discriminators).value())).distinct()).hasSize(4);
    }

    @Test
    void anUnknownParameterIsNamed() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> UgatitGraph.create(SMALL, 3).tensors(Network.DIS_LOCAL_A).parameter("model.99.bias"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("no parameter model.99.bias in this network: it has [model.1.weight_orig, model.1.bias,");
    }
}
