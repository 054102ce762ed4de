package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Split;
import io.ugatit.image.Fit;
import io.ugatit.job.InvalidRequestException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Data sets that nothing is added to. */
@Tag("slow")
class VersionRefusalsTest extends VersionsFixture {
    @Test
    void otherOptionsAreRefusedWithBothValues() throws IOException {
        prepWith();
        Map<String, String> before = hashes(output);
        Map<List<String>, String> refusals = Map.of(
                List.of("--size", "64"), "--size is 64, but --output file:" + output + " was made with 32: give that, or another --output",
                List.of("--load-size", "40"), "--load-size is 40, but --output file:" + output + " was made with 36: give that, or another --output",
                List.of("--resize", "crop"), "--resize is " + Fit.CROP + ", but --output file:" + output + " was made with " + Fit.STRETCH
                        + ": give that, or another --output");
        refusals.forEach((words, message) -> assertThatThrownBy(() -> prepWith(words.toArray(String[]::new)))
                .isInstanceOf(InvalidRequestException.class).hasMessage(message));
        assertThat(hashes(output)).isEqualTo(before);
    }

    @Test
    void aDataSetThatNothingCanBeAddedToIsRefused() throws IOException {
        prepWith();
        Path manifest = output.resolve("manifest.json");
        String json = Files.readString(manifest);
        Files.writeString(manifest, json.replace("\"formatVersion\" : 2", "\"formatVersion\" : 1"));
        assertThatThrownBy(this::prepWith).isInstanceOf(InvalidRequestException.class).hasMessage("--output is file:" + output
                + ": a data set of formatVersion 1, which does not list its files, so that nothing can be added: prepare it anew, with another "
                + "--output");
        assertThat(ImageDataset.open(output.toString(), conf).count(Domain.A, Split.TRAIN)).as("is read").isEqualTo(40);

        Files.writeString(manifest, json);
        Path list = output.resolve("versions/1/files.jsonl.gz");
        byte[] bytes = Files.readAllBytes(list);
        String lines;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(lines.lines()).hasSize(48).first().asString()
                .matches("\\{\"folder\":\"trainA\",\"source\":\"a1.png\",\"length\":\\d+,\"modified\":\\d+,\"sha256\":\"[0-9a-f]{64}\","
                        + "\"shard\":0,\"row\":0,\"look\":\"[0-9a-f]{16}\"}");
        List<String> damaged = List.of(lines.substring(0, lines.length() / 2), lines + lines, lines.replace("\"shard\":0", "\"shard\":9"),
                lines.replace("\"row\":1,", "\"row\":0,"), lines.replace("\"folder\":\"trainA\"", "\"folder\":\"other\""),
                lines.replaceFirst("\"sha256\":\"", "\"sha256\":\"0"), "[]");
        for (String text : damaged) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream out = new GZIPOutputStream(packed)) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
            Files.write(list, packed.toByteArray());
            assertDamaged(list);
        }
        Files.write(list, Arrays.copyOf(bytes, bytes.length / 2));
        assertDamaged(list);
        Files.writeString(list, "no gzip");
        assertDamaged(list);
        Files.delete(list);
        assertThatThrownBy(this::prepWith).isInstanceOf(InvalidRequestException.class)
                .hasMessage("file:" + list + " is missing: prepare the dataset anew, with another --output");
        deleteAll(output.resolve("versions"));
        assertThatThrownBy(this::prepWith).isInstanceOf(InvalidRequestException.class).hasMessage("--output is file:" + output
                + ": a data set without its versions/1, so that nothing can be added: prepare it anew, with another --output");
    }

    private void assertDamaged(Path list) {
        assertThatThrownBy(this::prepWith).isInstanceOf(InvalidRequestException.class).message()
                .startsWith("file:" + list + " is damaged (").endsWith("): prepare the dataset anew, with another --output").doesNotContain("\n");
    }
}
