package io.ugatit.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.job.InvalidRequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SafetensorsTest {
    @TempDir
    private Path folder;

    @Test
    void viewsIntoAFlatVectorScalarsAndEmptyTensorsComeBackEqual() throws IOException {
        INDArray flat = numbers(1_000_000);
        Map<String, INDArray> written = new LinkedHashMap<>();
        written.put("z.first", interval(flat, 100, 124).reshape('c', 2, 3, 4));
        written.put("a.second", interval(flat, 700_001, 700_002).reshape('c', 1, 1));
        written.put("scalar", Nd4j.scalar(2.5f));
        written.put("none", Nd4j.create(DataType.FLOAT, 0, 3));
        written.put("inner", interval(flat, 100, 124).reshape('c', 2, 3, 4).get(NDArrayIndex.point(1)));

        Path file = write(written, Map.of("note", "läßt \"sich\"\n lesen"));

        try (SafetensorsFile in = open(file)) {
            assertThat(in.metadata()).containsExactly(Map.entry("note", "läßt \"sich\"\n lesen"));
            assertThat(in.tensors().keySet()).containsExactly("z.first", "a.second", "scalar", "none", "inner");
            assertThat(in.tensors().get("z.first")).isEqualTo(new TensorInfo("z.first", DType.F32, new long[] {2, 3, 4}));
            INDArray target = Nd4j.zeros(DataType.FLOAT, 1, 60);
            INDArray view = interval(target, 30, 54).reshape('c', 2, 3, 4);
            in.read("z.first", view);
            assertThat(view).isEqualTo(written.get("z.first"));
            assertThat(target.toFloatVector()).startsWith(new float[30]).endsWith(new float[6]).contains(100f, 123f);
            INDArray scalar = Nd4j.scalar(0f);
            in.read("scalar", scalar);
            assertThat(scalar.getFloat(0)).isEqualTo(2.5f);
            in.read("none", Nd4j.create(DataType.FLOAT, 0, 3));
            INDArray inner = Nd4j.zeros(DataType.FLOAT, 3, 4);
            in.read("inner", inner);
            assertThat(inner.reshape(12).toFloatVector()).containsExactly(112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123);
        }
    }

    @Test
    void tensorsOfSeveralChunksComeBackBitByBit() throws IOException {
        INDArray flat = Nd4j.rand(DataType.FLOAT, 1, 3 * (1 << 18) + 50);
        INDArray view = interval(flat, 7, 7 + 2 * (1 << 18) + 1);

        Path file = write(Map.of("long", view), Map.of());

        INDArray read = Nd4j.zeros(DataType.FLOAT, 2 * (1 << 18) + 1);
        try (SafetensorsFile in = open(file)) {
            in.read("long", read);
        }
        assertThat(read.toFloatVector()).isEqualTo(view.toFloatVector());
    }

    @Test
    void dataIsAlignedToEightBytes() throws IOException {
        for (int nameLength = 1; nameLength <= 8; nameLength++) {
            byte[] file = Files.readAllBytes(write(Map.of("x".repeat(nameLength), Nd4j.scalar(1f)), Map.of()));
            assertThat(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8).isZero();
        }
    }

    @Test
    void aFileWithoutTensorsIsAFile() throws IOException {
        try (SafetensorsFile in = open(write(Map.of(), Map.of()))) {
            assertThat(in.tensors()).isEmpty();
            assertThat(in.metadata()).isEmpty();
        }
    }

    @Test
    void anArrayThatIsNotContiguousIsRefusedBeforeAByteIsWritten() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        tensors.put("good", Nd4j.scalar(1f));
        tensors.put("bad", numbers(6).reshape('c', 2, 3).transpose());

        assertThatThrownBy(() -> SafetensorsWriter.write(out, tensors, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bad: the array's elements must lie one after the other in 'c' order");
        assertThatThrownBy(() -> SafetensorsWriter.write(out, Map.of("double", Nd4j.scalar(1d)), Map.of()))
                .hasMessage("double: the array must be of type FLOAT, but is DOUBLE");
        assertThat(out.size()).isZero();
    }

    @Test
    void aFileOfPythonReadsAsNumpyReadsIt() throws IOException {
        try (SafetensorsFile in = open(golden())) {
            assertThat(in.tensors()).hasSize(280);
            assertThat(in.metadata().get("config")).startsWith("{\"size\": 64, \"ch\": 4, \"n_res\": 1, \"light\": true");
            INDArray bias = Nd4j.zeros(DataType.FLOAT, 16);
            in.read("param.genB2A.conv1x1.bias", bias);
            assertThat(bias.getFloat(0)).isEqualTo(-0.020287111401557922f);
            assertThat(bias.getFloat(2)).isEqualTo(-0.1253298670053482f);
            INDArray gamma = Nd4j.zeros(DataType.FLOAT, 16, 16);
            in.read("param.genB2A.gamma.weight", gamma);
            assertThat(gamma.getFloat(0, 1)).isEqualTo(0.006113380193710327f);
            assertThat(gamma.castTo(DataType.DOUBLE).sumNumber().doubleValue()).isEqualTo(-1.0145055651664734, within(1e-12));
        }
    }

    @Test
    void aFileOfPythonIsWrittenBackWithTheSameData() throws IOException {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        try (SafetensorsFile in = open(golden())) {
            for (TensorInfo tensor : in.tensors().values()) {
                tensors.put(tensor.name(), Nd4j.zeros(DataType.FLOAT, tensor.shape()));
            }
            in.readInto(tensors);

            Path copy = write(tensors, in.metadata());

            byte[] expected = Files.readAllBytes(golden());
            byte[] actual = Files.readAllBytes(copy);
            assertThat(data(actual)).isEqualTo(data(expected));
            try (SafetensorsFile again = open(copy)) {
                assertThat(again.tensors()).isEqualTo(in.tensors());
                assertThat(again.metadata()).isEqualTo(in.metadata());
            }
        }
    }

    @Test
    void halfAndDoublePrecisionBecomeFloats() throws IOException {
        short[] half = {0x0000, (short) 0x8000, 0x3c00, (short) 0xc100, 0x7bff, 0x0001, (short) 0x83ff, 0x7c00, (short) 0xfc00, 0x7e00, 0x3554};
        short[] brain = {0x3f80, (short) 0xc049};
        ByteBuffer data = ByteBuffer.allocate(22 + 4 + 16).order(ByteOrder.LITTLE_ENDIAN);
        data.asShortBuffer().put(half).put(brain);
        data.putDouble(26, 1e-3).putDouble(34, -1e300);
        Path file = raw("{\"h\":{\"dtype\":\"F16\",\"shape\":[11],\"data_offsets\":[0,22]},"
                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[22,26]},"
                + "\"d\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[26,42]}}", data.array());

        try (SafetensorsFile in = open(file)) {
            // numpy's values of the same bits
            assertThat(read(in, "h", 11)).containsExactly(0f, -0f, 1f, -2.5f, 65504f, 5.960464477539063e-08f, -6.097555160522461e-05f,
                    Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 0.3330078125f);
            assertThat(read(in, "b", 2)).containsExactly(1f, -3.140625f);
            assertThat(read(in, "d", 2)).containsExactly(1e-3f, Float.NEGATIVE_INFINITY);
        }
    }

    @Test
    void aTensorBeyondTwoGibibytesIsReadFromItsPlace() throws IOException {
        long big = 3L << 30;
        byte[] header = ("{\"big\":{\"dtype\":\"F32\",\"shape\":[" + big / 4 + "],\"data_offsets\":[0," + big + "]},"
                + "\"tail\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + big + "," + (big + 8) + "]}}").getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("sparse.safetensors");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.writeLong(Long.reverseBytes(header.length));
            sparse.write(header);
            sparse.seek(8 + header.length + big);
            sparse.writeInt(Integer.reverseBytes(Float.floatToIntBits(1.5f)));
            sparse.writeInt(Integer.reverseBytes(Float.floatToIntBits(-7f)));
        }
        try (SafetensorsFile in = open(file)) {
            assertThat(in.tensors().get("big").bytes()).isEqualTo(4 * 805_306_368L);
            assertThat(read(in, "tail", 2)).containsExactly(1.5f, -7f);
        }
    }

    @Test
    @Tag("slow")
    void aViewBeyondTwoGibibytesOfAFlatVectorIsWrittenAndFilledInItsPlace() throws IOException {
        INDArray flat = Nd4j.createUninitialized(DataType.FLOAT, 540_000_000);
        INDArray view = interval(flat, 539_999_990, 539_999_996).reshape('c', 2, 3);
        view.assign(numbers(6).reshape('c', 2, 3));
        try (SafetensorsFile in = open(write(Map.of("far", view), Map.of()))) {
            assertThat(read(in, "far", 2, 3)).containsExactly(0, 1, 2, 3, 4, 5);
            view.assign(0);
            in.read("far", view);
            assertThat(flat.getFloat(539_999_995)).isEqualTo(5f);
        }
        flat.close();
    }

    @Test
    void whatDoesNotFitTheModelIsNamedAndNothingIsChanged() throws IOException {
        Map<String, INDArray> written = new LinkedHashMap<>();
        written.put("conv.weight", numbers(6).reshape('c', 2, 3));
        written.put("conv.bias", numbers(2));
        Path file = write(written, Map.of());
        INDArray weight = Nd4j.zeros(DataType.FLOAT, 2, 3);

        try (SafetensorsFile in = open(file)) {
            assertThatThrownBy(() -> in.readInto(Map.of("conv.weight", weight, "conv.bias", Nd4j.zeros(DataType.FLOAT, 3))))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("file:" + file + ": tensor \"conv.bias\" has shape [2], expected [3]");
            assertThatThrownBy(() -> in.readInto(Map.of("conv.weight", weight)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("file:" + file + ": tensor \"conv.bias\" [2] is one too many: the model has none of this name");
            assertThatThrownBy(() -> in.readInto(
                    Map.of("conv.weight", weight, "conv.bias", Nd4j.zeros(DataType.FLOAT, 2), "rho", Nd4j.zeros(DataType.FLOAT, 1, 2))))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("file:" + file + ": tensor \"rho\" is missing, expected with shape [1, 2]");
        }
        assertThat(weight.sumNumber().floatValue()).isZero();
    }

    private static float[] read(SafetensorsFile in, String name, long... shape) throws IOException {
        INDArray array = Nd4j.zeros(DataType.FLOAT, shape);
        in.read(name, array);
        return array.reshape(array.length()).toFloatVector();
    }

    private static INDArray numbers(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return Nd4j.createFromArray(values);
    }

    private static INDArray interval(INDArray flat, long from, long to) {
        return flat.reshape(flat.length()).get(NDArrayIndex.interval(from, to));
    }

    private static byte[] data(byte[] file) {
        int header = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return Arrays.copyOfRange(file, 8 + header, file.length);
    }

    private Path write(Map<String, INDArray> tensors, Map<String, String> metadata) throws IOException {
        Path file = folder.resolve("written.safetensors");
        try (OutputStream out = Files.newOutputStream(file)) {
            SafetensorsWriter.write(out, tensors, metadata);
        }
        return file;
    }

    private Path raw(String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("raw.safetensors");
        Files.write(file, ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length).put(json).put(data).array());
        return file;
    }

    private static Path golden() {
        return Path.of("src/main/resources/goldens/light-64.safetensors");
    }

    private static SafetensorsFile open(Path file) throws IOException {
        return SafetensorsFile.open(new Configuration(), new org.apache.hadoop.fs.Path(file.toUri()));
    }
}
