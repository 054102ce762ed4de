package io.ugatit.spark;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.image.ImageEncoder;
import io.ugatit.process.JavaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ExecutorsTest {
    @TempDir
    private Path folder;

    @Test
    void executorsOfTheirOwnGiveTheBytesOfOneProcess() throws Exception {
        Path run = SparkFixture.publish(folder.resolve("run"));
        Files.createDirectories(folder.resolve("images"));
        for (int i = 0; i < 4; i++) {
            Files.write(folder.resolve("images/" + i + ".png"), ImageEncoder.PNG.encode(SparkFixture.noise(i, 64, 64)));
        }
        List<Row> apart = translate("local-cluster[2,1,1024]", run);
        assertThat(apart).hasSize(4).usingRecursiveFieldByFieldElementComparatorIgnoringFields("schema").isEqualTo(translate("local[1]", run));
        assertThat(apart).allMatch(row -> row.get(0) != null && row.getString(2) == null);
    }

    /** By the transformer, then by the function. */
    private List<Row> translate(String master, Path run) {
        SparkSession spark = SparkSession.builder().master(master).appName("spark").config("spark.ui.enabled", "false")
                .config("spark.executor.memory", "512m")
                // the same kernels on both sides: others round otherwise
                .config("spark.executor.extraJavaOptions", "--add-modules=jdk.incubator.vector")
                .config("spark.executor.extraClassPath", JavaProcess.classPath())
                .config("spark.executor.defaultJavaOptions", String.join(" ", JavaProcess.shortLife()) + " -XX:TieredStopAtLevel=4")
                .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .getOrCreate();
        try {
            ImageTranslator translator = new ImageTranslator().setRun(run.toString()).setDirection("a2b").setHeatmapCol("heatmap");
            Dataset<Row> images = spark.read().format("binaryFile").load(folder.resolve("images").toString()).repartition(2);
            Column back = new ImageTranslator().setRun(run.toString()).setDirection("b2a").registerUdf(spark, "back").apply(col("translation"));
            return translator.transform(images).withColumn("back", back).orderBy("path")
                    .select("translation", "heatmap", "error", "back.translation", "back.error").collectAsList();
        } finally {
            spark.stop();
        }
    }
}
