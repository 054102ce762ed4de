package io.ugatit.exchange.onnx;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;

/** Adds nodes and small constants to an ONNX graph. A value has the name of the node that makes it; each name is given once. */
final class GraphBuilder {
    private final GraphProto.Builder graph;
    private final Set<String> constants = new HashSet<>();

    GraphBuilder(String name, String description) {
        this.graph = GraphProto.newBuilder().setName(name).setDocString(description);
    }

    GraphProto build() {
        return graph.build();
    }

    /** Adds a node with one output and returns the output's name, which is the node's. */
    String node(String name, String operator, List<String> inputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder().setName(name).setOpType(operator).addAllInput(inputs).addOutput(name)
                .addAllAttribute(List.of(attributes)));
        return name;
    }

    /** A vector of whole numbers. */
    String integers(long... values) {
        String name = "int64" + Arrays.toString(values).replace(", ", "_");
        if (constants.add(name)) {
            graph.addInitializer(TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.INT64_VALUE)
                    .addDims(values.length).addAllInt64Data(LongStream.of(values).boxed().toList()));
        }
        return name;
    }

    /** One number, without dimensions. */
    String number(double value) {
        String name = "float(" + (float) value + ")";
        if (constants.add(name)) {
            graph.addInitializer(floats(name).addFloatData((float) value));
        }
        return name;
    }

    /** A vector. */
    String vector(float... values) {
        String name = "float" + Arrays.toString(values).replace(", ", "_");
        return constants.add(name) ? add(name, values) : name;
    }

    /** A vector of one number again and again. */
    String repeated(float value, int length) {
        String name = "float[" + value + "]x" + length;
        float[] values = new float[length];
        Arrays.fill(values, value);
        return constants.add(name) ? add(name, values) : name;
    }

    private String add(String name, float[] values) {
        TensorProto.Builder tensor = floats(name).addDims(values.length);
        for (float value : values) {
            tensor.addFloatData(value);
        }
        graph.addInitializer(tensor);
        return name;
    }

    private static TensorProto.Builder floats(String name) {
        return TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
    }

    /** An input (batch, channels, side, side) of floats. */
    void input(String name, String description, int channels, int side) {
        graph.addInput(images(name, description, channels, side));
    }

    /** An output (batch, channels, side, side) of floats, which a node of this name makes. */
    void output(String name, String description, int channels, int side) {
        graph.addOutput(images(name, description, channels, side));
    }

    private static ValueInfoProto images(String name, String description, int channels, int side) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder().addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
        for (int dimension : new int[] {channels, side, side}) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dimension));
        }
        return ValueInfoProto.newBuilder().setName(name).setDocString(description).setType(TypeProto.newBuilder().setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE).setShape(shape))).build();
    }

    static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
    }

    static AttributeProto attribute(String name, long... values) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS).addAllInts(LongStream.of(values).boxed().toList()).build();
    }

    static AttributeProto attribute(String name, float value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.FLOAT).setF(value).build();
    }

    static AttributeProto attribute(String name, String value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(value)).build();
    }
}
