package io.ugatit.exchange.onnx;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Program;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.CodedOutputStream;
import org.nd4j.shade.protobuf.WireFormat;

/**
 * A generator as an ONNX model: input {@code image} (batch,3,S,S) in [-1, 1], outputs {@code translation} (batch,3,S,S) in [-1, 1] and
 * {@code heatmap} (batch,1,S/4,S/4), not negative; batch is free. The weights are in the file under the authors' keys. They are streamed:
 * the model takes the memory of its nodes.
 */
public final class OnnxModel {
    private static final int IR_VERSION = 8;
    private final String network;
    private final ModelProto head;
    private final GraphProto graph;
    private final List<Weight> weights = new ArrayList<>();

    /**
     * A tensor whose data are streamed.
     *
     * @param name {@code NET.KEY}
     * @param proto all but the data
     * @param dataBytes their length
     */
    private record Weight(String name, TensorProto proto, long dataBytes) {
        long bytes() {
            return proto.getSerializedSize() + CodedOutputStream.computeTagSize(TensorProto.RAW_DATA_FIELD_NUMBER) + varint(dataBytes) + dataBytes;
        }
    }

    private OnnxModel(String network, ModelProto head, GraphProto graph) {
        this.network = network;
        this.head = head;
        this.graph = graph;
    }

    /**
     * A model without its weights.
     *
     * @param generator one of the two generators
     * @param step of its checkpoint; the model's version
     * @param metadata free-form strings for the model
     * @throws InvalidRequestException if the model would be larger than the 2 GiB that protobuf holds
     */
    public static OnnxModel of(Network generator, NetworkOptions options, long step, Map<String, String> metadata) {
        OnnxModel model = ofAnySize(generator, options, step, metadata);
        if (!model.fits()) {
            throw new InvalidRequestException(String.format(Locale.ROOT, "%s would take %.1f GB as an ONNX model, which holds at"
                    + " most 2 GiB: use --format safetensors", model.network, model.bytes() / 1e9));
        }
        return model;
    }

    /** As {@link #of}; empty if the model would be larger than protobuf holds. */
    public static Optional<OnnxModel> ifItFits(Network generator, NetworkOptions options, long step, Map<String, String> metadata) {
        return Optional.of(ofAnySize(generator, options, step, metadata)).filter(OnnxModel::fits);
    }

    private static OnnxModel ofAnySize(Network generator, NetworkOptions options, long step, Map<String, String> metadata) {
        String direction = generator == Network.GEN_A2B ? "from A to B" : "from B to A";
        String description = "U-GAT-IT generator (arXiv 1907.10830) " + direction + ", " + options.size() + " px, step " + step;
        ModelProto.Builder head = ModelProto.newBuilder().setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(GeneratorGraph.OPSET))
                .setProducerName("ugatit-spark").setProducerVersion(Program.build()).setDomain("io.ugatit").setModelVersion(step)
                .setDocString(description);
        metadata.forEach((key, value) -> head.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        head.addMetadataProps(StringStringEntryProto.newBuilder().setKey("network").setValue(generator.key()));
        head.addMetadataProps(StringStringEntryProto.newBuilder().setKey("range").setValue("-1..1"));
        OnnxModel model = new OnnxModel(generator.key(), head.build(), GeneratorGraph.of(options, generator.key(), description));
        generator.parameterShapes(options).forEach(model::addWeight);
        return model;
    }

    private void addWeight(String name, long[] shape) {
        String key = name.substring(network.length() + 1);
        TensorProto proto = TensorProto.newBuilder().setName(key).setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addAllDims(LongStream.of(shape).boxed().toList()).build();
        weights.add(new Weight(name, proto, LongStream.of(shape).reduce(Float.BYTES, Math::multiplyExact)));
    }

    private boolean fits() {
        return bytes() <= Integer.MAX_VALUE;
    }

    /** The length of the file in bytes. */
    public long bytes() {
        return head.getSerializedSize() + CodedOutputStream.computeTagSize(ModelProto.GRAPH_FIELD_NUMBER) + varint(graphBytes()) + graphBytes();
    }

    private long graphBytes() {
        long bytes = graph.getSerializedSize();
        for (Weight weight : weights) {
            bytes += CodedOutputStream.computeTagSize(GraphProto.INITIALIZER_FIELD_NUMBER) + varint(weight.bytes()) + weight.bytes();
        }
        return bytes;
    }

    private static int varint(long value) {
        return CodedOutputStream.computeUInt64SizeNoTag(value);
    }

    /**
     * Streams the file; the stream is not closed.
     *
     * @param source of the weights
     * @throws IOException if a file system fails
     */
    public void write(OutputStream out, TensorSource source) throws IOException {
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        head.writeTo(coded);
        begin(coded, ModelProto.GRAPH_FIELD_NUMBER, graphBytes());
        graph.writeTo(coded);
        for (Weight weight : weights) {
            begin(coded, GraphProto.INITIALIZER_FIELD_NUMBER, weight.bytes());
            weight.proto().writeTo(coded);
            begin(coded, TensorProto.RAW_DATA_FIELD_NUMBER, weight.dataBytes());
            coded.flush();
            source.writeTo(weight.name(), out);
        }
        coded.flush();
    }

    /** What stands before a field of so many bytes. */
    private static void begin(CodedOutputStream coded, int field, long bytes) throws IOException {
        coded.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        coded.writeUInt64NoTag(bytes);
    }
}
