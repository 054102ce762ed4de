package io.ugatit.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.mlflow.MlflowStandIn.Mood;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.process.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlflowLogTest {
    private static final Duration PATIENT = Duration.ofMinutes(5);
    private static final Duration IMPATIENT = Duration.ofMillis(300);
    private static final NetworkOptions SMALL = new NetworkOptions(16, 2, 1, true, false, 4, 3);

    @TempDir
    private Path folder;
    private RunDirectory run;
    private MlflowStandIn server;
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    @BeforeEach
    void begin() throws IOException {
        server = new MlflowStandIn();
        run = new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(folder.resolve("first").toUri()));
        run.publishConfig(RunConfig.of(SMALL));
        new CheckpointStore(run).publish(4, UgatitGraph.create(SMALL, 1).namedParameters(), Map.of(), JsonNodeFactory.instance.objectNode());
    }

    @AfterEach
    void end() {
        server.close();
    }

    private MlflowLog start(Duration patience, Map<String, String> environment) throws IOException {
        String address = server.address() + "/";
        return MlflowLog.start(new MlflowOptions(address, "demo & more"), new MlflowServer(address, environment, patience), run,
                Map.of("ch", "64", "lr", "1.0E-4"), warnings::add);
    }

    private MlflowLog start() throws IOException {
        return start(PATIENT, Map.of());
    }

    private static void tell(MlflowLog log, int first, int last) {
        IntStream.rangeClosed(first, last).forEach(step -> log.metrics(step, Map.of("loss/d", step / 2.0, "lr", 0.25)));
    }

    private static List<String> steps(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().flatMap(step -> List.of("loss/d " + step, "lr " + step).stream()).sorted().toList();
    }

    private List<String> told() {
        return MlflowStandIn.names(server.metrics());
    }

    @Test
    void parametersNumbersAndModelsArrive() throws Exception {
        List<Path> othersFiles = temporaryFiles();
        try (MlflowLog log = start()) {
            tell(log, 1, 3);
            log.metrics(3, Map.of("kid/sum", 0.125, "kid/a2b", Double.NaN));
            log.finished();
        }
        assertThat(warnings).isEmpty();
        assertThat(server.experiments()).containsExactly("demo & more");
        MlflowStandIn.Run there = server.run();
        assertThat(there.name).isEqualTo("first");
        assertThat(there.parameters).isEqualTo(Map.of("ch", "64", "lr", "1.0E-4"));
        assertThat(there.metrics).containsExactlyInAnyOrder("loss/d 1 0.5", "lr 1 0.25", "loss/d 2 1.0", "lr 2 0.25", "loss/d 3 1.5", "lr 3 0.25",
                "kid/sum 3 0.125");
        assertThat(there.status).isEqualTo("FINISHED");
        assertThat(there.files).containsOnlyKeys("model/a2b.onnx", "model/a2b.safetensors", "model/b2a.onnx", "model/b2a.safetensors");
        long bytes = UgatitGraph.create(SMALL, 1).namedParameters().entrySet().stream().filter(entry -> entry.getKey().startsWith("genA2B."))
                .mapToLong(entry -> Float.BYTES * entry.getValue().length()).sum();
        assertThat(there.files.get("model/a2b.safetensors")).isBetween((int) bytes, (int) bytes + 65_536);
        assertThat(there.files.get("model/a2b.onnx")).isGreaterThan((int) bytes);
        assertThat(othersFiles).as("models that were uploaded are deleted").containsAll(temporaryFiles());
        assertThat(server.authorizations()).containsOnly("null");
    }

    private static List<Path> temporaryFiles() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("ugatit-mlflow-")).toList();
        }
    }

    @Test
    void aTrainingThatGoesOnGoesOnInTheSameRunAndTellsNoStepTwice() throws Exception {
        try (MlflowLog log = start()) {
            tell(log, 1, 5);
        }
        assertThat(server.run().status).isEqualTo("FAILED");
        assertThat(server.run().files).isEmpty();
        try (MlflowLog log = start()) {
            Waiting.until("the run goes on", () -> server.run().status.equals("RUNNING"));
            log.metrics(3, Map.of("kid/sum", 0.5));
            tell(log, 3, 8); // from a checkpoint of step 2
            log.finished();
        }
        assertThat(told()).containsExactlyElementsOf(Stream.concat(steps(1, 8).stream(), Stream.of("kid/sum 3")).sorted().toList());
        assertThat(server.run().status).isEqualTo("FINISHED");
        assertThat(warnings).isEmpty();
    }

    @Test
    void aRunThatSomebodyHasDeletedIsMadeAgainAndADamagedKeyMakesAnother() throws Exception {
        try (MlflowLog log = start()) {
            tell(log, 1, 2);
        }
        String tag = server.run().tags.get("ugatit_run");
        server.delete();
        try (MlflowLog log = start()) {
            tell(log, 3, 4);
        }
        assertThat(told()).isEqualTo(steps(3, 4));
        assertThat(server.run().tags).containsEntry("ugatit_run", tag);
        Files.writeString(folder.resolve("first/mlflow.json"), "{\"key\": \"' or ");
        try (MlflowLog log = start()) {
            tell(log, 5, 6);
        }
        assertThat(server.runs()).hasSize(2);
        assertThat(warnings).isEmpty();
    }

    @Test
    void whatIsRefusedSinceTheRunWasDeletedMeanwhileIsToldToTheNewOne() throws Exception {
        try (MlflowLog log = start()) {
            tell(log, 1, 2);
            Waiting.until("numbers have arrived", () -> !server.runs().isEmpty() && server.metrics().size() == 4);
            server.delete();
            tell(log, 3, 4);
            Waiting.until("the new run has them", () -> !server.runs().isEmpty() && server.metrics().size() == 4);
            server.delete();
            tell(log, 5, 5); // and the training ends
        }
        assertThat(told()).isEqualTo(steps(5, 5));
        assertThat(warnings).isEmpty();
    }

    @Test
    void whatABrokenServerIsNotToldWaitsForIt() throws Exception {
        server.become(Mood.BROKEN);
        try (MlflowLog log = start()) {
            tell(log, 1, 3);
            Waiting.until("it is tried", () -> !warnings.isEmpty());
            server.become(Mood.WELL);
            Waiting.until("numbers have arrived", () -> !server.runs().isEmpty() && server.metrics().size() == 6);
            tell(log, 4, 4);
        }
        assertThat(told()).isEqualTo(steps(1, 4));
        assertThat(warnings).containsExactly("--mlflow " + server.address() + "/: it answered with status 500; numbers of 2000 rounds wait for it,"
                + " of more the oldest are lost; the training goes on");
    }

    @Test
    void whatAServerHasTakenBeforeItFailedIsNotToldAgain() throws Exception {
        try (MlflowLog log = start()) {
            Waiting.until("the run is there", () -> !server.runs().isEmpty() && server.run().parameters.size() == 2);
            server.become(Mood.FORGETFUL);
            tell(log, 1, 1);
            Waiting.until("it has taken them", () -> server.metrics().size() == 2 && !warnings.isEmpty());
            server.become(Mood.WELL);
            tell(log, 2, 3);
        }
        assertThat(told()).isEqualTo(steps(1, 3));
        assertThat(warnings).hasSize(1);
    }

    @Test
    void aServerThatNeverAnswersHoldsNobodyUp() throws Exception {
        server.become(Mood.SILENT);
        try (MlflowLog log = start(IMPATIENT, Map.of())) {
            tell(log, 1, 7);
            log.finished();
        }
        assertThat(warnings).last().asString().isEqualTo("--mlflow " + server.address()
                + "/: it did not answer within 0 s; it was not told numbers of 7 rounds and the models; the training stands");
    }

    @Test
    void ofAServerThatIsGoneItIsSaidWhatItWasNotTold() throws Exception {
        String address = server.address();
        server.close();
        try (MlflowLog log = MlflowLog.start(new MlflowOptions(address, null), new MlflowServer(address, Map.of(), PATIENT), run,
                new TreeMap<>(), warnings::add)) {
            tell(log, 1, 2);
            Waiting.until("it is tried", () -> !warnings.isEmpty());
        }
        assertThat(warnings).containsExactly("--mlflow " + address + ": it cannot be reached; numbers of 2000 rounds wait for it, of more the"
                + " oldest are lost; the training goes on", "--mlflow " + address + ": it cannot be reached; it was not told numbers of 2 rounds;"
                + " the training stands");
    }

    @Test
    void whatIsRefusedIsNotToldAgain() throws Exception {
        server.become(Mood.PICKY);
        try (MlflowLog log = start()) {
            tell(log, 1, 1);
            Waiting.until("it is refused", () -> !warnings.isEmpty());
            server.become(Mood.WELL);
            tell(log, 2, 2);
        }
        assertThat(told()).isEqualTo(steps(2, 2));
        assertThat(warnings).containsExactly("--mlflow " + server.address() + "/: it answered with status 400: no such numbers; it was not told numbers"
                + " of 1 round; the training goes on",
                "--mlflow " + server.address() + "/: it was not told numbers of 1 round; the training stands");
    }

    @Test
    void aServerThatTakesNoParametersIsToldTheRest() throws Exception {
        server.become(Mood.STRICT);
        try (MlflowLog log = start()) {
            tell(log, 1, 2);
            log.finished();
        }
        assertThat(told()).isEqualTo(steps(1, 2));
        assertThat(server.run().files).isNotEmpty();
        assertThat(warnings).containsExactly("--mlflow " + server.address() + "/: it answered with status 400: too long; it was not told all"
                + " parameters; the training goes on");
    }

    @Test
    void aServerThatDoesNotPassFilesOnGetsNoModels() throws Exception {
        server.keepFilesAt("s3://bucket");
        try (MlflowLog log = start()) {
            tell(log, 1, 1);
            log.finished();
        }
        assertThat(server.run().status).isEqualTo("FINISHED");
        assertThat(warnings).containsExactly("--mlflow " + server.address() + "/: it keeps files at s3://bucket/1/run1/artifacts without passing"
                + " them on: mlflow server --serve-artifacts does; it was not told the models; the training stands");
    }

    @Test
    void manyNumbersGoInSeveralRequests() throws Exception {
        Map<String, Double> many = new TreeMap<>();
        IntStream.range(0, 300).forEach(number -> many.put("rho/" + number, 0.5));
        try (MlflowLog log = start()) {
            IntStream.rangeClosed(1, 7).forEach(step -> log.metrics(step, many));
        }
        assertThat(server.metrics()).hasSize(7 * 300);
        assertThat(warnings).isEmpty();
    }

    @Test
    void namesAndPasswordsComeFromTheEnvironment() throws Exception {
        start(PATIENT, Map.of("MLFLOW_TRACKING_USERNAME", "me", "MLFLOW_TRACKING_PASSWORD", "secret", "MLFLOW_TRACKING_TOKEN", "t")).close();
        assertThat(server.authorizations()).containsOnly("Basic bWU6c2VjcmV0");
        int before = server.authorizations().size();
        start(PATIENT, Map.of("MLFLOW_TRACKING_TOKEN", "t\r\n")).close(); // as files of secrets end
        assertThat(server.authorizations().subList(before, server.authorizations().size())).isNotEmpty().containsOnly("Bearer t");
    }
}
