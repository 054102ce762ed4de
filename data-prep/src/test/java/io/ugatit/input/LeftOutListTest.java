package io.ugatit.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftOutListTest {
    private static final List<LeftOut> FILES = List.of(
            new LeftOut("trainA/new\nline \"😀\".png", LeftOut.Kind.NOT_AN_IMAGE, "a note"),
            new LeftOut("trainA/" + "\u0001".repeat(4000), LeftOut.Kind.REJECTED, "the same bytes as " + "\u0001".repeat(4000)),
            new LeftOut("testB/x", LeftOut.Kind.NO_REGULAR_FILE, ""));

    @TempDir
    private Path folder;

    private List<LeftOut> read(Path file) {
        List<LeftOut> files = new ArrayList<>();
        LeftOutList.read(new Configuration(), new org.apache.hadoop.fs.Path(file.toUri()), files::add);
        return files;
    }

    private static byte[] written(List<LeftOut> files) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LeftOutList.write(files.stream(), out);
        return out.toByteArray();
    }

    @Test
    void whatIsWrittenIsReadWhateverTheNames() throws IOException {
        Path list = Files.write(folder.resolve("a:b ü.jsonl"), written(FILES));

        assertThat(read(list)).isEqualTo(FILES);
        assertThat(Files.readAllLines(list)).hasSize(3).last()
                .isEqualTo("{\"source\":\"testB/x\",\"kind\":\"no-regular-file\",\"reason\":\"\"}");
        assertThat(read(Files.createFile(folder.resolve("empty")))).isEmpty();
    }

    @Test
    void aListIsTheSameOnlyIfEveryLineIs() throws IOException {
        byte[] list = written(FILES);
        assertThat(LeftOutList.isSame(FILES.stream(), new ByteArrayInputStream(list))).isTrue();
        assertThat(LeftOutList.isSame(FILES.stream().limit(2), new ByteArrayInputStream(list))).isFalse();
        assertThat(LeftOutList.isSame(Stream.concat(FILES.stream(), FILES.stream()), new ByteArrayInputStream(list))).isFalse();
        assertThat(LeftOutList.isSame(FILES.stream(), new ByteArrayInputStream(Arrays.copyOf(list, list.length - 1)))).isFalse();
        assertThat(LeftOutList.isSame(FILES.stream().skip(1), new ByteArrayInputStream(list))).isFalse();
    }

    @Test
    void aListThatIsDamagedOrMissingIsNamed() throws IOException {
        Path list = folder.resolve("list.jsonl");
        for (String text : List.of("{\"source\":", "{}", "null", "[]", "\n", "{\"source\":\"x\",\"kind\":\"nonsense\",\"reason\":\"y\"}",
                "{\"source\":\"x\",\"kind\":\"leak\"}")) {
            Files.writeString(list, text);
            assertThatThrownBy(() -> read(list)).as(text).isInstanceOf(InvalidRequestException.class)
                    .hasMessage("file:" + list + " is damaged: prepare the dataset again");
        }
        Files.delete(list);
        assertThatThrownBy(() -> read(list)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("file:" + list + " is missing: prepare the dataset again");
    }

    @Test
    void aLineWithoutEndTakesNoMemory() throws IOException {
        Path list = folder.resolve("list.jsonl");
        byte[] megabyte = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = Files.newOutputStream(list)) {
            out.write("{\"source\":\"".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 3; i++) {
                out.write(megabyte);
            }
            out.write("\",\"kind\":\"leak\",\"reason\":\"\"}\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThatThrownBy(() -> read(list)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("file:" + list + " is damaged: prepare the dataset again");
    }
}
