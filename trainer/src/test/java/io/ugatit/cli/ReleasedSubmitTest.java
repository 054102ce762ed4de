package io.ugatit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** submit/ugatit in an unpacked release, in a path with a space and an environment without anything, before a Spark that says its words. */
class ReleasedSubmitTest {
    private static final Path CHECKOUT = Path.of("").toAbsolutePath().getParent();
    private static final List<String> TOOLS = List.of("bash", "dirname", "readlink", "sed", "find", "tail", "head", "grep", "flock", "locale",
            "mkdir", "env", "cat", "rm", "cp", "mv");

    @TempDir
    private Path folder;
    private Path release;
    private Path jar;

    private record Outcome(int status, String out, String err) {}

    @BeforeEach
    void unpack() throws IOException {
        release = folder.resolve("a release/ugatit-spark-9.8.7");
        for (String part : List.of("submit", "conf")) {
            copy(CHECKOUT.resolve(part), release.resolve(part));
        }
        Files.writeString(release.resolve("RELEASE"), "ugatit-spark 9.8.7\n");
        jar = release.resolve("lib/ugatit-spark-9.8.7.jar");
        Files.createDirectory(jar.getParent());
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("META-INF/"));
        }
        Path spark = Files.createDirectories(folder.resolve("spark/bin")).resolve("spark-submit");
        Files.writeString(spark, "#!/usr/bin/env bash\nprintf '%s\\n' \"$@\"\n");
        assertThat(spark.toFile().setExecutable(true)).isTrue();
        Path tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : TOOLS) {
            Path place = Stream.of("/usr/bin", "/bin").map(bin -> Path.of(bin, tool)).filter(Files::exists).findFirst().orElseThrow();
            Files.createSymbolicLink(tools.resolve(tool), place);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.createDirectories(to.resolve(from.relativize(file)).getParent());
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    /** With JAVA_HOME and a PATH that has neither java nor mvn, and what is given beside them. */
    private Outcome submit(Map<String, String> environment, String... words) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(release.resolve("submit/ugatit").toString()), Stream.of(words))
                .toList()).directory(folder.toFile()).redirectError(folder.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().putAll(new TreeMap<>(environment));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("PATH", folder.resolve("tools").toString());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out, Files.readString(folder.resolve("err")));
    }

    private Map<String, String> spark() {
        return Map.of("SPARK_HOME", folder.resolve("spark").toString());
    }

    @Test
    void theJarOfTheReleaseIsSubmittedAndNothingIsBuilt() throws Exception {
        Outcome outcome = submit(spark(), "--master", "local[1]", "prep", "--input", "two words");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out().lines().toList()).endsWith("--master", "local[1]", "--class", "io.ugatit.cli.Ugatit", jar.toString(), "prep",
                "--input", "two words").contains("--properties-file", release.resolve("conf/spark-defaults.conf").toString());
        assertThat(release.resolve("target")).doesNotExist();
    }

    @Test
    void aReleaseWithoutItsJarSaysSo() throws Exception {
        Files.delete(jar);
        assertThat(submit(spark(), "demo")).isEqualTo(new Outcome(1, "", "there is no whole " + jar + ": unpack the release again\n"));
    }

    @Test
    void aJarThatIsCutShortIsNotSubmitted() throws Exception {
        byte[] bytes = Files.readAllBytes(jar);
        Files.write(jar, Arrays.copyOf(bytes, bytes.length - 1));
        assertThat(submit(spark(), "demo")).isEqualTo(new Outcome(1, "", "there is no whole " + jar + ": unpack the release again\n"));
    }

    @Test
    void theJarForOldGpusIsToBeBroughtAlong() throws Exception {
        Outcome outcome = submit(spark(), "--cuda", "demo");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).isEqualTo("--cuda needs " + release.resolve("lib/ugatit-spark-9.8.7-cuda.jar")
                + ": make it in a checkout by mvn package -Pcuda -DskipTests -DskipNoNatives, and copy it there\n");
    }

    @Test
    void withoutSparkAndWithoutMavenBothAreNamed() throws Exception {
        assertThat(submit(Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString()), "demo")).isEqualTo(new Outcome(1, "",
                "SPARK_HOME is not set and there is no mvn on the PATH: set SPARK_HOME to a Spark 3.5, or install Apache Maven 3.8 or newer\n"));
        assertThat(folder.resolve("cache")).doesNotExist();
    }

    @Test
    void aSparkOfAnEarlierStartIsTakenFromTheUsersCache() throws Exception {
        copy(folder.resolve("spark"), folder.resolve("cache/ugatit-spark/9.8.7/spark-home"));
        Outcome outcome = submit(Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString()), "--help");
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out().lines().toList()).endsWith(jar.toString(), "--help");
    }

    @Test
    void onOneMachineTheJarIsReadWhereItIs() throws Exception {
        Path moved = folder.resolve("release");
        Files.move(folder.resolve("a release"), moved);
        release = moved.resolve("ugatit-spark-9.8.7");
        String there = release.resolve("lib/ugatit-spark-9.8.7.jar").toString();
        assertThat(jarGiven("--master", "local[2]", "prep")).isEqualTo("local:" + there);
        assertThat(jarGiven("prep")).as("conf/spark-defaults.conf says local[*]").isEqualTo("local:" + there);
        assertThat(jarGiven("--conf", "spark.master=spark://host:7077", "prep")).isEqualTo(there);
        Path properties = Files.writeString(folder.resolve("one.conf"), "spark.master.rest.enabled false\n\tspark.master\tlocal[1] \n");
        assertThat(jarGiven("--properties-file", properties.toString(), "prep")).isEqualTo("local:" + there);
        assertThat(jarGiven("--master=local-cluster[2,1,1024]", "prep")).isEqualTo("local:" + there);
        assertThat(jarGiven("--master", "yarn", "prep")).isEqualTo(there);
        assertThat(jarGiven("--class", "org.notebooks.Kernel", "cell")).as("it may begin sessions on a cluster").isEqualTo(there);
    }

    @Test
    void howTheDriverRunsIsAlsoSaidAsSparksOwnProperties() throws Exception {
        Path properties = Files.writeString(folder.resolve("cluster.conf"),
                "spark.submit.deployMode.not client\n\tspark.submit.deployMode\tcluster \n");
        String limit = "spark.driver.defaultJavaOptions=.*-Dorg.bytedeco.javacpp.maxbytes=8g";
        assertThat(submit(spark(), "--master", "yarn", "--deploy-mode", "cluster", "train").out()).containsPattern(limit);
        assertThat(submit(spark(), "--master", "yarn", "--conf", "spark.submit.deployMode=cluster", "train").out()).containsPattern(limit);
        assertThat(submit(spark(), "--properties-file", properties.toString(), "train").out()).containsPattern(limit);
        assertThat(submit(spark(), "--master", "yarn", "train").out()).doesNotContainPattern(limit);
    }

    @Test
    void theMasterAndTheDeployModeAreThoseThatSparkTakes() throws Exception {
        String there = release.resolve("lib/ugatit-spark-9.8.7.jar").toString();
        assertThat(jarGiven("--master", "yarn", "--conf", "spark.master=local[2]", "prep")).as("the option wins").isEqualTo(there);
        String limit = "spark.driver.defaultJavaOptions=.*-Dorg.bytedeco.javacpp.maxbytes=8g";
        assertThat(submit(spark(), "--deploy-mode", "client", "--conf", "spark.submit.deployMode=cluster", "train").out())
                .doesNotContainPattern(limit);
        Map<String, String> environment = Map.of("SPARK_HOME", folder.resolve("spark").toString(), "DEPLOY_MODE", "cluster");
        assertThat(submit(environment, "--master", "yarn", "train").out()).containsPattern(limit);
    }

    @Test
    void aModeThatDoesNotTellHowTheJobEndsIsRefused() throws Exception {
        Outcome refused = submit(spark(), "--master", "spark://host:7077", "--deploy-mode", "cluster", "train");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).isEqualTo("the deploy mode is cluster, and a standalone cluster does not tell how such a job ends: leave it out,"
                + " the job's driver runs here then\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "SPARK_SUBMIT_OPTS"})
    void aCollectorOfTheUsersStandsAlone(String variable) throws Exception {
        assertThat(submit(spark(), "train").out()).contains("-XX:+UseParallelGC");
        Map<String, String> environment = Map.of("SPARK_HOME", folder.resolve("spark").toString(), variable, "-Xss2m -XX:+UseSerialGC");
        assertThat(withParallel(submit(environment, "train"))).as("executors elsewhere know nothing of it").singleElement().asString()
                .startsWith("spark.executor.");
        assertThat(withParallel(submit(environment, "--master", "local-cluster[2,1,1024]", "train"))).isEmpty();
        assertThat(withParallel(submit(environment, "--master", "yarn", "--deploy-mode", "cluster", "train"))).hasSize(2);
    }

    private static List<String> withParallel(Outcome outcome) {
        return outcome.out().lines().filter(line -> line.contains("-XX:+UseParallelGC")).toList();
    }

    @Test
    void aSparkOfAnotherVersionIsRefused() throws Exception {
        Path jars = Files.createDirectories(folder.resolve("spark/jars"));
        Files.createFile(jars.resolve("spark-core_2.12-3.5.1-vendor.jar"));
        assertThat(submit(spark(), "prep").status()).isZero();
        Files.createFile(jars.resolve("spark-core_2.13-3.5.5.jar"));
        Outcome refused = submit(spark(), "prep");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).isEqualTo("SPARK_HOME is '" + folder.resolve("spark") + "': holds spark-core_2.13-3.5.5.jar, must be a Spark 3.5"
                + " with Scala 2.12; unset it to use the Spark that Maven resolves\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prep", "translate"})
    void shortJobsKeepTheOptimisingCompilerFromLibraries(String command) throws Exception {
        String scaled = "-XX:CompileCommand=CompileThresholdScaling,io.ugatit.tensor.*::*,0.1";
        assertThat(submit(spark(), command).out().lines().filter(line -> line.contains(scaled))).hasSize(2).allSatisfy(
                line -> assertThat(line).containsPattern("spark\\.(driver|executor)\\.defaultJavaOptions=.*-XX:Tier4InvocationThreshold=50000 "));
    }

    @Test
    void trainingsDoNotKeepTheOptimisingCompilerFromLibraries() throws Exception {
        assertThat(submit(spark(), "train", "--data", "prep").out()).doesNotContain("Tier4").doesNotContain("CompileCommand");
    }

    private String jarGiven(String... words) throws Exception {
        Outcome outcome = submit(spark(), words);
        assertThat(outcome.status()).as(outcome.err()).isZero();
        List<String> all = outcome.out().lines().toList();
        return all.get(all.indexOf("--class") + 2);
    }

    @Test
    void aJvmThatShowsItsClassesToAnAgentStartsWithoutTheirArchive() throws Exception {
        Path cache = folder.resolve("cache/ugatit-spark/9.8.7");
        copy(folder.resolve("spark"), cache.resolve("spark-home"));
        Map<String, String> user = Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString());
        assertThat(submit(user, "prep").err()).contains("so starts are not quicker: see " + cache.resolve("start-archive.log"));
        Path archive;
        try (Stream<Path> files = Files.list(cache)) {
            archive = files.filter(file -> file.toString().endsWith(".jsa")).findFirst().orElseThrow();
        }
        Files.writeString(archive, "classes");
        String option = "-XX:SharedArchiveFile=" + archive;
        assertThat(submit(user, "prep").out().lines().filter(line -> line.contains(option))).singleElement().asString().contains("driver");
        assertThat(submit(user, "--master", "yarn", "prep").out().lines().filter(line -> line.contains(option))).hasSize(1);
        assertThat(submit(user, "--master", "spark://host:7077", "prep").out().lines().filter(line -> line.contains(option))).hasSize(2);
        assertThat(submit(user, "--conf", "spark.driver.extraJavaOptions=-javaagent:a.jar", "prep").out()).doesNotContain(option);
        assertThat(submit(user, "--driver-java-options=-XX:StartFlightRecording=duration=9s", "prep").out()).doesNotContain(option);
        Map<String, String> tools = Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString(), "JDK_JAVA_OPTIONS", "-agentlib:jdwp=server=n");
        assertThat(submit(tools, "prep").out()).doesNotContain(option);
    }
}
