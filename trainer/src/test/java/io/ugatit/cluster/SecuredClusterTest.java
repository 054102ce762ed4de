package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.cli.Ugatit;
import io.ugatit.process.JavaProcess;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.deploy.SparkSubmit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trainings on a standalone cluster that knows its applications by a secret. What driver and executors say to each other is looked at on
 * the wire, and what they write into their local folders: all JVMs resolve names by files of their own, which put a {@link WireTap} in the
 * place of every other.
 */
@Tag("slow")
class SecuredClusterTest {
    private static final String SECRET = "a secret of 32 letters and digits";
    /** In the last step of all the learning rate is zero, so workers give back the parameters that they were given. */
    private static final String[] TRAIN = {"--steps", "4", "--workers", "2", "--averaging-frequency", "1", "--checkpoint-every", "1", "--lr",
        "1e-3"};
    private static final List<String> HOSTS = List.of("spark-driver", "executor-0", "executor-1");
    private static final int PATTERNS = 20;
    private static final int PATTERN_FLOATS = 12;

    @TempDir
    private static Path folder;
    private static String data;
    private static Map<String, String> bits;
    private static List<String> patterns;
    private static StandaloneCluster cluster;
    private static int driverPort;
    private static int driverBlocksPort;
    private static int blocksPort;

