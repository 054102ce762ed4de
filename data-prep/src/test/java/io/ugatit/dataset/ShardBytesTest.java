package io.ugatit.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.image.ImageFormat;
import io.ugatit.image.ImageHeader;
import io.ugatit.job.JvmCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardBytesTest {
    /** 5.5 MB an image: two in a row group. */
    private static final int SIDE = 1382;

    @TempDir
    Path folder;

    /** Parquet keeps encodings in hash sets of enum constants, whose identity hashes differ by JVM; these force different ones. */
    @Test
    @Tag("slow")
    void jvmsOfAnyIdentityHashesWriteTheSameBytes() throws IOException, InterruptedException {
        List<String> hashCodes = List.of("0", "2", "3", "5");
        List<Process> writers = new ArrayList<>();
        for (String hashCode : hashCodes) {
            writers.add(startWriter(folder.resolve(hashCode), hashCode));
        }
        for (Process writer : writers) {
            String printed = new String(writer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(writer.waitFor()).as(printed).isZero();
        }

        Path here = folder.resolve("here");
        main(here.toString());
        for (String hashCode : hashCodes) {
            assertThat(folder.resolve(hashCode)).as("-XX:hashCode=" + hashCode).hasSameBinaryContentAs(here);
        }
    }

    /** Writes a shard to the path that is the argument. */
    public static void main(String... args) throws IOException {
        FileSystem fs = FileSystem.getLocal(new Configuration());
        try (ShardWriter writer = new ShardWriter(fs, new org.apache.hadoop.fs.Path(args[0]), "part-00000.zstd.parquet", SIDE,
                Store.RAW)) {
            for (int i = 0; i < 3; i++) {
                writer.write(new DatasetImage(i + ".png", SIDE, SIDE, new byte[3 * SIDE * SIDE]), "0".repeat(64),
                        new ImageHeader(ImageFormat.PNG, "RGB", SIDE, SIDE));
            }
            writer.finish();
        }
    }

    private static Process startWriter(Path file, String hashCode) throws IOException {
        return new ProcessBuilder(JvmCommand.of(List.of("-Xmx256m", "-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=" + hashCode),
                ShardBytesTest.class, file.toString()))
                .redirectErrorStream(true)
                .start();
    }
}
