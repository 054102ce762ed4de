package io.ugatit.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.golden.Golden;
import io.ugatit.golden.GoldenWeights;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.UgatitGraph;
import io.ugatit.publish.FragileFileSystem;
import io.ugatit.publish.Removal;
import io.ugatit.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ImportJobTest {
    private final Configuration configuration = new Configuration();
    @TempDir
    private Path folder;

    private ImportResult importFrom(String weights, Integer size) {
        return new ImportJob(configuration, new ImportOptions(weights, folder.resolve("run").toString(), size)).run();
    }

    private String write(Map<String, INDArray> tensors) throws IOException {
        return "file:" + GoldenWeights.write(folder.resolve("weights.safetensors"), tensors);
    }

    private void assertRefused(String message, String weights, Integer size) {
        assertThatThrownBy(() -> importFrom(weights, size)).isInstanceOf(InvalidRequestException.class).hasMessage(message);
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "full"})
    void weightsBecomeARunAtStepZeroWithTheSizesOfTheirShapes(String name) throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors(name);
        ImportResult result = importFrom(write(tensors), name.equals("light") ? 64 : null);
        try (Golden golden = new Golden(name)) {
            assertThat(result.network()).isEqualTo(golden.options());
        }
        assertThat(result.parameters()).isEqualTo(tensors.values().stream().mapToLong(INDArray::length).sum());

        RunDirectory run = new RunDirectory(configuration, new org.apache.hadoop.fs.Path(folder.resolve("run").toString()));
        assertThat(RunConfig.network(run)).isEqualTo(result.network());
        Checkpoint checkpoint = new CheckpointStore(run).latestWhole(warning -> assertThat(warning).isNull()).orElseThrow();
        assertThat(checkpoint.step()).isZero();
        assertThat(checkpoint.hasMoments()).isFalse();
        UgatitGraph graph = UgatitGraph.create(result.network(), 1);
        checkpoint.readInto(graph.namedParameters(), Map.of());
        graph.namedParameters().forEach((key, value) -> assertThat(value.dup().data().asFloat()).as(key)
                .isEqualTo(tensors.get(key).data().asFloat()));
    }

    @Test
    void theSizeOfALightModelIs256UnlessGiven() throws Exception {
        assertThat(importFrom(write(GoldenWeights.tensors("light")), null).network().size()).isEqualTo(256);
    }

    @ParameterizedTest
    @ValueSource(strings = {"65", "4096", "-64", "large", "99999999999", ""})
    void aSizeThatIsWrittenInTheFileIsNotTrusted(String size) throws Exception {
        Path file = folder.resolve("weights.safetensors");
        try (OutputStream out = Files.newOutputStream(file)) {
            SafetensorsWriter.write(out, GoldenWeights.tensors("light"), Map.of("network.size", size));
        }
        assertRefused("file:" + file + ": says that its network.size is \"" + size + "\": must be a multiple of 4 from 16 to 2048", file.toString(),
                null);
    }

    @Test
    void aSizeThatIsNotAFullModelsIsRefused() throws Exception {
        String weights = write(GoldenWeights.tensors("full"));
        assertRefused("--size is 128: " + weights + " holds a full model for --size 64; leave --size out", weights, 128);
    }

    @Test
    void aSizeThatNoNetworkHasIsRefused() {
        assertThatThrownBy(() -> new ImportOptions("w.pt", "run", 65)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--size is 65: must be a multiple of 4 from 16 to 2048");
    }

    @Test
    void networksInsideAnotherDictionaryAreNamedWithIt() throws Exception {
        String weights = write(renamed(GoldenWeights.tensors("light"), key -> "checkpoint.model." + key));
        assertRefused(weights + ": the networks are deeper in it, under \"checkpoint.model\": save that dictionary alone", weights, 64);
        weights = write(Map.of("state_dict.DownBlock.1.weight", Nd4j.zeros(DataType.FLOAT, 8, 3, 7, 7)));
        assertRefused(weights + ": the networks are deeper in it, under \"state_dict\": save that dictionary alone", weights, 64);
    }

    @Test
    void aSizeTheDiscriminatorsDoNotFitIsRefused() throws Exception {
        String weights = write(GoldenWeights.tensors("light"));
        assertThatThrownBy(() -> importFrom(weights, 16)).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("not at this image size: --global-layers is ");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aMissingTensorIsNamed() throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        tensors.remove("genB2A.gmp_fc.weight");
        String weights = write(tensors);
        long top = tensors.get("genA2B.gap_fc.weight").size(1);
        assertRefused(weights + ": tensor \"genB2A.gmp_fc.weight\" is missing, expected with shape [1, " + top + "]", weights, 64);
    }

    @Test
    void aMissingTensorOfWhichOthersAreCountedIsNamed() throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        tensors.remove("disGA.model.4.weight_orig");
        String weights = write(tensors);
        assertRefused(weights + ": tensor \"disGA.model.4.weight_orig\" is missing", weights, 64);
    }

    @Test
    void discriminatorsWithOtherNamesOfSpectralNormAreToldByThem() throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        String weights = write(renamed(tensors, key -> key.replace("weight_orig", "parametrizations.weight.original")
                .replaceFirst("weight_([uv])$", "parametrizations.weight.0._$1")));
        assertRefused(weights + ": tensor \"disGA.model.1.weight_orig\" is missing: in its place is"
                + " \"disGA.model.1.parametrizations.weight.original\", of torch.nn.utils.parametrizations.spectral_norm; expected are the names of"
                + " torch.nn.utils.spectral_norm", weights, 64);
        tensors.keySet().removeIf(name -> name.matches(".*weight_[uv]"));
        write(renamed(tensors, key -> wrapped(key).replace("weight_orig", "weight")));
        assertRefused(weights + ": tensor \"disGA.module.model.1.weight_orig\" is missing: in its place is \"disGA.module.model.1.weight\", without"
                + " spectral norm; expected are the names of torch.nn.utils.spectral_norm", weights, 64);
        tensors.keySet().removeIf(name -> name.contains(".model."));
        write(tensors);
        assertRefused(weights + ": tensor \"disGA.model.1.weight_orig\" is missing", weights, 64);
    }

    @Test
    void aGeneratorWithoutResidualBlocksIsToldWhichTensorIsMissing() throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        tensors.keySet().removeIf(name -> name.contains("DownBlock.1") && name.contains("conv_block"));
        String weights = write(tensors);
        assertRefused(weights + ": tensor \"genA2B.DownBlock.12.conv_block.1.weight\" is missing", weights, 64);
    }

    @Test
    void aMissingPowerIterationVectorIsNamed() throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        tensors.remove("disLB.conv.weight_u");
        String weights = write(tensors);
        assertRefused(weights + ": tensor \"disLB.conv.weight_u\" is missing, expected with shape [1]", weights, 64);
    }

    @Test
    void aTensorOfAnotherShapeIsNamedWithBothShapes() throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        long ch = tensors.get("genA2B.DownBlock.1.weight").size(0);
        tensors.put("genA2B.DownBlock.5.weight", Nd4j.zeros(DataType.FLOAT, 1, 4, 3, 3));
        String weights = write(tensors);
        assertRefused(weights + ": tensor \"genA2B.DownBlock.5.weight\" has shape [1, 4, 3, 3], expected [" + 2 * ch + ", " + ch
                + ", 3, 3]", weights, 64);
    }

    @Test
    void aTensorTooManyIsNamed() throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        tensors.put("disGA.extra", Nd4j.zeros(DataType.FLOAT, 2));
        String weights = write(tensors);
        assertRefused(weights + ": tensor \"disGA.extra\" [2] is one too many: disGA has none of this name", weights, 64);
    }

    @Test
    void aTensorOfNoNetworkIsNamedWithAnExample() throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        tensors.put("ema.weight", Nd4j.zeros(DataType.FLOAT, 2));
        String weights = write(tensors);
        assertRefused(weights + ": tensor \"ema.weight\" is of none of the networks genA2B, genB2A, disGA, disGB, disLA,"
                + " disLB: names must be NETWORK.KEY, such as genA2B.DownBlock.1.weight", weights, 64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DownBlock.1.weight", "module.DownBlock.1.weight"})
    void aGeneratorWithoutItsNameIsForTranslateOnly(String name) throws Exception {
        String weights = write(Map.of(name, Nd4j.zeros(DataType.FLOAT, 8, 3, 7, 7)));
        assertRefused(weights + ": holds one generator without its name; translate takes it as --weights, import needs all six networks,"
                + " with keys such as genA2B.DownBlock.1.weight", weights, null);
    }

    private static String wrapped(String name) {
        return name.replaceFirst("\\.", ".module.");
    }

    private static Map<String, INDArray> renamed(Map<String, INDArray> tensors, UnaryOperator<String> name) {
        Map<String, INDArray> renamed = new TreeMap<>();
        tensors.forEach((key, tensor) -> renamed.put(name.apply(key), tensor));
        return renamed;
    }

    @Test
    void dataParallelsModuleIsDroppedFromEveryName() throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        byte[] plain = parameters(importFrom(write(tensors), 64));
        for (UnaryOperator<String> name : List.<UnaryOperator<String>>of(ImportJobTest::wrapped, key -> "module." + key,
                key -> "module." + wrapped(key), key -> key.startsWith("dis") ? wrapped(key) : key,
                key -> key.replaceFirst("\\.", "._orig_mod.module."))) {
            assertThat(parameters(importFrom(write(renamed(tensors, name)), 64))).isEqualTo(plain);
        }
    }

    private byte[] parameters(ImportResult result) throws IOException {
        byte[] parameters = Files.readAllBytes(Path.of(result.run(), "checkpoints/step-00000000/parameters.safetensors"));
        Removal.remove(configuration, new org.apache.hadoop.fs.Path(result.run()));
        return parameters;
    }

    @Test
    void aNetworkOfWhichSomeTensorsHaveModuleInFrontIsRefused() throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        String weights = write(renamed(tensors, name -> name.equals("genB2A.gmp_fc.weight") ? wrapped(name) : name));
        assertRefused(weights + ": tensor \"genB2A.module.gmp_fc.weight\" does not begin with \"genB2A.\" as others of genB2A do:"
                + " all must begin alike", weights, 64);
    }

    @Test
    void aTensorThatIsThereWithAndWithoutModuleIsRefused() throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        tensors.put("module.disGA.conv.weight_u", tensors.get("disGA.conv.weight_u"));
        String weights = write(tensors);
        assertThatThrownBy(() -> importFrom(weights, 64)).isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith(weights + ": tensors \"").hasMessageContaining("\"module.disGA.conv.weight_u\"")
                .hasMessageContaining("\"disGA.conv.weight_u\"").hasMessageEndingWith(" are the same without \"module.\": one of them must go");
    }

    @Test
    void aTensorIsNamedAsTheFileNamesIt() throws Exception {
        Map<String, INDArray> tensors = renamed(GoldenWeights.tensors("light"), ImportJobTest::wrapped);
        tensors.remove("disLB.module.conv.weight_u");
        String weights = write(tensors);
        assertRefused(weights + ": tensor \"disLB.module.conv.weight_u\" is missing, expected with shape [1]", weights, 64);
    }

    @Test
    void networksThatAreMissingAreNamed() throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        tensors.keySet().removeIf(name -> name.startsWith("disL"));
        String weights = write(tensors);
        assertRefused(weights + ": translate takes it as --weights, import needs all six networks, and disLA, disLB are missing", weights, 64);
        tensors.keySet().removeIf(name -> name.startsWith("dis"));
        write(tensors);
        assertRefused(weights + ": no discriminators in the file: translate takes it as --weights, import needs all six networks, and disGA,"
                + " disGB, disLA, disLB are missing", weights, 64);
        tensors.keySet().removeIf(name -> name.startsWith("genB2A."));
        write(tensors);
        assertRefused(weights + ": no discriminators in the file: translate takes it as --weights, import needs all six networks, and genB2A,"
                + " disGA, disGB, disLA, disLB are missing", weights, 64);
        Map<String, INDArray> discriminators = GoldenWeights.tensors("light");
        discriminators.keySet().removeIf(name -> name.startsWith("gen"));
        write(discriminators);
        assertRefused(weights + ": import needs all six networks, and genA2B, genB2A are missing", weights, 64);
    }

    @Test
    void aDiskThatIsFullIsNamedAndLeavesNoPartOfARun() throws Exception {
        String weights = write(GoldenWeights.tensors("light"));
        ImportJob job = new ImportJob(FragileFileSystem.configuration(),
                new ImportOptions(weights, "fragile:" + folder.resolve("run"), 64));
        for (String file : List.of("parameters.safetensors", "manifest.json")) {
            FragileFileSystem.fillUpFor(file);
            assertThatThrownBy(job::run).isInstanceOf(JobFailedException.class)
                    .hasMessageMatching("Cannot publish the checkpoint fragile:" + folder + "/run/checkpoints/step-00000000: fragile:\\S+/" + file
                            + ": No space left on device; no run was made");
            assertThat(folder.resolve("run/checkpoints")).doesNotExist();
            assertThat(folder.resolve("run/config.json")).doesNotExist();
        }
        FragileFileSystem.repair();
        assertThat(job.run().network().size()).isEqualTo(64);
    }

    @Test
    void pathsThatAreNoneAreNamedWithTheirOption() throws Exception {
        assertThatThrownBy(() -> new ImportJob(configuration, new ImportOptions("a:b", folder.resolve("run").toString(), 64)).run())
                .isInstanceOf(InvalidRequestException.class).hasMessageStartingWith("--weights is a:b: ");
        assertThatThrownBy(() -> new ImportJob(configuration, new ImportOptions("x", "foo://run/x", 64)).run())
                .isInstanceOf(InvalidRequestException.class).hasMessageStartingWith("--run is foo://run/x: no file system is known for it");
    }

    @Test
    void valuesThatAreNotFiniteAreRefused() throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        tensors.get("genB2A.FC.2.weight").putScalar(3, Float.NaN);
        String weights = write(tensors);
        assertRefused(weights + ": tensor \"genB2A.FC.2.weight\" holds values that are infinite or not a number", weights, 64);
    }

    @Test
    void aRunThatExistsIsLeftAlone() throws Exception {
        Files.createDirectories(folder.resolve("run"));
        Files.writeString(folder.resolve("run/config.json"), "{}");
        assertThatThrownBy(() -> importFrom(folder.resolve("none.safetensors").toString(), null)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--run is " + folder.resolve("run") + ": exists already; delete it or choose another --run");
        assertThat(folder.resolve("run/config.json")).hasContent("{}");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAKilledImportLeftIsNoRunAndMakesWayForAnother(boolean published) throws Exception {
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        importFrom(write(tensors), 64);
        Path run = folder.resolve("run");
        Files.delete(run.resolve("config.json"));
        Files.writeString(run.resolve(".tmp-00000000-0000-0000-0000-000000000001"), "{");
        if (!published) {
            Files.move(run.resolve("checkpoints/step-00000000"), run.resolve("checkpoints/.tmp-00000000-0000-0000-0000-000000000002"));
            Files.delete(run.resolve("LATEST"));
        }
        tensors.replaceAll((name, tensor) -> tensor.mul(2));
        importFrom(write(tensors), 64);

        RunDirectory again = new RunDirectory(configuration, new org.apache.hadoop.fs.Path(run.toString()));
        UgatitGraph graph = UgatitGraph.create(RunConfig.network(again), 1);
        new CheckpointStore(again).latestWhole(warning -> assertThat(warning).isNull()).orElseThrow().readInto(graph.namedParameters(), Map.of());
        graph.namedParameters().forEach((key, value) -> assertThat(value.dup().data().asFloat()).as(key)
                .isEqualTo(tensors.get(key).data().asFloat()));
        try (Stream<Path> left = Files.walk(run)) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith(".tmp-"));
        }
    }

    @Test
    void checkpointsOfATrainingWithoutAConfigurationAreLeftAlone() throws Exception {
        Path trained = Files.createDirectories(folder.resolve("run/checkpoints/step-00000007"));
        assertThatThrownBy(() -> importFrom(write(GoldenWeights.tensors("light")), 64)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--run is " + folder.resolve("run") + ": exists already; delete it or choose another --run");
        assertThat(trained).exists();
    }

    @AfterEach
    void repair() {
        FragileFileSystem.repair();
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> importFrom(folder.resolve("none.safetensors").toString(), null)).isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith("none.safetensors: there is no such file");
    }
}