    @BeforeAll
    static void start() throws Exception {
        Path run = folder.resolve("local");
        try (SparkSession local = SmallTraining.session("local[2]")) {
            data = SmallTraining.dataset(local, folder, SmallTraining.SIZE, 1);
            TrainOptions options = SmallTraining.options(data, run, TRAIN);
            SmallTraining.train(local, options);
            patterns = patterns(SmallTraining.trained(run, options).params().toFloatVector());
        }
        bits = SmallTraining.bits(run);
        driverPort = StandaloneCluster.freePort();
        driverBlocksPort = StandaloneCluster.freePort();
        blocksPort = StandaloneCluster.freePort();
        List<String> options = new ArrayList<>();
        secured().forEach((name, value) -> options.add("-D" + name + "=" + value));
        options.add("-Dspark.network.crypto.saslFallback=true"); // for the training that does not encrypt
        options.add("-Djdk.net.hosts.file=" + hostsFile(folder.resolve("hosts"), HOSTS));
        cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("cluster")), 2, options, number -> HOSTS.get(1 + number));
        for (int number = 0; number < 2; number++) {
            hostsFile(Files.createDirectories(cluster.work(number)).resolve("hosts"), List.of(HOSTS.get(1 + number)));
        }
        hostsFile(folder.resolve("hosts-of-driver"), List.of("spark-driver"));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** Bytes of parameters all over the model, each a character. */
    private static List<String> patterns(float[] parameters) {
        List<String> patterns = new ArrayList<>();
        for (int from = 0; from + PATTERN_FLOATS < parameters.length; from += PATTERN_FLOATS) {
            float[] some = Arrays.copyOfRange(parameters, from, from + PATTERN_FLOATS);
            if (IntStream.range(0, PATTERN_FLOATS).mapToObj(i -> some[i]).distinct().count() == PATTERN_FLOATS) { // not all zero
                ByteBuffer bytes = ByteBuffer.allocate(PATTERN_FLOATS * Float.BYTES).order(ByteOrder.nativeOrder());
                bytes.asFloatBuffer().put(some);
                patterns.add(new String(bytes.array(), StandardCharsets.ISO_8859_1));
            }
        }
        int apart = patterns.size() / PATTERNS;
        return IntStream.range(0, PATTERNS).mapToObj(i -> patterns.get(i * apart)).toList();
    }

    /** Where a JVM finds hosts: some at their own addresses, the others behind a tap. */
    private static Path hostsFile(Path file, List<String> direct) throws IOException {
        List<String> lines = new ArrayList<>(List.of("127.0.0.1 localhost", "127.0.0.1 " + InetAddress.getLocalHost().getHostName()));
        HOSTS.forEach(host -> lines.add(address(host, direct.contains(host)).getHostAddress() + " " + host));
        return Files.write(file, lines);
    }

    private static InetAddress address(String host, boolean direct) {
        try {
            return InetAddress.getByName("127.0.0." + ((direct ? 20 : 10) + HOSTS.indexOf(host)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What conf/ ships, and the secret. */
    private static Map<String, String> secured() throws IOException {
        Properties properties = new Properties();
        Path conf = Path.of(System.getProperty("log4j2.configurationFile")).getParent();
        try (Reader reader = Files.newBufferedReader(conf.resolve("spark-secured.conf"))) {
            properties.load(reader);
        }
        Map<String, String> settings = new TreeMap<>(Map.of("spark.authenticate.secret", SECRET));
        properties.forEach((name, value) -> settings.put((String) name, (String) value));
        return settings;
    }

    /** As a user submits a training; blocks have hardly any memory, so that all of them are written to disk too. */
    private static JavaProcess submit(String name, Map<String, String> security) throws IOException {
        Map<String, String> settings = new TreeMap<>(cluster.settings());
        settings.putAll(security);
        settings.putAll(Map.of("spark.ui.enabled", "false", "spark.port.maxRetries", "0",
                "spark.driver.host", "spark-driver", "spark.driver.bindAddress", address("spark-driver", true).getHostAddress(),
                "spark.driver.port", "" + driverPort, "spark.driver.blockManager.port", "" + driverBlocksPort,
                "spark.blockManager.port", "" + blocksPort,
                "spark.memory.fraction", "0.0001", "spark.plugins", KeptBlocks.class.getName(),
                KeptBlocks.FOLDER, Files.createDirectory(folder.resolve(name + "-blocks")).toString()));
        // an executor's folder is that of its worker, then APPLICATION/EXECUTOR
        settings.merge("spark.executor.extraJavaOptions", "-Djdk.net.hosts.file=../../hosts", (all, one) -> all + " " + one);
        settings.put("spark.executor.defaultJavaOptions", String.join(" ", JavaProcess.shortLife()));
        Path properties = Files.write(folder.resolve(name + ".conf"), settings.entrySet().stream()
                .map(setting -> setting.getKey() + " " + setting.getValue()).toList());
        String[] words = SmallTraining.words(data, folder.resolve(name), TRAIN);
        return JavaProcess.start(folder.resolve(name + ".log"), List.of("-Djdk.net.hosts.file=" + folder.resolve("hosts-of-driver")),
                SparkSubmit.class, Stream.concat(Stream.of("--properties-file", properties.toString(), "--class", Ugatit.class.getName(),
                "spark-internal", "train"), Arrays.stream(words)).toArray(String[]::new));
    }

    private static WireTap tap(String host, int port) throws IOException {
        return new WireTap(address(host, false), address(host, true), port);
    }

    /**
     * Trains.
     *
     * @return how many patterns of the state were found where, and how many taps have heard the secret
     */
    private static Map<String, Long> seen(String name, Map<String, String> security) throws Exception {
        Map<String, Long> seen = new TreeMap<>();
        try (WireTap rpc = tap("spark-driver", driverPort);
                WireTap driver = tap("spark-driver", driverBlocksPort);
                WireTap first = tap("executor-0", blocksPort);
                WireTap second = tap("executor-1", blocksPort);
                JavaProcess training = submit(name, security)) {
            assertThat(training.await()).as(training.said()).isZero();
            assertThat(patterns).as("what the driver's scheduler says holds no state").noneMatch(rpc::heard);
            Map.of("driver", driver, "executor 0", first, "executor 1", second).forEach((where, tap) -> {
                assertThat(tap.bytes()).as(where).isPositive();
                seen.put(where, patterns.stream().filter(tap::heard).count());
            });
            seen.put("secret", Stream.of(rpc, driver, first, second).filter(tap -> tap.heard(SECRET)).count());
        }
        assertThat(SmallTraining.bits(folder.resolve(name))).isEqualTo(bits);
        try (Stream<Path> files = Files.list(folder.resolve(name + "-blocks"))) {
            files.collect(Collectors.groupingBy(file -> "files of " + file.getFileName().toString().split("_")[0]))
                    .forEach((kind, blocks) -> seen.put(kind, found(blocks)));
        }
        return seen;
    }

    private static long found(List<Path> files) {
        List<String> contents = files.stream().map(file -> {
            try {
                return Files.readString(file, StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).toList();
        return patterns.stream().filter(pattern -> contents.stream().anyMatch(content -> content.contains(pattern))).count();
    }

    @Test
    void encryptionHidesTheStateOnTheWireAndOnDiskAndLeavesTheBits() throws Exception {
        Map<String, Long> open = seen("open", Map.of("spark.authenticate", "true", "spark.authenticate.secret", SECRET));
        List<String> state = List.of("driver", "executor 0", "executor 1", "files of broadcast", "files of rdd", "files of shuffle");
        assertThat(open.remove("secret")).as("the driver tells executors all settings").isPositive();
        assertThat(open).containsOnlyKeys(state).allSatisfy((where, found) -> assertThat(found).as(where).isGreaterThan(PATTERNS / 2));
        Map<String, Long> encrypted = seen("encrypted", secured());
        assertThat(encrypted.remove("secret")).isZero();
        assertThat(encrypted).containsOnlyKeys(state).allSatisfy((where, found) -> assertThat(found).as(where).isZero());
    }

    @Test
    void whoDoesNotKnowTheSecretIsToldSoInOneLineAtOnce() throws Exception {
        Map<String, String> other = secured();
        other.put("spark.authenticate.secret", "another one");
        Map<String, String> none = secured();
        none.remove("spark.authenticate.secret");
        try (JavaProcess wrong = submit("wrong", other);
                JavaProcess missing = submit("missing", none);
                JavaProcess unaware = submit("unaware", Map.of())) {
            assertRefused(wrong, cluster.address() + " hangs up: spark.authenticate.secret must be the master's, and"
                    + " spark.network.crypto.* must go with the master's");
            assertRefused(missing, "spark.authenticate is on, but there is no spark.authenticate.secret: give that of " + cluster.address()
                    + ", in a file for --properties-file that only you can read");
            assertRefused(unaware, cluster.address() + " takes only who knows its secret: set spark.authenticate to true and"
                    + " spark.authenticate.secret, in a file for --properties-file that only you can read");
        }
    }

    private static void assertRefused(JavaProcess training, String line) throws InterruptedException {
        assertThat(training.await()).as(training.said()).isEqualTo(2);
        assertThat(training.said().lines().filter(said -> !said.startsWith("WARNING: Using incubator"))).containsExactly(line);
    }
}
