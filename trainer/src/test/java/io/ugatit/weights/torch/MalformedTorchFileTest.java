package io.ugatit.weights.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MalformedTorchFileTest {
    @TempDir
    private Path folder;

    private static TorchFixture dictionary() {
        return TorchFixture.dictionary();
    }

    private static TorchFixture oneTensor(long elements, long offset, long[] shape, long... strides) {
        return dictionary().tensor("x", "0", elements, offset, shape, strides).end().storage("0", 6);
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }

    static Stream<Arguments> files() {
        String harmless = ", and only tensors in dictionaries are read: save state_dict()s alone, of PyTorch's own tensors";
        return Stream.of(
                arguments(dictionary().name("os", "system").text("echo").raw(0x85, 'R').end(), "the pickle needs Python's \"os.system\"" + harmless),
                arguments(dictionary().name("builtins", "eval\u0007" + "x".repeat(300)).end(),
                        "the pickle needs Python's \"builtins.eval?" + "x".repeat(186) + "...\"" + harmless),
                arguments(dictionary().text("posix").text("system").raw(0x93).end(), "the pickle needs Python's \"posix.system\"" + harmless),
                arguments(dictionary().raw('i'), "the pickle has opcode 0x69 at byte 4, which a state_dict does not need: nothing of it is run"),
                arguments(dictionary().raw(0x80, 1), "the pickle is of protocol 1, expected 2 to 5"),
                arguments(dictionary(), "the pickle is cut short: 1 more bytes expected at byte 4 of 4"),
                arguments(dictionary().raw('X').word(-1), "the pickle is cut short: 4294967295 more bytes expected at byte 9 of 9"),
                arguments(dictionary().raw(0x8d).word(0).word(0x80000000),
                        "the pickle is cut short: 9223372036854775808 more bytes expected at byte 13 of 13"),
                arguments(dictionary().raw('X').word(1).raw(0xff), "the pickle has text that is not UTF-8 before byte 10"),
                arguments(dictionary().raw('c', 'o', 's'), "the pickle has a name at byte 5 that does not end"),
                arguments(dictionary().raw('s'), "the pickle takes a value at byte 4 where there is none"),
                arguments(new TorchFixture().raw(0x80, 2, 't'), "the pickle closes a group at byte 2 that was never opened"),
                arguments(dictionary().raw('N', 'u', '.'), "the pickle has a key without a value at byte 5"),
                arguments(dictionary().raw(')', 'N', 'u', '.'),
                        "the pickle has a dictionary key at byte 6 that is neither text nor a whole number"),
                arguments(dictionary().raw('u', 'N', 'a', '.'), "the pickle treats what is no list as one, at byte 6"),
                arguments(new TorchFixture().raw(0x80, 2, 'N', 'N', '.'), "the pickle ends with 1 values too many"),
                arguments(dictionary().raw('h', 3), "the pickle refers to value 3, which it has not got"),
                arguments(dictionary().raw('N', 'r').word(-1), "the pickle remembers a value under number 4294967295, more than it can have"),
                arguments(dictionary().raw(0x8a, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1),
                        "the pickle has a number of 9 bytes at byte 6, more than 64 bits"),
                arguments(dictionary().text("storage").raw('Q'), "the pickle refers to something outside it that is no storage of numbers"),
                arguments(dictionary().name("collections", "OrderedDict").text("x").raw(0x85, 'R'),
                        "the pickle makes an object in a way that tensors and dictionaries are not made in"),
                arguments(new TorchFixture().raw(0x80, 2, ']', '.'),
                        "holds no dictionary of tensors: save a state_dict(), or the six networks' in one dictionary"),
                arguments(dictionary().end(), "holds no tensors in its dictionary"),
                // a dictionary in itself
                arguments(new TorchFixture().raw(0x80, 2, '}', 'q', 0).text("x").raw('h', 0, 's', '.'),
                        "holds dictionaries in dictionaries, more than 8 deep"),
                arguments(dictionary().tensor("a.b", "0", 6, 0, shape(6), 1).text("a").raw('}', '(').tensor("b", "0", 6, 0, shape(6), 1)
                        .raw('u').end().storage("0", 6), "holds two tensors \"a.b\""),
                arguments(dictionary().negated("x", "0", 6, shape(6), 1).end().storage("0", 6),
                        "the pickle has a tensor that is a negated or conjugated view: save its clone()"),
                arguments(dictionary().text("n".repeat(1000)).raw('}').text("m".repeat(100_000)).raw('N', 's', 'u', '.'),
                        "holds a name of more than 1024 letters: \"" + "n".repeat(200) + "...\""),
                arguments(oneTensor(6, 0, shape(7), 1), "reaches beyond its storage of 6 elements"),
                arguments(oneTensor(6, 1, shape(6), 1), "reaches beyond its storage of 6 elements"),
                arguments(oneTensor(6, Long.MAX_VALUE, shape(2), 1), "reaches beyond its storage of 6 elements"),
                arguments(oneTensor(6, 0, shape(2, 3), Long.MAX_VALUE, 1), "reaches beyond its storage of 6 elements"),
                arguments(oneTensor(6, -1, shape(2), 1), "has a negative size, stride or offset"),
                arguments(oneTensor(6, 0, shape(1L << 40, 3), 0, 1), "has elements that share memory, as expand() makes them: save its contiguous()"),
                arguments(oneTensor(6, 0, shape(2, 2), 1, 1), "has elements that share memory, as expand() makes them: save its contiguous()"),
                arguments(oneTensor(6, 0, shape(1L << 40, 1L << 40, 0), 1, 1, 1), "has a size that overflows 64 bits"),
                arguments(oneTensor(6, 0, shape(1L << 62, 0), 1, 1), "has a size that overflows 64 bits"),
                arguments(oneTensor(6, 0, shape(2), 1, 1), "has 1 dimensions and 2 strides, expected as many, at most 32"),
                arguments(oneTensor(5, 0, shape(5), 1),
                        "tensor \"x\": its storage \"archive/data/0\" takes 24 bytes, expected 5 elements of type F32"),
                arguments(oneTensor(1L << 62, 0, shape(1L << 62), 1),
                        "tensor \"x\": its storage \"archive/data/0\" takes 24 bytes, expected 4611686018427387904 elements of type F32"),
                arguments(dictionary().tensor("x", "1", 6, 0, shape(6), 1).end().storage("0", 6),
                        "tensor \"x\": its storage \"archive/data/1\" is missing"),
                arguments(oneTensor(6, 0, shape(6), 1).file("byteorder", "big".getBytes(StandardCharsets.US_ASCII)),
                        "its numbers are in byte order \"big\", expected little"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aMalformedFileIsRefusedInOneLine(TorchFixture fixture, String message) throws IOException {
        assertRefused(message, fixture.archive());
    }

    private void assertRefused(String message, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("x.pt"), content);
        assertThatThrownBy(() -> open(file)).isInstanceOf(InvalidRequestException.class).hasMessage("file:" + file + ": " + message);
    }

    private static TorchFile open(Path file) throws IOException {
        return TorchFile.open(new Configuration(), new org.apache.hadoop.fs.Path("file:" + file));
    }

    @Test
    void manyTensorsOfOneStorageAreRefusedBeforeTheyTakeMemory() throws IOException {
        TorchFixture fixture = dictionary().storage("0", 100_000);
        for (int i = 0; i < 20; i++) {
            fixture.tensor("x" + i, "0", 100_000, 0, shape(100_000), 1);
        }
        assertRefused("its tensors share storages more than 8 times over", fixture.end().archive());
    }

    @Test
    void aPickleOfMoreValuesThanAModelHasIsRefused() throws IOException {
        TorchFixture fixture = dictionary();
        for (int i = 0; i < 600_000; i++) {
            fixture.raw('}');
        }
        assertRefused("the pickle has more than 500000 values", fixture.archive());
    }

    @Test
    void groupsThatAreOpenedWithoutEndAreRefused() throws IOException {
        TorchFixture fixture = dictionary();
        for (int i = 0; i < 600_000; i++) {
            fixture.raw('(');
        }
        assertRefused("the pickle has more than 500000 groups in each other", fixture.archive());
    }

    @Test
    void longNamesOfManyTensorsAreRefused() throws IOException {
        TorchFixture fixture = dictionary().text("first").raw('}', '(');
        fixture.tensor("x", "0", 1, 0, shape(0), 1).raw('q', 0);
        for (int i = 0; i < 20_000; i++) {
            fixture.raw('M', i & 0xff, i >> 8, 'h', 0);
        }
        fixture.raw('u', 'q', 1);
        fixture.text("n".repeat(1000)).raw('h', 1);
        assertRefused("holds tensors whose names have more than 16777216 letters", fixture.end().storage("0", 1).archive());
    }

    @Test
    void dictionariesThatHoldEachOtherManyTimesOverAreRefused() throws IOException {
        TorchFixture fixture = new TorchFixture().raw(0x80, 2, '}', '(').text("first").raw('}', 'q', 0);
        for (int level = 0; level < 5; level++) {
            fixture.text("level " + level).raw('}', '(');
            for (int i = 0; i < 20; i++) {
                fixture.raw('K', i, 'h', level);
            }
            fixture.raw('u', 'q', level + 1);
        }
        assertRefused("holds more than 500000 dictionary entries", fixture.end().archive());
    }

    @Test
    void aCompressedArchiveIsRefused() throws IOException {
        assertRefused("is no whole file of PyTorch: its file \"archive/data.pkl\" is compressed or encrypted, and PyTorch stores files"
                + " as they are: pack it anew (zip -0)", oneTensor(6, 0, shape(6), 1).archive(ZipEntry.DEFLATED));
    }

    @Test
    void aZipOfSomethingElseIsRefused() throws IOException {
        byte[] archive = new String(oneTensor(6, 0, shape(6), 1).archive(), StandardCharsets.ISO_8859_1).replace("data.pkl", "data.txt")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertRefused("is no file of PyTorch: a zip archive with 0 files data.pkl in its folders, expected one", archive);
    }

    @Test
    void twoFilesOfOneNameAreRefused() throws IOException {
        byte[] archive = new String(oneTensor(6, 0, shape(6), 1).storage("1", 6).archive(), StandardCharsets.ISO_8859_1)
                .replace("data/1", "data/0").getBytes(StandardCharsets.ISO_8859_1);
        assertRefused("is no whole file of PyTorch: it has two files \"archive/data/0\"", archive);
    }

    @Test
    void aFileWhoseHeaderIsOfAnotherIsRefusedWhenItIsRead() throws IOException {
        String archive = new String(oneTensor(6, 0, shape(6), 1).archive(), StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("x.pt"), archive.replaceFirst("archive/data/0", "archive/data/9")
                .getBytes(StandardCharsets.ISO_8859_1));
        try (TorchFile torch = open(file)) {
            assertThatThrownBy(() -> torch.read("x", Nd4j.zeros(DataType.FLOAT, 6))).isInstanceOf(InvalidRequestException.class)
                    .hasMessage("file:" + file + ": is no whole file of PyTorch: the header of its file \"archive/data/0\" is damaged");
        }
    }

    @Test
    void viewsOfAStorageAreReadWhereTheirElementsAre() throws IOException {
        Path file = Files.write(folder.resolve("x.pt"), dictionary().storage("0", 30)
                .tensor("turned", "0", 30, 1, shape(2, 3), 1, 4)
                .tensor("every second", "0", 30, 20, shape(5), 2)
                .tensor("scalar", "0", 30, 29, shape())
                .tensor("none", "0", 30, 30, shape(0, 3), 3, 1)
                .tensor("one of many", "0", 30, 7, shape(1, 2, 1), 99, 3, 0)
                .end().archive());
        try (TorchFile torch = open(file)) {
            assertThat(torch.tensors().keySet()).containsExactly("turned", "every second", "scalar", "none", "one of many");
            assertThat(read(torch, "turned", 2, 3)).containsExactly(1, 5, 9, 2, 6, 10);
            assertThat(read(torch, "every second", 5)).containsExactly(20, 22, 24, 26, 28);
            INDArray scalar = Nd4j.scalar(0f);
            torch.read("scalar", scalar);
            assertThat(scalar.getFloat(0)).isEqualTo(29);
            torch.read("none", Nd4j.create(DataType.FLOAT, 0, 3));
            assertThat(read(torch, "one of many", 1, 2, 1)).containsExactly(7, 10);
            assertThatThrownBy(() -> read(torch, "turned", 3, 2)).isInstanceOf(InvalidRequestException.class)
                    .hasMessage("file:" + file + ": tensor \"turned\" has shape [2, 3], expected [3, 2]");
        }
    }

    private static float[] read(TorchFile torch, String name, long... shape) throws IOException {
        INDArray array = Nd4j.zeros(DataType.FLOAT, shape);
        torch.read(name, array);
        return array.dup('c').data().asFloat();
    }
}
