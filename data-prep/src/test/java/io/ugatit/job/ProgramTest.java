package io.ugatit.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
    @TempDir
    private Path folder;

    /** @param content of the second class */
    private Path classes(String name, String content) throws IOException {
        Path root = folder.resolve(name);
        Files.createDirectories(root.resolve("io/ugatit/train"));
        Files.writeString(root.resolve("io/ugatit/A.class"), "one");
        Files.writeString(root.resolve("io/ugatit/train/B.class"), content);
        return root;
    }

    private Path jar(String name, Path classes, String... others) throws IOException {
        Path jar = folder.resolve(name);
        try (OutputStream file = Files.newOutputStream(jar); ZipOutputStream zip = new ZipOutputStream(file)) {
            for (String other : others) {
                zip.putNextEntry(new ZipEntry(other));
                zip.write(1);
            }
            for (String own : new String[] {"io/ugatit/train/B.class", "io/ugatit/A.class"}) {
                zip.putNextEntry(new ZipEntry(own));
                zip.write(Files.readAllBytes(classes.resolve(own)));
            }
        }
        return jar;
    }

    @Test
    void onlyThisProgramsClassesCountWhereverTheyLie() throws Exception {
        Path classes = classes("classes", "two");
        String expected = Program.fingerprint(classes);
        assertThat(expected).matches("[0-9a-f]{8}");
        assertThat(Program.fingerprint(jar("bare.jar", classes))).isEqualTo(expected);
        assertThat(Program.fingerprint(jar("natives.jar", classes, "org/nd4j/libnd4j.so", "META-INF/MANIFEST.MF", "org/nd4j/N.class")))
                .isEqualTo(expected);
        assertThat(Program.fingerprint(jar("changed.jar", classes("changed", "TWO")))).isNotEqualTo(expected);
        Files.move(classes.resolve("io/ugatit/A.class"), classes.resolve("io/ugatit/C.class"));
        assertThat(Program.fingerprint(classes)).isNotEqualTo(expected);
    }

    @Test
    void anExecutorOfAnotherBuildIsNamedWithBothBuilds() {
        assertThatCode(() -> Program.requireSame(Program.build())).doesNotThrowAnyException();
        assertThatThrownBy(() -> Program.requireSame("0.0.9 (code 00000000)")).isInstanceOf(JobFailedException.class)
                .message().doesNotContain("\n")
                .startsWith("the executor on " + Host.name() + " runs ugatit-spark " + Program.build() + " from ")
                .endsWith(", the driver 0.0.9 (code 00000000): give both the same jar, and keep others off spark.executor.extraClassPath and"
                        + " out of Spark's jars folder");
        assertThatThrownBy(() -> Program.requireSame(null)).message().contains(", the driver an older version: ");
    }
}
