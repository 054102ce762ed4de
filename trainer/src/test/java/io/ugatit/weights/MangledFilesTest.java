package io.ugatit.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.safetensors.SafetensorsWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twenty thousand bad files: each is refused in one line, or what is left of it is whole. */
class MangledFilesTest {
    private static final int FILES = 20_000;
    private static final long MOST_BYTES = 64 << 20;
    private static final NetworkOptions LIGHT = new NetworkOptions(16, 1, 1, true, false, 3, 3);

    @TempDir
    private Path folder;
    private final Configuration configuration = new Configuration();
    private final UgatitGraph graph = UgatitGraph.create(LIGHT, 1);
    private final ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static MangledFile torch(String name) throws IOException {
        try (InputStream in = MangledFilesTest.class.getResourceAsStream("/torch/" + name)) {
            byte[] whole = in.readAllBytes();
            String text = new String(whole, StandardCharsets.ISO_8859_1);
            int pickle = text.indexOf("/data.pkl");
            return new MangledFile(whole, new int[] {pickle, text.indexOf("PK\3\4", pickle)}, new int[] {text.indexOf("PK\1\2"), whole.length});
        }
    }

    private MangledFile safetensors() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SafetensorsWriter.write(bytes, graph.namedParameters(), Map.of("step", "0"));
        int header = (int) ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return new MangledFile(bytes.toByteArray(), new int[] {0, 8}, new int[] {8, 8 + header});
    }

    @Test
    @Tag("slow")
    void twentyThousandMangledFilesAreRefusedInOneLineEachOrRead() throws IOException {
        List<MangledFile> good = List.of(torch("light.pt"), torch("strided.pt"), torch("bfloat16.pt"), torch("optimizer.pt"), safetensors(),
                safetensors());
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < FILES; i++) {
            byte[] bytes = good.get(i % good.size()).next(random);
            Path file = Files.write(folder.resolve("mangled"), bytes);
            int number = i;
            if (isRefused(file, bytes.length, () -> "file " + number)) {
                refused++;
            }
        }
        assertThat(refused).isBetween(FILES / 2, FILES - FILES / 100);
    }

    private boolean isRefused(Path file, int length, Supplier<String> which) throws IOException {
        long before = memory.getCurrentThreadAllocatedBytes();
        boolean refused = false;
        try (WeightsFile weights = WeightsFile.open(configuration, new org.apache.hadoop.fs.Path("file:" + file))) {
            if (weights.allNetworks(LIGHT.size()).equals(LIGHT)) {
                weights.read(graph.namedParameters());
            }
        } catch (InvalidRequestException e) {
            refused = true;
            assertThat(e.getMessage()).as(which).contains("file:" + file + ":").doesNotContainPattern("[\\p{Cntrl}\\u2028\\u2029]").hasSizeLessThan(1200);
        }
        assertThat(memory.getCurrentThreadAllocatedBytes() - before).as(which).isLessThan(MOST_BYTES + length);
        return refused;
    }
}
