package io.ugatit.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.translate.Direction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class Dl4jExportTest extends ExportFixture {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void plainDeeplearning4jOpensAllNetworksAndComputes(boolean light) throws Exception {
        NetworkOptions options = light ? LIGHT : FULL;
        UgatitGraph graph = train(options, 3);
        exportFile("dl4j");
        ComputationGraph opened = ModelSerializer.restoreComputationGraph(output().toFile());
        assertThat(opened.getClass()).isEqualTo(ComputationGraph.class);
        assertThat(opened.params()).isEqualTo(graph.params());
        INDArray a = images(2, options.size());
        INDArray b = images(2, options.size());
        assertThat(opened.output(a, b)).hasSize(6).containsExactly(graph.output(a, b));
    }

    @Test
    void aGraphOfOneGeneratorTranslates() throws Exception {
        UgatitGraph graph = train(LIGHT, 3);
        exportFile("dl4j", "--direction", "b2a");
        ComputationGraph opened = ComputationGraph.load(output().toFile(), false);
        INDArray images = images(2, LIGHT.size());
        INDArray[] translations = opened.output(images);
        assertThat(translations).hasSize(1);
        assertThat(translations[0]).isEqualTo(graph.output(images, images)[1]);
    }

    @Test
    void whatDeeplearning4jCouldNotOpenIsRefused() {
        NetworkOptions paper = new NetworkOptions(256, 64, 4, false, true, 7, 5);
        assertThatThrownBy(() -> Dl4jModel.of(paper, null)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--format dl4j: the parameters take 2.7 GB, DL4J opens at most 2 GiB: give --direction for one generator, or use --format"
                        + " safetensors");
        assertThat(Dl4jModel.of(paper, Direction.A2B)).as("1.1 GB").isNotNull();
    }
}
