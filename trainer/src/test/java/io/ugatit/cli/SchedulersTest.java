package io.ugatit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.ugatit.job.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import picocli.CommandLine.ParseResult;

/** Holds the files in submit/schedulers to the program's options, to its version, and to the settings of submit/ugatit and conf/. */
class SchedulersTest {
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final Path SCHEDULERS = TOP.resolve("submit/schedulers");
    private static final Set<String> OF_THE_APPLICATION = Set.of("spark.master", "spark.kubernetes.container.image", "spark.executor.instances",
            "spark.executor.cores", "spark.driver.memory", "spark.driver.memoryOverhead", "spark.executor.memory",
            "spark.executor.memoryOverhead", "spark.ui.showConsoleProgress");
    /** A word that begins with a quote ends with it; templates of Airflow are such. */
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @Test
    void everyCommandInThemIsOneThatTheProgramTakes() throws IOException {
        List<String> commands = new ArrayList<>();
        for (String name : List.of("systemd/ugatit-retrain.service", "crontab", "airflow/ugatit_retrain.py", "compose.yaml")) {
            String text = Files.readString(SCHEDULERS.resolve(name)).replaceAll("([\"'])\\s*\n\\s*f?\\1", "") // Python joins such strings
                    .replaceAll("\"(\\$RUN|hdfs:[^\"\\s]*)\"", "$1").replace("{{{{", "{{").replace("}}}}", "}}").replace("{UGATIT}", "ugatit");
            List<String> found = Pattern.compile("ugatit ((?:retrain|translate|prep|train) --[^>|#\"\\n]*)").matcher(text).results()
                    .map(MatchResult::group).toList();
            assertThat(found).as(name).isNotEmpty();
            commands.addAll(found);
        }
        assertThat(commands).hasSize(6).allSatisfy(SchedulersTest::requireTaken);
    }

    private static void requireTaken(String command) {
        requireTaken(WORD.matcher(command).results().skip(1).map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                .toArray(String[]::new));
    }

