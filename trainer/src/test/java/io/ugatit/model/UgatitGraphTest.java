package io.ugatit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.host.HostTensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.common.util.SerializationUtils;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class UgatitGraphTest {
    private static final NetworkOptions OPTIONS = new NetworkOptions(16, 2, 1, true, false, 4, 3);

    private static UgatitGraph graph() {
        return UgatitGraph.create(OPTIONS, 5);
    }

    private static UgatitGraph prepared() {
        UgatitGraph graph = graph();
        graph.prepareTraining();
        return graph;
    }

    private static INDArray images() {
        return Nd4j.rand(DataType.FLOAT, 1, 3, 16, 16).muli(2).subi(1);
    }

    @Test
    void theSummaryNamesTheSixNetworksAndTheirParameters() {
        UgatitGraph graph = graph();
        String summary = graph.summary();
        assertThat(summary).contains(Network.keys());
        assertThat(summary).containsPattern("Total Parameters:\\s+" + String.format("%,d", graph.numParams()).replace(",", "[,.]?"));
    }

    @Test
    void theConfigurationComesBackFromJson() {
        ComputationGraphConfiguration configuration = UgatitGraph.configuration(new NetworkOptions(64, 3, 2, false, true, 6, 4), 77, DataType.DOUBLE);
        ComputationGraphConfiguration restored = ComputationGraphConfiguration.fromJson(configuration.toJson());
        assertThat(restored).isEqualTo(configuration);
        UgatitGraph graph = new UgatitGraph(ComputationGraphConfiguration.fromJson(
                UgatitGraph.configuration(OPTIONS, 5, DataType.FLOAT).toJson()));
        graph.init();
        assertThat(graph.options()).isEqualTo(OPTIONS);
        assertThat(graph.params()).as("the seed is in it").isEqualTo(graph().params());
    }

    @Test
    void deeplearning4jWritesAndRestoresItWithItsMoments(@TempDir Path folder) throws Exception {
        UgatitGraph graph = prepared();
        graph.getUpdater().getStateViewArray().assign(Nd4j.rand(DataType.FLOAT, graph.getUpdater().getStateViewArray().shape()));
        Path file = folder.resolve("model.zip");
        ModelSerializer.writeModel(graph, file.toFile(), true);
        ComputationGraph restored = ModelSerializer.restoreComputationGraph(file.toFile(), true);
        assertThat(restored.params()).isEqualTo(graph.params());
        assertThat(restored.getUpdater().getStateViewArray()).isEqualTo(graph.getUpdater().getStateViewArray());
        assertThat(restored.getConfiguration()).isEqualTo(graph.getConfiguration());
        INDArray a = images();
        INDArray b = images();
        assertThat(restored.output(a, b)).containsExactly(graph.output(a, b));
    }

    @Test
    void javaSerializationKeepsWhatItComputes() {
        UgatitGraph graph = prepared();
        graph.getUpdater().getStateViewArray().assign(2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SerializationUtils.writeObject(graph, bytes);
        UgatitGraph restored = SerializationUtils.readObject(new ByteArrayInputStream(bytes.toByteArray()));
        INDArray a = images();
        assertThat(translate(restored, Network.GEN_A2B, a))
                .isEqualTo(translate(graph, Network.GEN_A2B, a));
        restored.prepareTraining();
        assertThat(restored.trainable(Network.DIS_LOCAL_B).secondMoments().minNumber().doubleValue()).isEqualTo(2);
    }

    private static INDArray translate(UgatitGraph graph, Network network, INDArray images) {
        return graph.compute(network).read(graph.generator(network).forward(new HostTensor(images), false).image());
    }

    private static INDArray judge(UgatitGraph graph, Network network, INDArray images) {
        return graph.compute(network).read(graph.discriminator(network).forward(new HostTensor(images)).patches());
    }

    @Test
    void outputGivesTheTranslationsAndWhatTheDiscriminatorsSayOfThem() {
        UgatitGraph graph = graph();
        INDArray a = images();
        INDArray b = images();
        for (int time = 0; time < 2; time++) {
            INDArray[] outputs = graph.output(a, b);
            assertThat(outputs).hasSize(6);
            INDArray toB = translate(graph, Network.GEN_A2B, a);
            INDArray toA = translate(graph, Network.GEN_B2A, b);
            assertThat(outputs[0]).isEqualTo(toB);
            assertThat(outputs[1]).isEqualTo(toA);
            assertThat(outputs[2]).isEqualTo(judge(graph, Network.DIS_GLOBAL_A, toA));
            assertThat(outputs[3]).isEqualTo(judge(graph, Network.DIS_GLOBAL_B, toB));
            assertThat(outputs[4]).isEqualTo(judge(graph, Network.DIS_LOCAL_A, toA));
            assertThat(outputs[5]).isEqualTo(judge(graph, Network.DIS_LOCAL_B, toB));
        }
    }

    @Test
    void laterOutputsLeaveEarlierOnesAlone() {
        UgatitGraph graph = graph();
        INDArray[] first = graph.output(images(), images());
        List<INDArray> copies = new ArrayList<>();
        for (INDArray output : first) {
            copies.add(output.dup());
        }
        graph.output(images(), images());
        assertThat(first).containsExactlyElementsOf(copies);
    }

    @Test
    void fitMakesTheStepItWasGivenAndKeepsItsScore() {
        UgatitGraph graph = prepared();
        INDArray a = images();
        INDArray b = images();
        assertThatThrownBy(() -> graph.fit(new MultiDataSet(new INDArray[] {a, b}, new INDArray[0])))
                .isInstanceOf(IllegalStateException.class).hasMessage("this graph has no training step: set one before fit");
        List<INDArray> seen = new ArrayList<>();
        graph.setTrainingStep((imagesA, imagesB) -> {
            seen.add(imagesA);
            seen.add(imagesB);
            return 4.25;
        });
        graph.fit(new MultiDataSet(new INDArray[] {a, b}, new INDArray[0]));
        assertThat(seen).containsExactly(a, b);
        assertThat(graph.score()).isEqualTo(4.25);
    }

    @Test
    void namedParametersAreViewsOfTheFlatVector() {
        UgatitGraph graph = graph();
        Map<String, INDArray> named = graph.namedParameters();
        long sum = 0;
        int number = 0;
        for (INDArray view : named.values()) {
            view.assign(++number);
            sum += view.length() * number;
        }
        assertThat(graph.numParams()).isEqualTo(named.values().stream().mapToLong(INDArray::length).sum());
        assertThat(graph.params().castTo(DataType.DOUBLE).sumNumber().doubleValue()).isEqualTo(sum);
        assertThat(named).containsKeys("genA2B.DownBlock.1.weight", "disLB.conv.weight_u");
    }

    @Test
    void namedMomentsAreViewsOfTheUpdatersState() {
        UgatitGraph graph = prepared();
        Map<String, INDArray> named = graph.namedMoments();
        INDArray state = graph.getUpdater().getStateViewArray();
        assertThat(state.length()).isEqualTo(named.values().stream().mapToLong(INDArray::length).sum());
        assertThat(state.normmaxNumber().doubleValue()).as("moments at first").isZero();
        named.values().forEach(view -> view.addi(1));
        assertThat(state.reshape(state.length()).toFloatVector()).as("every element is of one view").containsOnly(1);
        named.forEach((name, view) -> {
            String parameter = name.replaceFirst("^exp_avg(_sq)?\\.", "");
            assertThat(view.shape()).as(name).isEqualTo(graph.namedParameters().get(parameter).shape());
        });
        assertThat(named).doesNotContainKey("exp_avg.disLB.conv.weight_u");
    }

    @Test
    void rangesAndNamesMeanTheSameElements() {
        UgatitGraph graph = prepared();
        TrainableRange range = graph.trainable(Network.DIS_GLOBAL_B);
        String key = "disGB.model.1.weight_orig";
        graph.namedParameters().get(key).assign(2);
        graph.namedMoments().get("exp_avg." + key).assign(3);
        graph.namedMoments().get("exp_avg_sq." + key).assign(4);
        HostTensor.array(graph.tensors(Network.DIS_GLOBAL_B).parameter("model.1.weight_orig").gradient()).assign(5);
        long length = graph.namedParameters().get(key).length();
        assertThat(new double[] {range.parameters().getDouble(length - 1), range.firstMoments().getDouble(length - 1),
            range.secondMoments().getDouble(length - 1), range.gradients().getDouble(length - 1)}).containsExactly(2, 3, 4, 5);
    }

    @Test
    void theTrainedRangesAreDisjointAndLeaveOutThePowerVectorsOnly() {
        UgatitGraph graph = prepared();
        graph.params().assign(0);
        for (Network network : Network.values()) {
            TrainableRange range = graph.trainable(network);
            range.parameters().addi(1);
            range.gradients().addi(1);
            range.firstMoments().addi(1);
            range.secondMoments().addi(1);
        }
        graph.namedParameters().forEach((name, value) -> assertThat(value.reshape(value.length()).toFloatVector()).as(name)
                .containsOnly(NetworkLayer.trainable(name) ? 1 : 0));
        INDArray gradients = graph.getFlattenedGradients();
        assertThat(gradients.length()).isEqualTo(graph.numParams());
        assertThat(gradients.reshape(gradients.length())).isEqualTo(graph.params().reshape(gradients.length()));
        INDArray state = graph.getUpdater().getStateViewArray();
        assertThat(state.reshape(state.length()).toFloatVector()).containsOnly(1);
    }

    @Test
    void trainingMustBePreparedFirstAndOnlyOnce() {
        UgatitGraph graph = graph();
        assertThatThrownBy(() -> graph.trainable(Network.GEN_A2B)).isInstanceOf(IllegalStateException.class)
                .hasMessage("this graph is not prepared for training");
        translate(graph, Network.GEN_A2B, images());
        graph.prepareTraining();
        graph.getUpdater().getStateViewArray().assign(1);
        graph.prepareTraining();
        assertThat(graph.trainable(Network.GEN_A2B).firstMoments().minNumber().doubleValue()).isEqualTo(1);
        Generator generator = graph.generator(Network.GEN_A2B);
        GeneratorPass pass = generator.forward(new HostTensor(images()), true);
        generator.backward(pass, graph.compute().write(Nd4j.ones(1, 3, 16, 16)), graph.compute().kernels().values(2), false);
        assertThat(graph.trainable(Network.GEN_A2B).gradients().normmaxNumber().doubleValue()).isPositive();
    }

    @Test
    void projectClipsRhoAndNormalizesThePowerVectors() {
        UgatitGraph graph = graph();
        INDArray rho = HostTensor.array(graph.tensors(Network.GEN_B2A).parameter("UpBlock1_1.norm2.rho").value());
        rho.assign(0.4);
        rho.putScalar(0, -0.5);
        rho.putScalar(1, 1.5);
        INDArray u = HostTensor.array(graph.tensors(Network.DIS_LOCAL_A).parameter("model.1.weight_u").value());
        u.assign(3);
        INDArray before = HostTensor.array(graph.tensors(Network.GEN_B2A).parameter("UpBlock2.11.weight").value()).dup();
        graph.project();
        assertThat(rho.reshape(8).toDoubleVector()).containsExactly(0, 1, 0.4f, 0.4f, 0.4f, 0.4f, 0.4f, 0.4f);
        assertThat(u.norm2Number().doubleValue()).isCloseTo(1, within(1e-6));
        assertThat(HostTensor.array(graph.tensors(Network.GEN_B2A).parameter("UpBlock2.11.weight").value())).isEqualTo(before);
    }

    /** Kernels that are good for nothing and fail to be closed, and a pool that says when it is. */
    private static Compute unclosable(String name, List<String> closedPools, Supplier<Compute> sibling) {
        Kernels kernels = (Kernels) Proxy.newProxyInstance(Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class},
                (self, method, given) -> {
                    throw new IllegalStateException(name);
                });
        BufferPool pool = (BufferPool) Proxy.newProxyInstance(BufferPool.class.getClassLoader(), new Class<?>[] {BufferPool.class},
                (self, method, given) -> {
                    assertThat(method.getName()).isEqualTo("close");
                    closedPools.add(name);
                    return null;
                });
        return new Compute(kernels, pool, sibling);
    }

    @Test
    void bothThatItComputesWithAreClosedAlsoIfTheFirstCannotBe() {
        UgatitGraph graph = graph();
        List<String> closedPools = new ArrayList<>();
        graph.setCompute(unclosable("first", closedPools, () -> unclosable("sibling", closedPools, null)));
        assertThatThrownBy(graph::closeCompute).isInstanceOf(IllegalStateException.class).hasMessage("first").satisfies(failure ->
                assertThat(failure.getSuppressed()).singleElement().extracting(Throwable::getMessage).isEqualTo("sibling"));
        assertThat(closedPools).containsExactly("first", "sibling");
        graph.closeCompute(); // of nothing
        assertThat(graph.output(images(), images())).as("made anew").hasSize(6);
    }

    @Test
    void deeplearning4jsOwnTrainingIsRefused() {
        UgatitGraph graph = graph();
        assertThatThrownBy(() -> graph.getLayer("genA2B").backpropGradient(null, null)).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("UgatitGraph.fit");
    }
}
