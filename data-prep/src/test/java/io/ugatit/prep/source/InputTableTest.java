package io.ugatit.prep.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.input.LeftOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputTableTest {
    private static SparkSession spark;

    @TempDir
    Path folder;

    @BeforeAll
    static void startSpark() {
        spark = SparkSession.builder().master("local[2]").appName("test").config("spark.ui.enabled", "false")
                .config("spark.driver.host", "localhost").config("spark.driver.bindAddress", "127.0.0.1").getOrCreate();
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    /** Millions of rows have few files of copies. */
    @Test
    void rowsOfATaskShareTheNameOfTheFileThatTheirCopiesAreIn() throws IOException {
        StructType schema = new StructType().add("image", DataTypes.BinaryType).add("id", DataTypes.StringType);
        byte[] image = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};
        List<Row> rows = Stream.of("a", "b", "c", "b").map(id -> RowFactory.create(image, id)).toList();
        spark.createDataFrame(rows, schema).coalesce(1).createOrReplaceTempView("shown");
        InputTable table = new InputTable(spark, new ImageTableOptions("shown", null, null, "id"), null, null);
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());

        InputTable.Copied copied = table.copy(null, new org.apache.hadoop.fs.Path(folder.resolve("copies").toUri()),
                new KnownRows(Stream.empty()), context.broadcast(new SerializableConfiguration(context.hadoopConfiguration())),
                new PrintStream(new ByteArrayOutputStream()));

        assertThat(copied.files()).extracting(SourceFile::source).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(copied.leftOut()).extracting(LeftOut::source).containsExactly("trainA/b");
        String first = copied.files().get(0).member().archive();
        assertThat(copied.files()).allSatisfy(file -> assertThat(file.member().archive()).isNotEmpty().isSameAs(first));
    }
}
