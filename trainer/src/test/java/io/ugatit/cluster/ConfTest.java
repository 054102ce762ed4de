package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What conf/ ships: settings for every kind of cluster, and the script that names GPUs. */
class ConfTest {
    private static final Path CONF = Path.of(System.getProperty("log4j2.configurationFile")).getParent();

    private static Map<String, String> settings(String name) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(CONF.resolve(name))) {
            properties.load(reader);
        }
        Map<String, String> settings = new TreeMap<>();
        properties.forEach((key, value) -> settings.put((String) key, (String) value));
        return settings;
    }

    private static SparkConf sparkConf(String name) throws IOException {
        SparkConf conf = new SparkConf(false);
        settings(name).forEach(conf::set);
        return conf;
    }

    @ParameterizedTest
    @ValueSource(strings = {"local-gpu", "standalone", "standalone-gpu", "yarn", "yarn-gpu", "kubernetes", "kubernetes-gpu"})
    void everyFileHasTheSettingsThatDoNotDependOnTheCluster(String cluster) throws IOException {
        Map<String, String> common = settings("spark-defaults.conf");
        common.remove("spark.master");
        assertThat(common).hasSizeGreaterThan(10);
        assertThat(settings("spark-defaults-" + cluster + ".conf")).containsAllEntriesOf(common);
    }

    @ParameterizedTest
    @CsvSource({"spark-defaults.conf,local[*]", "spark-defaults-local-gpu.conf,local[1]", "spark-defaults-standalone.conf,spark://localhost:7077",
        "spark-defaults-standalone-gpu.conf,spark://localhost:7077", "spark-defaults-yarn.conf,yarn", "spark-defaults-yarn-gpu.conf,yarn",
        "spark-defaults-kubernetes.conf,k8s://https://localhost:6443", "spark-defaults-kubernetes-gpu.conf,k8s://https://localhost:6443"})
    void everyFileNamesItsClusterAndIsOneThatSparkTakes(String file, String master) throws IOException {
        SparkConf conf = sparkConf(file);
        conf.validateSettings();
        assertThat(conf.get("spark.master")).isEqualTo(master);
        assertThat(conf.getSizeAsGb("spark.executor.memory")).isPositive();
        assertThat(conf.getInt("spark.executor.cores", 1)).isEqualTo(conf.getInt("spark.task.cpus", 1));
    }

    /** Java's properties keep the last of two, without a word. */
    @Test
    void noFileSetsAnythingTwice() throws IOException {
        try (Stream<Path> files = Files.list(CONF)) {
            for (Path file : files.filter(path -> path.toString().matches(".*\\.(conf|properties)")).toList()) {
                List<String> keys = Files.readAllLines(file).stream().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .map(line -> line.split("[\\s=]", 2)[0]).toList();
                assertThat(keys).as(file.toString()).isNotEmpty().doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void whatASharedClusterSetsHoldsNoSecretAndGoesWithEveryFile() throws IOException {
        SparkConf conf = sparkConf("spark-secured.conf");
        conf.set("spark.authenticate.secret", "test").validateSettings();
        assertThat(settings("spark-secured.conf").keySet()).containsExactlyInAnyOrder("spark.authenticate", "spark.network.crypto.enabled",
                "spark.network.crypto.authEngineVersion", "spark.network.crypto.saslFallback", "spark.io.encryption.enabled")
                .doesNotContainAnyElementsOf(settings("spark-defaults.conf").keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"yarn", "yarn-gpu", "kubernetes", "kubernetes-gpu"})
    void containersHaveRoomForWhatLiesOutsideTheHeap(String cluster) throws IOException {
        SparkConf conf = sparkConf("spark-defaults-" + cluster + ".conf");
        assertThat(conf.get("spark.executor.extraJavaOptions")).contains("maxbytes=8g");
        assertThat(conf.getSizeAsGb("spark.executor.memoryOverhead")).isGreaterThan(8);
        assertThat(conf.getSizeAsGb("spark.driver.memoryOverhead")).isGreaterThan(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"standalone", "standalone-gpu"})
    void aStandaloneClusterKnowsHowManyExecutorsToWaitFor(String cluster) throws IOException {
        SparkConf conf = sparkConf("spark-defaults-" + cluster + ".conf");
        assertThat(conf.getInt("spark.cores.max", 0)).isPositive().isEqualTo(4 * conf.getInt("spark.task.cpus", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"standalone", "yarn", "kubernetes"})
    void aWorkerOnGpusHasAnExecutorWithOneGpuOfItsOwn(String cluster) throws IOException {
        assertThat(settings("spark-defaults-" + cluster + "-gpu.conf"))
                .containsEntry("spark.executor.resource.gpu.amount", "1").containsEntry("spark.task.resource.gpu.amount", "1")
                .containsEntry("spark.executorEnv.CUDA_DEVICE_ORDER", "PCI_BUS_ID")
                .hasEntrySatisfying(cluster.equals("standalone") ? "spark.worker.resource.gpu.discoveryScript"
                        : "spark.executor.resource.gpu.discoveryScript", script -> assertThat(script).endsWith("/discover-gpus"));
        assertThat(settings("spark-defaults-" + cluster + ".conf").keySet()).noneMatch(key -> key.contains("gpu"));
    }

    @TempDir
    private Path folder;

    private Process discover(String nvidiaSmi, String... variables) throws Exception {
        Path command = folder.resolve("nvidia-smi");
        Files.writeString(command, "#!/bin/sh\n" + nvidiaSmi);
        assertThat(command.toFile().setExecutable(true)).isTrue();
        ProcessBuilder builder = new ProcessBuilder(CONF.resolve("discover-gpus").toString());
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("PATH", folder + ":" + System.getenv("PATH"));
        environment.remove("CUDA_VISIBLE_DEVICES");
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.waitFor();
        return process;
    }

    @Test
    void theDiscoveryScriptNamesTheGpusAsSparkReadsThem() throws Exception {
        Process script = discover("[ \"$*\" = '--query-gpu=index --format=csv,noheader' ] && printf '0\\n1\\n7\\n'\n");
        assertThat(script.exitValue()).isZero();
        assertThat(new ObjectMapper().readTree(script.getInputStream()))
                .isEqualTo(new ObjectMapper().readTree("{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\", \"7\"]}"));
    }

    @Test
    void theDiscoveryScriptNumbersTheGpusThatCudaMaySeeAsCudaDoes() throws Exception {
        Process script = discover("printf '0\\n1\\n2\\n'\n", "CUDA_VISIBLE_DEVICES", "2,GPU-8932f937");
        assertThat(new ObjectMapper().readTree(script.getInputStream()).get("addresses"))
                .isEqualTo(new ObjectMapper().readTree("[\"0\", \"1\"]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "NoDevFiles"})
    void theDiscoveryScriptSaysThatAllGpusAreHidden(String visible) throws Exception {
        Process script = discover("printf '0\\n1\\n'\n", "CUDA_VISIBLE_DEVICES", visible);
        assertThat(script.exitValue()).isEqualTo(1);
        try (Stream<String> lines = script.errorReader().lines()) {
            assertThat(lines).singleElement().asString().startsWith("discover-gpus: CUDA_VISIBLE_DEVICES is '" + visible + "' on ")
                    .endsWith(", which hides every GPU");
        }
    }

    @Test
    void theDiscoveryScriptTakesNoWarningForAGpu() throws Exception {
        Process script = discover("printf 'WARNING: infoROM is corrupted at gpu 0000:00:1E.0\\n0\\n'\n");
        assertThat(new ObjectMapper().readTree(script.getInputStream()).get("addresses")).isEqualTo(new ObjectMapper().readTree("[\"0\"]"));
        Process none = discover("echo 'No devices were found'\n");
        assertThat(none.exitValue()).isEqualTo(1);
        try (Stream<String> lines = none.errorReader().lines()) {
            assertThat(lines).singleElement().asString().startsWith("discover-gpus: nvidia-smi names no GPU on ")
                    .endsWith(": No devices were found");
        }
    }

    /** CUDA shows a process one part, however many there are. */
    @Test
    void ofGpusThatArePartedTheDiscoveryScriptNamesOne() throws Exception {
        Process asked = discover("case \"$*\" in *mig*) printf '[N/A]\nEnabled\n' ;; *) printf '0\n1\n' ;; esac\n");
        Process given = discover("printf '0\n'\n", "CUDA_VISIBLE_DEVICES", "MIG-41b35eb2,MIG-6a1c07fd");
        for (Process script : List.of(asked, given)) {
            assertThat(new ObjectMapper().readTree(script.getInputStream()))
                    .isEqualTo(new ObjectMapper().readTree("{\"name\": \"gpu\", \"addresses\": [\"0\"]}"));
        }
    }

    @Test
    void theDiscoveryScriptSaysWhyThereAreNone() throws Exception {
        Process script = discover("echo 'NVIDIA-SMI has failed because it could not communicate with the driver'; exit 9\n");
        assertThat(script.exitValue()).isEqualTo(1);
        try (Stream<String> lines = script.errorReader().lines()) {
            assertThat(lines).singleElement().asString().startsWith("discover-gpus: nvidia-smi does not run on ")
                    .endsWith(": NVIDIA-SMI has failed because it could not communicate with the driver");
        }
    }
}
