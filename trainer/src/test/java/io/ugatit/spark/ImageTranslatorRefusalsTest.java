package io.ugatit.spark;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.golden.GoldenWeights;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import java.nio.file.Files;
import java.util.Map;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class ImageTranslatorRefusalsTest extends SparkFixture {
    private static final StructType FILES = new StructType().add("path", DataTypes.StringType).add("content", DataTypes.BinaryType);

    private static void assertRefused(ThrowingCallable request, String message) {
        assertThatThrownBy(request).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void aWrongValueIsRefusedWhenItIsSet() {
        ImageTranslator translator = new ImageTranslator();
        assertRefused(() -> translator.setDirection("up"), "direction is up: must be one of a2b|b2a");
        assertRefused(() -> translator.setResize("squash"), "resize is squash: must be one of stretch|crop|pad");
        assertRefused(() -> translator.setFormat("gif"), "format is gif: must be one of png|jpeg");
        assertRefused(() -> translator.setKernels("fast"), "kernels is fast: must be one of auto|cpu|cuda|nd4j");
        assertRefused(() -> translator.setMaxPixels(0), "maxPixels is 0: must be from 1 to 715827874");
        assertRefused(() -> translator.setSize(-1), "size is -1: must be from 1 to 2147483647");
        assertRefused(() -> translator.setRun(" "), "run is empty: must be the folder of the run that translates");
        assertRefused(() -> translator.setCheckpoint("first"), "checkpoint is first: must be latest, best or a step");
        assertRefused(() -> translator.setOutputCol(null), "outputCol is empty: must be the column for the translations: bytes of image files");
    }

    @Test
    void columnsThatAreMissingWrongOrThereAlreadyAreNamed() {
        assertRefused(() -> translator().setInputCol("photo").transformSchema(FILES),
                "inputCol is photo: there is no such column, only path, content");
        assertRefused(() -> translator().setInputCol("path").transformSchema(FILES),
                "inputCol is path: must be binary, as of the source binaryFile, or Spark's image schema, not string");
        assertRefused(() -> translator().setOutputCol("Path").transformSchema(FILES),
                "a column path is there already: set outputCol, heatmapCol and errorCol to names that are free, all different");
        assertRefused(() -> translator().setHeatmapCol("error").transformSchema(FILES),
                "a column error is there already: set outputCol, heatmapCol and errorCol to names that are free, all different");
        assertThat(translator().transformSchema(FILES).fieldNames()).containsExactly("path", "content", "translation", "error");
    }

    private static void assertModelRefused(ImageTranslator translator, String message) {
        assertRefused(() -> translator.transform(spark.range(1).withColumn("content", lit(new byte[1]))), message);
    }

    @Test
    void aModelThatIsMissingOrNoneIsRefusedBeforeAnythingRuns() throws Exception {
        assertModelRefused(new ImageTranslator().setDirection("a2b"), "run is missing: set the folder of a run, or weights to a safetensors file or a PyTorch checkpoint");
        assertModelRefused(translator().setWeights("w.safetensors"), "run and weights exclude each other: clear one of them");
        assertModelRefused(translator().setSize(64), "size is for weights only: a run has a size of its own");
        assertModelRefused(new ImageTranslator().setWeights("w").setCheckpoint("best").setDirection("a2b"),
                "checkpoint is for run only: weights names the file itself");
        assertModelRefused(new ImageTranslator().setRun("r"), "direction is missing: must be a2b or b2a");
        assertModelRefused(translator().setKernels("cpu").setPrecision("tf32"), "precision is tf32, which only kernels cuda computes in: kernels"
                + " is cpu, so leave precision out");
        String weights = GoldenWeights.write(folder.resolve("light.safetensors"), GoldenWeights.tensors("light"));
        assertModelRefused(translator().setRun(weights), "run is " + weights + ": is a file, must be a folder");
        Files.createDirectories(folder.resolve("run/checkpoints"));
        Files.copy(run.resolve("config.json"), folder.resolve("run/config.json"));
        assertModelRefused(translator().setRun(folder.resolve("run").toString()),
                "run is file:" + folder.resolve("run") + ": has no whole checkpoint yet");
    }

    @Test
    void kernelsForCpusThatDoNotReachAreRefusedBeforeAnythingRuns() throws Exception {
        Map<String, INDArray> tensors = UgatitGraph.create(new NetworkOptions(16, 64, 1, true, false, 3, 3), 5).namedParameters();
        tensors.keySet().removeIf(key -> !key.startsWith("genA2B."));
        String weights = GoldenWeights.write(folder.resolve("large.safetensors"), tensors);
        ImageTranslator large = new ImageTranslator().setWeights(weights).setSize(2048).setDirection("a2b").setKernels("cpu");
        String line = "kernels is cpu, which reaches 2147483647 bytes of a feature map, but the largest takes 2151680000: give kernels nd4j,"
                + " or make size, batch or channels smaller";
        assertModelRefused(large, line);
        assertRefused(() -> large.registerUdf(spark, "to_large"), line);
        large.setKernels("auto").registerUdf(spark, "to_large");
    }
}
