package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.image.Fit;
import io.ugatit.input.MadeArchives;
import io.ugatit.job.JvmCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A JVM of its own prepares archives until it waits for a byte of one, and is killed there. */
@Tag("slow")
class KilledPrepJvmTest extends PrepFixture {
    /** For what Spark leaves when it is killed. */
    @TempDir
    private Path scratch;

    @ParameterizedTest
    @CsvSource({"stuck.tgz, 0", "stuck.tgz, 1", "stuck.tar, 1", "stuck.zip, 1"})
    void afterAKillWhileArchivesAreReadTheNextJobGivesTheSameBytes(String name, int openedBefore) throws Exception {
        Map<String, byte[]> files = MadeArchives.files();
        for (int i = 0; i < 20; i++) {
            draw("drawn/x.png", 4000 + i, 70, 70);
            files.put("n" + (37 * i % 20) + ".png", Files.readAllBytes(input.resolve("drawn/x.png")));
        }
        Path archive = MadeArchives.write(input.resolve("trainA").resolve(name), files);
        prep();
        assertThat(sources(Domain.A, Split.TRAIN)).hasSize(60);
        Path again = folder.resolve("again");

        Process killed = start(archive, openedBefore, again);
        try {
            awaitLine(killed, "waits");
        } finally {
            killed.destroyForcibly();
        }

        assertThat(killed.waitFor()).isEqualTo(128 + 9);
        assertThat(again).doesNotExist();
        prep(again, 0.01);
        assertThat(hashes(again)).isEqualTo(hashes(output));
        assertThat(siblingsOfOutput()).as("what was left is gone").containsExactlyInAnyOrder("again", "da ta", "in put ü");
    }

    private Process start(Path archive, int openedBefore, Path to) throws IOException {
        List<String> options = new ArrayList<>(List.of("-Xmx512m", "-Djava.io.tmpdir=" + scratch));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(option -> option.startsWith("--add-")).forEach(options::add);
        List<String> command = JvmCommand.of(options, Other.class, input.toString(), to.toString(), String.valueOf(Files.size(archive) / 2),
                String.valueOf(openedBefore));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void awaitLine(Process process, String expected) throws IOException {
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        String line = said.readLine(); // null if it ends
        while (line != null && !line.equals(expected)) {
            lines.add(line);
            line = said.readLine();
        }
        assertThat(line).as("it has ended after saying %s", lines).isEqualTo(expected);
    }

    /** The other JVM. */
    static final class Other {
        private Other() { }

        public static void main(String[] args) {
            TreacherousFileSystem.stick(Long.parseLong(args[2]), Integer.parseInt(args[3]), () -> System.out.println("waits"));
            try (SparkSession spark = session("local[2]")) {
                new PrepJob(spark, new PrepOptions("treacherous:" + args[0], args[1], 32, null, Fit.STRETCH, 0.01)).run();
            }
        }
    }
}
