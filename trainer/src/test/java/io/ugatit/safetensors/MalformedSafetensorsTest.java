package io.ugatit.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

class MalformedSafetensorsTest {
    private static final int DATA = 8;
    private static final Configuration CONFIGURATION = new Configuration();

    @TempDir
    private Path folder;

    static Stream<Arguments> headers() {
        return Stream.of(
                arguments("", "the header does not begin with '{', so this is not a safetensors file"),
                arguments(" {}", "the header does not begin with '{', so this is not a safetensors file"),
                arguments("[]", "the header does not begin with '{', so this is not a safetensors file"),
                arguments("{\"x\":", "the header is not valid JSON: Unexpected end-of-input within/between Object entries"),
                arguments("{}{}", "the header goes on after its closing '}'"),
                arguments("{}", "the tensors end at byte 0 of the data, but the file holds 8"),
                arguments("{\"__metadata__\":[]}", "__metadata__ must be a JSON object of strings"),
                arguments("{\"__metadata__\":{\"a\":1}}", "__metadata__ entry \"a\" must be a string"),
                arguments("{\"x\":3}", "tensor \"x\": needs a dtype, a shape and two data_offsets"),
                arguments("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}",
                        "tensor \"x\": needs a dtype, a shape and two data_offsets"),
                arguments(tensor("x", "F33", "[2]", 0, 8), "tensor \"x\": unknown dtype \"F33\""),
                arguments(tensor("x", "F32", "[-2]", 0, 8), "tensor \"x\": dimension \"-2\" is not a whole number from 0 to 2^63-1"),
                arguments(tensor("x", "F32", "[2.0]", 0, 8), "tensor \"x\": dimension \"2.0\" is not a whole number from 0 to 2^63-1"),
                arguments(tensor("x", "F32", "[\"2\"]", 0, 8), "tensor \"x\": dimension \"\"2\"\" is not a whole number from 0 to 2^63-1"),
                arguments(tensor("x", "F32", "[9223372036854775808]", 0, 8),
                        "tensor \"x\": dimension \"9223372036854775808\" is not a whole number from 0 to 2^63-1"),
                arguments(tensor("x", "F32", "[4294967296,4294967296]", 0, 8), "tensor \"x\": its size overflows 64 bits"),
                arguments(tensor("x", "F32", "[" + "1,".repeat(32) + "2]", 0, 8), "tensor \"x\": has 33 dimensions, at most 32 are possible"),
                arguments(tensor("x", "F32", "[3]", 0, 8),
                        "tensor \"x\": data_offsets [0, 8] do not hold the 12 bytes of its shape and type F32"),
                arguments(tensor("x", "F32", "[2]", 8, 0),
                        "tensor \"x\": data_offsets [8, 0] do not hold the 8 bytes of its shape and type F32"),
                arguments(tensor("x", "F32", "[2]", -8, 0), "tensor \"x\": data offset \"-8\" is not a whole number from 0 to 2^63-1"),
                arguments(tensor("x", "F32", "[1]", 4, 8), "tensor \"x\": begins at byte 4, leaving a gap after byte 0"),
                arguments(two(tensor("x", "F32", "[1]", 0, 4), tensor("y", "U8", "[2]", 6, 8)),
                        "tensor \"y\": begins at byte 6, leaving a gap after byte 4"),
                arguments(two(tensor("x", "F32", "[2]", 0, 8), tensor("y", "F32", "[1]", 4, 8)),
                        "tensor \"y\": begins at byte 4, inside the tensor before it, which ends at 8"),
                arguments(tensor("x", "F32", "[1]", 0, 4), "the tensors end at byte 4 of the data, but the file holds 8"),
                arguments(tensor("x", "F32", "[3000000000]", 0, 12_000_000_000L),
                        "tensor \"x\": ends at byte 12000000000 of the data, but the file holds only 8"),
                arguments(two(tensor("x", "F32", "[1]", 0, 4), tensor("x", "F32", "[1]", 4, 8)),
                        "the header is not valid JSON: Duplicate field 'x'"),
                arguments(tensor("a\\nb\\u0007" + "c".repeat(500), "F33", "[2]", 0, 8),
                        "tensor \"a?b?" + "c".repeat(196) + "...\": unknown dtype \"F33\""));
    }

