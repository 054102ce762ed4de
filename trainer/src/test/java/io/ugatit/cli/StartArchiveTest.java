package io.ugatit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** submit/start-archive.sh of a release in a path with a space, before a Spark that notes its words and writes the archive it is told to. */
class StartArchiveTest {
    private static final Path SUBMIT = Path.of("").toAbsolutePath().getParent().resolve("submit");

    private static final List<String> SCRIPTS = List.of("places.sh", "toolchain.sh", "start-archive.sh");

    @TempDir
    private Path folder;
    private Path release;
    private Path spark;
    private Path made;

    private record Outcome(int status, String out, String err) {}

    @BeforeEach
    void unpack() throws IOException {
        release = Files.createDirectories(folder.resolve("a release"));
        Files.createDirectory(release.resolve("submit"));
        for (String script : SCRIPTS) {
            Files.copy(SUBMIT.resolve(script), release.resolve("submit").resolve(script));
        }
        Files.writeString(release.resolve("RELEASE"), "ugatit-spark 9.8.7\n");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar()))) {
            zip.putNextEntry(new ZipEntry("io/ugatit/demo/demo-images.zip"));
        }
        spark = Files.createDirectories(folder.resolve("spark"));
        made = Files.createDirectories(folder.resolve("cache/ugatit-spark/9.8.7"));
        sparkThatRuns("sed -n 's/.*ArchiveClassesAtExit=\"\\([^\"]*\\)\".*/\\1/p' <<<\"$*\" | { read -r file && echo classes >\"$file\"; }");
    }

    private Path jar() {
        return release.resolve("a.jar");
    }

    private void sparkThatRuns(String line) throws IOException {
        Path program = Files.createDirectories(spark.resolve("bin")).resolve("spark-submit");
        Files.writeString(program, "#!/usr/bin/env bash\nprintf '%s\\n' \"$@\" >>'" + folder.resolve("words") + "'\n" + line + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Path jars = Files.createDirectories(spark.resolve("jars"));
        Files.setLastModifiedTime(jars, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    }

    private Outcome start() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", "-euc", "for s in " + String.join(" ", SCRIPTS)
                + "; do source \"$0/$s\"; done; echo \"$(start_archive \"$1\" \"$2\")\"",
                release.resolve("submit").toString(), spark.toString(), jar().toString()).redirectError(folder.resolve("err").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out.strip(), Files.readString(folder.resolve("err")));
    }

    private long runsOfSpark() throws IOException {
        return Files.readAllLines(folder.resolve("words")).stream().filter("prep"::equals).count();
    }

    @Test
    void theArchiveIsMadeOnceByPreparingTheDemoImagesOnThisMachine() throws Exception {
        Outcome first = start();
        assertThat(first.err()).isEqualTo("archiving classes for quicker starts (once, about half a minute)\n");
        assertThat(first.status()).isZero();
        assertThat(Path.of(first.out())).hasParent(made).hasContent("classes");
        assertThat(Files.readAllLines(folder.resolve("words"))).containsSequence("--master", "local[1]")
                .containsSequence("--class", "io.ugatit.cli.Ugatit", jar().toString(), "prep", "--input",
                        made.resolve(".tmp-start-archive/io/ugatit/demo/demo-images.zip").toString());
        assertThat(start()).isEqualTo(new Outcome(0, first.out(), ""));
        assertThat(runsOfSpark()).isEqualTo(1);
        assertThat(made.resolve(".tmp-start-archive")).doesNotExist();
    }

    @Test
    void anotherSparkGetsAnArchiveOfItsOwn() throws Exception {
        Path archive = Path.of(start().out());
        FileTime later = FileTime.from(Files.getLastModifiedTime(archive).toInstant().plusSeconds(10));
        Files.createDirectory(spark.resolve("work")); // as workers of a local-cluster do
        Files.setLastModifiedTime(spark, later);
        assertThat(start().out()).isEqualTo(archive.toString());
        assertThat(runsOfSpark()).isEqualTo(1);
        Files.setLastModifiedTime(spark.resolve("jars"), later);
        assertThat(start().out()).isEqualTo(archive.toString());
        assertThat(runsOfSpark()).isEqualTo(2);
    }

    @Test
    void whereNoneCanBeMadeStartsGoOnWithoutAndSaySoOnce() throws Exception {
        sparkThatRuns("echo 'no room'; exit 1");
        Outcome first = start();
        assertThat(first.status()).isZero();
        assertThat(first.out()).isEmpty();
        assertThat(first.err()).endsWith("no classes could be archived, so starts are not quicker: see " + made.resolve("start-archive.log") + "\n");
        assertThat(made.resolve("start-archive.log")).content().contains("no room");
        assertThat(start()).isEqualTo(new Outcome(0, "", ""));
        assertThat(runsOfSpark()).isEqualTo(1);
    }

    @Test
    void aStartThatComesWhileAnotherMakesItGoesOnWithout() throws Exception {
        Process holder = new ProcessBuilder("bash", "-c", "exec 9>\"$0\"; flock 9; echo held; read -r",
                made.resolve(".start-archive.lock").toString()).start();
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("held");
            assertThat(start()).isEqualTo(new Outcome(0, "", ""));
        } finally {
            holder.destroy();
            holder.waitFor();
        }
        assertThat(start().out()).startsWith(made.toString());
    }

    @Test
    void whatAKilledStartLeftIsMadeAnew() throws Exception {
        Files.createDirectories(made.resolve(".tmp-start-archive/dataset"));
        Files.writeString(made.resolve(".tmp-start-archive/classes.jsa"), "half");
        assertThat(Path.of(start().out())).hasContent("classes");
    }
}
