package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files of all formats with bits flipped, parts cut, doubled, zeroed or inserted, and wrong numbers in their headers. */
@Tag("slow")
class MutatedFilesTest {
    private static final int MUTATIONS = 20_000;
    private static final int MAX_PIXELS = 20_000;

    /** What is shared by those who decode; what takes more is refused. */
    private static final long MEMORY = 4 << 20;

    /** What may be allocated for one file, with all that is garbage at once, whatever its header says. */
    private static final long MOST_ALLOCATED = 64 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Random random = new Random(20_000);

    @Test
    void everyOutcomeIsAnImageOrAFormatExceptionInLittleMemory() throws Exception {
        List<byte[]> files = files();
        int images = 0;
        int refusals = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] file = mutated(files.get(i % files.size()));
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                assertThat(decoded(file).pixels()).hasSize(3 * 8 * 8);
                images++;
            } catch (ImageFormatException e) {
                assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
                refusals++;
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).as("bytes for mutation %d", i).isLessThan(MOST_ALLOCATED);
        }
        assertThat(images + refusals).isEqualTo(MUTATIONS);
        assertThat(images).as("mutations of pixels and metadata leave an image").isGreaterThan(MUTATIONS / 20);
        assertThat(refusals).as("mutations of structure leave none").isGreaterThan(MUTATIONS / 20);
    }

    private static RgbImage decoded(byte[] file) throws ImageFormatException {
        ImageDecoder decoder = new ImageDecoder(MAX_PIXELS, new DecodingMemory(MEMORY));
        return decoder.decode(new ImageFile("x", file.length, () -> file), Fit.values()[file.length % 3], 8, (image, bytes) -> image);
    }

    private byte[] mutated(byte[] original) {
        byte[] file = original.clone();
        for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
            int at = random.nextInt(file.length);
            int length = 1 + random.nextInt(Math.min(64, file.length - at));
            switch (random.nextInt(8)) {
                case 0, 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> file[at] = (byte) random.nextInt();
                case 3 -> file[random.nextInt(Math.min(64, file.length))] = (byte) (random.nextBoolean() ? 0xff : random.nextInt());
                case 4 -> Arrays.fill(file, at, at + length, (byte) 0);
                case 5 -> file = Arrays.copyOf(file, Math.max(16, at));
                case 6 -> file = joined(file, at, Arrays.copyOfRange(file, at, at + length), at);
                default -> file = joined(file, at, new byte[0], at + length);
            }
        }
        return file;
    }

    /** A file's start, a piece, and the file from an index on. */
    private static byte[] joined(byte[] file, int end, byte[] piece, int from) {
        byte[] joined = Arrays.copyOf(file, end + piece.length + file.length - from);
        System.arraycopy(piece, 0, joined, end, piece.length);
        System.arraycopy(file, from, joined, end + piece.length, file.length - from);
        return joined.length < 16 ? Arrays.copyOf(joined, 16) : joined;
    }

    private static List<byte[]> files() throws IOException, URISyntaxException {
        List<byte[]> files = new ArrayList<>();
        for (String folder : List.of("formats", "vectors")) {
            try (Stream<Path> found = Files.list(Path.of(MutatedFilesTest.class.getResource(folder).toURI()))) {
                for (Path path : found.filter(path -> !path.toString().endsWith(".tsv")).sorted().toList()) {
                    files.add(Files.readAllBytes(path));
                }
            }
        }
        return files;
    }
}