    @Test
    void anEntryThatIsLongerThanAnyTensorNeedsIsRefusedBeforeItIsUnderstood() throws IOException {
        byte[] json = ("{\"x\":[" + "{},".repeat(30_000) + "{}]}").getBytes(StandardCharsets.UTF_8);
        Path file = write(json.length, json, 0);
        assertThatThrownBy(() -> SafetensorsFile.open(CONFIGURATION, new org.apache.hadoop.fs.Path(file.toUri())))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("file:" + file + ": the header's entry \"x\" has 90004 bytes, at most 65536 are read");
    }

    @Test
    void aHeaderInAnotherEncodingIsRefused() throws IOException {
        byte[] json = "{\"x\":{}}".getBytes(StandardCharsets.UTF_16LE);
        Path file = write(json.length, json, 0);
        assertThatThrownBy(() -> SafetensorsFile.open(CONFIGURATION, new org.apache.hadoop.fs.Path(file.toUri())))
                .isInstanceOf(InvalidRequestException.class).hasMessage("file:" + file + ": the header's entry \"x\" is not UTF-8");
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aMalformedHeaderIsRefusedInOneLine(String header, String message) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Path file = write(json.length, json, DATA);

        assertThatThrownBy(() -> open(file)).isInstanceOf(InvalidRequestException.class).hasMessage("file:" + file + ": " + message);
    }

    @Test
    void aHeaderLengthThatTheFileCannotHoldIsRefusedBeforeMemoryIsTaken() throws IOException {
        for (long claimed : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001, 17}) {
            Path file = write(claimed, new byte[0], 16);

            assertThatThrownBy(() -> open(file)).isInstanceOf(InvalidRequestException.class)
                    .hasMessage("file:" + file + ": its first 8 bytes claim a header of " + Long.toUnsignedString(claimed)
                            + " bytes, but the file is 24 bytes long and a header at most 100000000: truncated, or not a safetensors file");
        }
    }

    @Test
    void filesThatAreNoFilesAreNamed() throws IOException {
        Path tiny = folder.resolve("tiny");
        Files.write(tiny, new byte[7]);

        assertThatThrownBy(() -> open(tiny)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("file:" + tiny + ": is 7 bytes long, too short for a safetensors file");
        assertThatThrownBy(() -> open(folder)).isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith(": is a folder, not a file");
        assertThatThrownBy(() -> open(folder.resolve("gone"))).isInstanceOf(InvalidRequestException.class)
                .hasMessage("file:" + folder.resolve("gone") + ": there is no such file");
    }

    @Test
    void aTensorThatIsNotFloatingIsListedButNotRead() throws IOException {
        byte[] json = tensor("count", "I64", "[1]", 0, 8).getBytes(StandardCharsets.UTF_8);
        Path file = write(json.length, json, DATA);

        try (SafetensorsFile in = open(file)) {
            assertThat(in.tensors().get("count").dtype()).isEqualTo(DType.I64);
            assertThatThrownBy(() -> in.read("count", Nd4j.createFromArray(1f))).isInstanceOf(InvalidRequestException.class)
                    .hasMessage("file:" + file + ": tensor \"count\" is of type I64, expected F32, F16, BF16 or F64");
        }
    }

    @Test
    void randomDamageToAHeaderNeverEndsInAnythingButOneClearLine() throws IOException {
        byte[] json = two(tensor("x", "F32", "[1]", 0, 4), tensor("y", "F16", "[2,1]", 4, 8)).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = json.clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Path file = write(json.length, damaged, DATA);
            Throwable thrown = catchThrowable(() -> open(file).close());
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(InvalidRequestException.class);
                assertThat(thrown.getMessage()).startsWith("file:" + file).doesNotContain("\n").hasSizeLessThan(1000);
            }
        }
    }

    private static String tensor(String name, String dtype, String shape, long begin, long end) {
        return "{\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[" + begin + "," + end + "]}}";
    }

    private static String two(String first, String second) {
        return first.substring(0, first.length() - 1) + "," + second.substring(1);
    }

    private Path write(long claimed, byte[] header, int data) throws IOException {
        Path file = folder.resolve("malformed.safetensors");
        Files.write(file, ByteBuffer.allocate(8 + header.length + data).order(ByteOrder.LITTLE_ENDIAN).putLong(claimed).put(header).array());
        return file;
    }

    private static SafetensorsFile open(Path file) throws IOException {
        return SafetensorsFile.open(CONFIGURATION, new org.apache.hadoop.fs.Path(file.toUri()));
    }
}
