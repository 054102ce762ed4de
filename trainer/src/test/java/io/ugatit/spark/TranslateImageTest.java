package io.ugatit.spark;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.translate.generator.PoolUse;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TranslateImageTest extends SparkFixture {

    @BeforeEach
    void photos() throws Exception {
        addImages();
        files().createOrReplaceTempView("photos");
    }

    private static List<Row> rows(String sql) {
        return spark.sql(sql).collectAsList();
    }

    private List<Row> expected() {
        return translator().setHeatmapCol("heatmap").transform(files()).orderBy("path").select("translation", "heatmap", "error").collectAsList();
    }

    @Test
    void aRegisteredFunctionGivesWhatTheTransformerGives() {
        UserDefinedFunction function = translator().registerUdf(spark, "to_anime");
        assertThat(rows("SELECT t.* FROM (SELECT path, to_anime(content) AS t FROM photos) ORDER BY path"))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("schema").isEqualTo(expected());
        assertThat(files().select(function.apply(col("content")).getField("error").as("error")).where("error IS NOT NULL").count()).isEqualTo(1);
    }

    @Test
    void theFunctionOfTheExtensionTakesRunAndDirection() {
        assertThat(rows("SELECT t.* FROM (SELECT path, translate_image(content, '" + run + "', 'a2b') AS t FROM photos) ORDER BY path"))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("schema").isEqualTo(expected());
        assertThat(rows("DESCRIBE FUNCTION translate_image").toString()).contains("translate_image(image, run, direction) - Translates an image");
    }

    @Test
    void anImageIsTranslatedOnceHoweverManyFieldsAreUsed() {
        Dataset<Row> query = spark.sql("SELECT t.translation, t.heatmap FROM (SELECT translate_image(content, '" + run
                + "', 'a2b') AS t FROM photos) WHERE t.error IS NULL");
        assertThat(query.queryExecution().optimizedPlan().toString().split("UDF\\(", -1)).hasSize(2);
        assertThat(query.collectAsList()).hasSize(3);
    }

    @Test
    void aCachedTableIsFoundAgain() {
        spark.sql("CACHE TABLE translated AS SELECT path, translate_image(content, '" + run + "', 'a2b') AS t FROM photos");
        try {
            assertThat(spark.sql("SELECT t.translation FROM translated").queryExecution().withCachedData().toString()).contains("InMemoryRelation");
            assertThat(spark.sql("SELECT translate_image(content, '" + run + "', 'b2a') AS t FROM photos").queryExecution().withCachedData()
                    .toString()).as("another model").doesNotContain("InMemoryRelation");
        } finally {
            spark.sql("UNCACHE TABLE translated");
        }
    }

    @Test
    void bothDirectionsInOneQueryHoldBothGenerators() {
        List<Row> rows = rows("SELECT translate_image(translate_image(content, '" + run + "', 'a2b').translation, '" + run
                + "', 'b2a').error FROM photos");
        assertThat(rows).extracting(row -> row.getString(0)).containsOnly(null, "the image is null");
        assertThat(PoolUse.generators()).isEqualTo(2);
    }

    /** Spark computes such a row in the driver while it plans. */
    @Test
    void aRowThatIsAConstantIsTranslatedToo() {
        assertThat(rows("SELECT translate_image(X'00', '" + run + "', 'a2b').error").get(0).getString(0))
                .isEqualTo("not a JPEG, PNG, GIF, BMP, WebP or TIFF image");
    }

    @Test
    void wrongArgumentsAreNamedWithWhatWouldBeRight() {
        assertThatThrownBy(() -> rows("SELECT translate_image(content, path, 'a2b') FROM photos"))
                .isInstanceOf(InvalidRequestException.class).hasMessageStartingWith("translate_image: run must be a constant, not ");
        assertThatThrownBy(() -> rows("SELECT translate_image(content, '" + run + "', 'up') FROM photos"))
                .hasMessage("direction is up: must be one of a2b|b2a");
        assertThatThrownBy(() -> rows("SELECT translate_image(content) FROM photos"))
                .hasMessage("translate_image takes 3 arguments, image, run and direction, not 1");
        assertThatThrownBy(() -> rows("SELECT translate_image(path, '" + run + "', 'a2b') FROM photos"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("translate_image: image must be binary, as of the source binaryFile, or Spark's image schema, not string");
    }
}
