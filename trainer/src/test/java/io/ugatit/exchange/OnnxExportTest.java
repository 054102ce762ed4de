package io.ugatit.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.ugatit.exchange.onnx.OnnxModel;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Program;
import io.ugatit.model.GeneratorPass;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.Pixels;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.Compute;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class OnnxExportTest extends ExportFixture {
    /** Of images in [-1, 1]; both sides are this far from exact arithmetic. A level is 2 / 255. */
    private static final float BOUND = 2e-5f;

    private static float[] floats(OrtSession.Result result, String output) throws OrtException {
        FloatBuffer buffer = ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
        float[] floats = new float[buffer.remaining()];
        buffer.get(floats);
        return floats;
    }

    private static void assertClose(float[] found, INDArray expected, double bound) {
        float[] values = Pixels.floats(expected);
        assertThat(found).hasSameSizeAs(values);
        for (int i = 0; i < values.length; i++) {
            assertThat(Math.abs(found[i] - values[i])).as("value %d: %s, expected %s", i, found[i], values[i]).isLessThanOrEqualTo((float) bound);
        }
    }

    private static int level(float value) {
        return Math.max(0, Math.min(255, Math.round((value + 1) * 127.5f)));
    }

    private static void assertSameLevels(float[] found, INDArray expected) {
        float[] values = Pixels.floats(expected);
        for (int i = 0; i < values.length; i++) {
            assertThat(Math.abs(level(found[i]) - level(values[i]))).as("level %d", i).isLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"light, a2b", "light, b2a", "full, a2b", "full, b2a"})
    void onnxRuntimeTranslatesAsThisProgramDoes(String kind, String direction) throws Exception {
        NetworkOptions options = kind.equals("light") ? LIGHT : FULL;
        UgatitGraph graph = train(options, 7);
        Network network = direction.equals("a2b") ? Network.GEN_A2B : Network.GEN_B2A;
        assertThat(exportFile("onnx", "--direction", direction).networks()).containsExactly(network);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(output().toString())) {
            Compute compute = graph.compute(network);
            for (int batch : new int[] {1, 3}) {
                INDArray images = images(batch, options.size());
                GeneratorPass pass = graph.generator(network).forward(compute.write(images), false);
                INDArray translation = compute.read(pass.image());
                INDArray heatmap = compute.read(pass.heatmap());
                try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(Pixels.floats(images)), images.shape());
                        OrtSession.Result result = session.run(Map.of("image", input))) {
                    assertSameLevels(floats(result, "translation"), translation);
                    assertClose(floats(result, "translation"), translation, BOUND);
                    assertClose(floats(result, "heatmap"), heatmap, BOUND * Math.max(1, heatmap.maxNumber().doubleValue()));
                }
            }
        }
    }

    private static TensorInfo info(Map<String, NodeInfo> nodes, String name) {
        return (TensorInfo) nodes.get(name).getInfo();
    }

    @Test
    void theModelSaysWhatItIs() throws Exception {
        train(LIGHT, 7);
        ExportResult result = exportFile("onnx");
        assertThat(result).isEqualTo(new ExportResult(7, List.of(Network.GEN_A2B), "file:" + output(), null));
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(output().toString())) {
            assertThat(session.getInputNames()).containsExactly("image");
            assertThat(session.getOutputNames()).containsExactly("translation", "heatmap");
            assertThat(info(session.getInputInfo(), "image").getShape()).containsExactly(-1, 3, 32, 32);
            assertThat(info(session.getInputInfo(), "image").getDimensionNames()).startsWith("batch");
            assertThat(info(session.getOutputInfo(), "translation").getShape()).containsExactly(-1, 3, 32, 32);
            assertThat(info(session.getOutputInfo(), "heatmap").getShape()).containsExactly(-1, 1, 8, 8);
            OnnxModelMetadata metadata = session.getMetadata();
            assertThat(metadata.getProducerName()).isEqualTo("ugatit-spark");
            assertThat(metadata.getVersion()).isEqualTo(7);
            assertThat(metadata.getDescription()).isEqualTo("U-GAT-IT generator (arXiv 1907.10830) from A to B, 32 px, step 7");
            assertThat(metadata.getCustomMetadata()).containsEntry("network", "genA2B").containsEntry("step", "7").containsEntry("range", "-1..1")
                    .containsEntry("network.ch", "4").containsEntry("training.images", IMAGES).doesNotContainKey("job.data");
        }
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(output()));
        assertThat(model.getProducerVersion()).isEqualTo(Program.build());
        assertThat(model.getIrVersion()).isEqualTo(8);
        assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(18);
        assertThat(model.getGraph().getNodeList()).as("each value is made once").extracting(node -> node.getOutput(0)).doesNotHaveDuplicates();
    }

    @Test
    void theWeightsAreThereUnderTheAuthorsKeys() throws Exception {
        UgatitGraph graph = train(FULL, 1);
        exportFile("onnx");
        Map<String, float[]> expected = new TreeMap<>();
        graph.namedParameters().forEach((name, value) -> {
            if (name.startsWith("genA2B.")) {
                expected.put(name.substring("genA2B.".length()), Pixels.floats(value));
            }
        });
        GraphProto proto = ModelProto.parseFrom(Files.readAllBytes(output())).getGraph();
        Map<String, float[]> found = new TreeMap<>();
        for (TensorProto tensor : proto.getInitializerList()) {
            if (!tensor.getRawData().isEmpty()) {
                float[] floats = new float[tensor.getRawData().size() / Float.BYTES];
                tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
                found.put(tensor.getName(), floats);
            }
        }
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((key, value) -> assertThat(found.get(key)).as(key).isEqualTo(value));
    }

    @Test
    void aModelLargerThanProtobufHoldsIsRefusedWithItsSize() {
        OnnxModel paper = OnnxModel.of(Network.GEN_A2B, new NetworkOptions(256, 64, 4, false, true, 7, 5), 1, Map.of());
        assertThat(paper.bytes()).as("the paper's fits").isBetween(4L * 278_959_808, 4L * 278_959_808 + 100_000);
        assertThatThrownBy(() -> OnnxModel.of(Network.GEN_B2A, new NetworkOptions(512, 64, 4, false, true, 7, 5), 1, Map.of()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("genB2A would take 4.3 GB as an ONNX model, which holds at most 2 GiB: use --format safetensors");
    }
}