    @Test
    void everyPathSaysWhichFileSystemItIsOn() throws IOException {
        Pattern path = Pattern.compile("--(?:conf|data|run|input|output|workspace),? +([^-\\s'\"\\]{}][^\\s'\"\\],]*)"
                + "|airflow variables set \\w+ (\\S+)|\"(?:input|workspace)\": \"([^\"]*)\"");
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SCHEDULERS)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // compose.yaml brings a default; elsewhere there is none that both the file and HDFS can be found by
                String named = file.endsWith("compose.yaml") ? "(file|hdfs):///.+" : "file:///.+|hdfs://NAMENODE:8020/.+";
                path.matcher(Files.readString(file)).results().forEach(option -> {
                    String value = IntStream.rangeClosed(1, 3).mapToObj(option::group).filter(Objects::nonNull).findFirst().orElseThrow();
                    if (!value.startsWith("DIR")) {
                        assertThat(value).as(file.toString()).matches(named);
                        found.add(value);
                    }
                });
            }
        }
        assertThat(found).contains("file:///etc/ugatit/nightly.json", "hdfs://NAMENODE:8020/images").hasSizeGreaterThan(12);
    }

    /** What Airflow makes of a task: Python joins its strings, in an f-string doubled braces are one. */
    private static String airflowCommand(String task, String next, String ugatit) throws IOException {
        String dag = Files.readString(SCHEDULERS.resolve("airflow/ugatit_retrain.py"));
        String text = dag.substring(dag.indexOf("task_id=\"" + task + "\""), dag.indexOf(next));
        String command = text.substring(text.indexOf("bash_command=("), text.indexOf("\n        ),"));
        return Pattern.compile("(?m)^ +f?(?:\"([^\"]*)\"|'([^']*)')$").matcher(command).results()
                .map(part -> part.group(1) == null ? part.group(2) : part.group(1)).collect(Collectors.joining())
                .replace("{UGATIT}", ugatit).replace("{SKIPPED}", "99");
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Airflow hands the last line of a task on. */
    @ParameterizedTest
    @CsvSource({"promoted hdfs://n/runs/0002, 0, 0", "still promoted hdfs://n/runs/0002, 0, 0", "no run is promoted yet, 0, 99",
        "'', 1, 1", "'', 2, 2"})
    void airflowTranslatesByWhatIsPromotedWheneverItWas(String lastLine, int status, int expected, @TempDir Path folder) throws Exception {
        Path ugatit = folder.resolve("ugatit");
        Files.writeString(ugatit, "echo promoted nothing; echo promoted later >&2; echo '" + lastLine + "'; exit " + status + "\n");
        Process bash = new ProcessBuilder("bash", "-c", airflowCommand("retrain", "task_id=\"translate\"", "sh " + ugatit))
                .redirectErrorStream(true).start();
        String log = output(bash);
        assertThat(log).as("the log").contains(lastLine, "later");
        assertThat(bash.waitFor()).isEqualTo(expected);
        if (expected == 0) {
            assertThat(log.lines()).last().isEqualTo("hdfs://n/runs/0002");
        }
    }

    @Test
    void airflowGivesEveryModelAnOutputOfItsOwn(@TempDir Path folder) throws Exception {
        Path ugatit = Files.writeString(folder.resolve("ugatit"), "printf '%s\\n' \"$@\"\n");
        ProcessBuilder bash = new ProcessBuilder("bash", "-c", airflowCommand("translate", "retrain >> translate", "sh " + ugatit));
        bash.environment().put("RUN", "hdfs://n/the nights/runs/0002");
        assertThat(output(bash.start()).lines()).contains("hdfs://n/the nights/runs/0002", "hdfs://NAMENODE:8020/translated/0002");
        assertThat(Files.readString(SCHEDULERS.resolve("airflow/ugatit_retrain.py")))
                .contains("env={\"RUN\": \"{{ ti.xcom_pull(task_ids='retrain') }}\"}");
    }

    private static void requireTaken(String... words) {
        ParseResult parsed = Options.parse(new Ugatit(Commands.ALL).specification(), words).subcommand();
        Command<?> command = Commands.ALL.stream().filter(one -> one.name().equals(parsed.commandSpec().name())).findFirst().orElseThrow();
        assertThat(Options.bind(parsed, command.options())).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kubeflow-spark-application", "kubeflow-scheduled-spark-application", "apache-spark-application"})
    void anApplicationOnKubernetesHasTheSettingsOfConfAndSubmit(String name) throws IOException {
        Map<String, Object> spec = map(yaml("kubernetes/" + name + ".yaml").get("spec"));
        spec = spec.containsKey("template") ? map(spec.get("template")) : spec;
        Map<String, Object> settings = map(spec.get("sparkConf"));
        conf().forEach((key, value) -> {
            if (!OF_THE_APPLICATION.contains((String) key)) {
                assertThat(settings).as(name).containsEntry((String) key, value);
            }
        });
        String submit = Files.readString(TOP.resolve("submit/ugatit"));
        List<String> java = Pattern.compile("(?:java_options|driver_collector)\\+?=\"([^\"$]*)\"").matcher(submit).results()
                .map(found -> found.group(1).strip()).filter(options -> !options.contains("Tier4") && !options.contains("CompileCommand")) // prep's
                .flatMap(options -> Arrays.stream(options.split(" "))).toList();
        assertThat(java).hasSizeGreaterThan(4);
        assertThat(((String) settings.get("spark.executor.defaultJavaOptions")).split(" ")).containsExactlyElementsOf(java);
        assertThat(((String) settings.get("spark.driver.defaultJavaOptions")).split(" "))
                .containsExactlyElementsOf(Stream.concat(java.stream(), Stream.of("-Dorg.bytedeco.javacpp.maxbytes=8g")).toList());
        for (String variable : List.of("OMP_WAIT_POLICY", "OPENBLAS_NUM_THREADS", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_",
                "MALLOC_TOP_PAD_")) {
            String value = (String) settings.get("spark.executorEnv." + variable);
            assertThat(submit).contains(variable + "=" + value);
            assertThat(settings).contains(entry("spark.kubernetes.driverEnv." + variable, value));
        }
        Object arguments = spec.containsKey("arguments") ? spec.get("arguments") : spec.get("driverArgs");
        requireTaken(((List<?>) arguments).toArray(String[]::new));
    }

    @Test
    void theyNameThisVersionAndItsSpark() throws IOException {
        String version = Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(TOP.resolve("pom.xml"))).results()
                .map(found -> found.group(1)).findFirst().orElseThrow();
        String spark = org.apache.spark.package$.MODULE$.SPARK_VERSION();
        Map<String, Integer> versions = new HashMap<>();
        try (Stream<Path> files = Files.walk(SCHEDULERS)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Pattern.compile("(?:ugatit-spark[:-]|VERSION=)(\\d+\\.\\d+\\.\\d+)").matcher(Files.readString(file)).results()
                        .forEach(found -> versions.merge("program " + found.group(1), 1, Integer::sum));
                Pattern.compile("(?:apache/spark:|sparkVersion: )(\\d+\\.\\d+\\.\\d+)").matcher(Files.readString(file)).results()
                        .forEach(found -> versions.merge("Spark " + found.group(1), 1, Integer::sum));
            }
        }
        assertThat(versions).containsOnlyKeys("program " + version, "Spark " + spark);
    }

    @Test
    void theNightsOfKubernetesReadTheConfigurationBesideThem() throws IOException {
        Map<String, Object> files = map(yaml("kubernetes/nightly.yaml").get("data"));
        assertThat(map(new Yaml(new SafeConstructor(new LoaderOptions())).load((String) files.get("nightly.json"))))
                .containsKeys("input", "workspace").containsEntry("train", Map.of("steps", 20000, "workers", 4));
    }

    private static Properties conf() throws IOException {
        Properties conf = new Properties();
        try (var in = Files.newInputStream(TOP.resolve("conf/spark-defaults-kubernetes.conf"))) {
            conf.load(in);
        }
        return conf;
    }

    private static Map<String, Object> yaml(String file) throws IOException {
        return map(new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(SCHEDULERS.resolve(file))));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
