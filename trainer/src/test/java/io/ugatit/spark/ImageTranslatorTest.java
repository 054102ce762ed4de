package io.ugatit.spark;

import static org.apache.spark.sql.functions.callUDF;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.golden.GoldenWeights;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import io.ugatit.translate.generator.PoolUse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.MetadataBuilder;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class ImageTranslatorTest extends SparkFixture {

    @Test
    void translationsAreThoseOfTheJobByteForByte() throws Exception {
        addImages();
        Path expected = translated(Fit.STRETCH, ImageEncoder.PNG);
        List<Row> rows = translator().setHeatmapCol("heatmap").transform(files()).orderBy("path").collectAsList();
        assertThat(rows).hasSize(4);
        assertThat(rows.get(0).schema().fieldNames())
                .containsExactly("path", "modificationTime", "length", "content", "translation", "heatmap", "error");
        for (int i = 0; i < 3; i++) {
            Row row = rows.get(i);
            assertThat(row.<String>getAs("path")).endsWith("/" + i + ".png");
            assertThat(row.<byte[]>getAs("content")).isEqualTo(Files.readAllBytes(images().resolve(i + ".png")));
            assertThat(row.<byte[]>getAs("translation")).isEqualTo(Files.readAllBytes(expected.resolve(i + ".png")));
            assertThat(row.<byte[]>getAs("heatmap")).isEqualTo(Files.readAllBytes(expected.resolve(i + ".heatmap.png")));
            assertThat(row.<String>getAs("error")).isNull();
        }
        Row damaged = rows.get(3);
        assertThat(damaged.<byte[]>getAs("translation")).isNull();
        assertThat(damaged.<byte[]>getAs("heatmap")).isNull();
        assertThat(damaged.<String>getAs("error")).isEqualTo("cut-off PNG: the file ends before the image does");
        assertThat(PoolUse.generators()).as("read once for all tasks").isEqualTo(1);
    }

    @Test
    void fitAndFormatAreThoseOfTheJobToo() throws Exception {
        addImages();
        Path expected = translated(Fit.PAD, ImageEncoder.JPEG);
        List<Row> rows = translator().setResize("pad").setFormat("jpeg").setOutputCol("jpeg").setErrorCol("why").transform(files())
                .where("why is null").orderBy("path").select("jpeg").collectAsList();
        assertThat(rows).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(rows.get(i).<byte[]>getAs(0)).isEqualTo(Files.readAllBytes(expected.resolve(i + ".jpg")));
        }
    }

    @Test
    void imagesOfSparksOwnSchemaGiveTheSameAsTheirFiles() throws Exception {
        addImages();
        Dataset<Row> decoded = spark.read().format("image").option("dropInvalid", false).load(images().toString());
        List<Row> ofPixels = translator().setInputCol("image").transform(decoded).orderBy("image.origin").collectAsList();
        List<Row> ofFiles = translator().transform(files()).orderBy("path").collectAsList();
        for (int i = 0; i < 3; i++) {
            assertThat(ofPixels.get(i).<byte[]>getAs("translation")).isNotNull().isEqualTo(ofFiles.get(i).<byte[]>getAs("translation"));
            assertThat(ofPixels.get(i).<String>getAs("error")).isNull();
        }
        assertThat(ofPixels.get(3).<byte[]>getAs("translation")).isNull();
        assertThat(ofPixels.get(3).<String>getAs("error")).isEqualTo("Spark could not decode it: its mode is Undefined");
    }

    @Test
    void whatIsNoImageGetsAnErrorAndTheJobGoesOn() {
        Dataset<Row> rows = spark.createDataset(List.of("a", "b", "c"), Encoders.STRING()).toDF("name").repartition(1)
                .withColumn("content", callUDF("if", col("name").equalTo("a"), lit(null).cast("binary"),
                        callUDF("if", col("name").equalTo("b"), lit("no image").cast("binary"), lit(ImageEncoder.PNG.encode(noise(1, 20, 10))))));
        assertThat(translator().setMaxPixels(199).transform(rows).orderBy("name").select("error", "translation").collectAsList())
                .extracting(row -> row.getString(0), row -> row.get(1))
                .containsExactly(
                        tuple("the image is null", null),
                        tuple("not a JPEG, PNG, GIF, BMP, WebP or TIFF image", null),
                        tuple("20 x 10 pixels are more than the 199 that maxPixels allows", null));
    }

    @Test
    void outputThatIsNotFiniteIsAnErrorOfItsRow() throws Exception {
        addImages();
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        tensors.get("genA2B.DownBlock.1.weight").assign(Float.MAX_VALUE);
        String weights = GoldenWeights.write(folder.resolve("huge.safetensors"), tensors);
        ImageTranslator translator = new ImageTranslator().setWeights(weights).setSize(SIZE).setDirection("a2b");
        assertThat(translator.transform(files()).where("path like '%/0.png'").select("error").as(Encoders.STRING()).collectAsList())
                .containsExactly("the network's output is not finite");
    }

    @Test
    void aSavedPipelineFindsTheRunAgainAndGivesTheSameBytes() throws Exception {
        addImages();
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new SQLTransformer().setStatement("SELECT path, content AS photo FROM __THIS__ WHERE path NOT LIKE '%damaged%'"),
            translator().setInputCol("photo").setHeatmapCol("looked").setMaxPixels(1_000_000),
            new ImageTranslator().setRun(run.toString()).setDirection("b2a").setInputCol("translation").setOutputCol("back").setErrorCol("error2")
        });
        PipelineModel model = pipeline.fit(files());
        String path = folder.resolve("pipeline").toString();
        model.save(path);
        PipelineModel loaded = PipelineModel.load(path);
        ImageTranslator stage = (ImageTranslator) loaded.stages()[1];
        assertThat(stage.getRun()).isEqualTo(run.toString());
        assertThat(stage.getHeatmapCol()).isEqualTo("looked");
        assertThat(stage.getMaxPixels()).isEqualTo(1_000_000);
        List<Row> before = model.transform(files()).orderBy("path").collectAsList();
        List<Row> after = loaded.transform(files()).orderBy("path").collectAsList();
        assertThat(after).hasSize(3);
        for (int i = 0; i < 3; i++) {
            for (String column : List.of("translation", "looked", "back")) {
                assertThat(after.get(i).<byte[]>getAs(column)).isNotNull().isEqualTo(before.get(i).<byte[]>getAs(column));
            }
        }
        ImageTranslator alone = translator();
        alone.write().overwrite().save(path);
        assertThat(ImageTranslator.load(path).getDirection()).isEqualTo("a2b");
        assertThat(ImageTranslator.load(path).uid()).isEqualTo(alone.uid());
    }

    @Test
    void transformingTranslatesNothingUntilTheResultIsUsedAndOnlyWhatIsUsed() throws Exception {
        addImages();
        Dataset<Row> result = translator().transform(files());
        assertThat(result.limit(1).collectAsList()).hasSize(1);
        MapFunction<Row, String> failing = row -> {
            throw new IllegalStateException("after a translation");
        };
        assertThatThrownBy(() -> result.map(failing, Encoders.STRING()).collectAsList())
                .isInstanceOf(SparkException.class).hasMessageContaining("after a translation");
        everyTranslatorIsBackInThePool();
    }

    @Test
    void manyPartitionsInOneTaskShareOneTranslator() throws Exception {
        addImages();
        assertThat(files().rdd().getNumPartitions()).isEqualTo(4);
        MapFunction<Row, Integer> borrowed = row -> PoolUse.borrowed();
        assertThat(translator().transform(files()).map(borrowed, Encoders.INT()).coalesce(1).collectAsList()).containsOnly(1);
    }

    @Test
    void otherColumnsKeepTheirMetadata() throws Exception {
        addImages();
        Dataset<Row> files = files().withColumn("`odd`", col("length").as("x", new MetadataBuilder().putString("unit", "bytes").build()))
                .withColumn("a.b", lit(1));
        Dataset<Row> result = translator().transform(files);
        assertThat(result.schema().apply("`odd`").metadata().getString("unit")).isEqualTo("bytes");
        assertThat(result.collectAsList()).hasSize(4);
    }

    @Test
    void streamsAreTranslatedAndKeepTheirWatermark() throws Exception {
        addImages();
        Dataset<Row> stream = spark.readStream().format("binaryFile").schema(files().schema()).load(images().toString())
                .withWatermark("modificationTime", "1 hour");
        Dataset<Row> result = translator().transform(stream).dropDuplicatesWithinWatermark("path");
        result.writeStream().format("memory").queryName("translated").outputMode("append").start().processAllAvailable();
        List<Row> expected = translator().transform(files()).select("translation", "error").orderBy("path").collectAsList();
        assertThat(spark.sql("SELECT translation, error FROM translated ORDER BY path").collectAsList()).hasSize(4)
                .usingRecursiveFieldByFieldElementComparator().isEqualTo(expected);
        for (var query : spark.streams().active()) {
            query.stop();
        }
    }

    @Test
    void aCopyHasItsOwnParams() {
        ImageTranslator translator = translator();
        ImageTranslator copy = translator.copy(new ParamMap().put(translator.direction(), "b2a"));
        assertThat(copy.getDirection()).isEqualTo("b2a");
        assertThat(copy.getRun()).isEqualTo(run.toString());
        assertThat(copy.uid()).isEqualTo(translator.uid());
        assertThat(translator.getDirection()).isEqualTo("a2b");
    }

    @Test
    void theAskedForCheckpointTranslates() throws Exception {
        add("0.png", ImageEncoder.PNG.encode(noise(0, 80, 72)));
        Path two = publish(folder.resolve("two"));
        CheckpointStore store = new CheckpointStore(new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(two.toUri())));
        Map<String, INDArray> later = GoldenWeights.tensors("light");
        later.get("genA2B.UpBlock2.11.weight").muli(2); // the last convolution
        store.publish(5, later, Map.of(), JsonNodeFactory.instance.objectNode());
        store.publishBest(0);
        byte[] first = only(translator());
        assertThat(only(translator().setRun(two.toString()))).isNotEqualTo(first);
        assertThat(only(translator().setRun(two.toString()).setCheckpoint("best"))).isEqualTo(first);
        assertThat(only(translator().setRun(two.toString()).setCheckpoint("0"))).isEqualTo(first);
    }

    private byte[] only(ImageTranslator translator) {
        return translator.transform(files()).collectAsList().get(0).getAs("translation");
    }

    @Test
    void sparkFindsTheTransformerAsAService() {
        assertThat(ServiceLoader.load(Transformer.class).stream().map(ServiceLoader.Provider::type))
                .contains(ImageTranslator.class);
    }

    @Test
    void paramsAreListedWithTheirDefaults() {
        ImageTranslator translator = new ImageTranslator("mine");
        assertThat(translator.uid()).isEqualTo("mine");
        assertThat(translator.params()).extracting(param -> param.name()).containsExactly("checkpoint", "direction", "errorCol",
                "format", "heatmapCol", "inputCol", "kernels", "maxPixels", "outputCol", "precision", "resize", "run", "size", "weights");
        assertThat(translator.explainParams()).contains("resize: how images become squares: stretch|crop|pad (default: stretch)",
                "maxPixels: the most pixels an image may have (default: 100000000)", "direction: which way to translate: a2b|b2a (undefined)");
    }

    @Test
    void weightsThatAreReplacedBeforeTheResultIsUsedFailTheJobAndAreNamed() throws Exception {
        addImages();
        Path weights = Path.of(GoldenWeights.write(folder.resolve("w.safetensors"), GoldenWeights.tensors("light")));
        Dataset<Row> result = new ImageTranslator().setWeights(weights.toString()).setSize(SIZE).setDirection("a2b").transform(files());
        Files.setLastModifiedTime(weights, FileTime.fromMillis(1_000_000_000_000L));
        assertThatThrownBy(result::collectAsList)
                .hasMessageContaining("w.safetensors: was replaced after it was chosen to translate with; start again");
    }
}
