package io.ugatit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs the examples of docs/spark.md as they stand there; only the paths are others. */
class SparkDocumentTest extends SparkFixture {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    @BeforeEach
    void photos() throws Exception {
        addImages();
    }

    @AfterEach
    void noTables() {
        spark.sql("DROP TABLE IF EXISTS translations");
        spark.sql("DROP VIEW IF EXISTS translated");
    }

    private String example(String language) throws IOException {
        Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(Path.of("docs/spark.md")));
        assertThat(block.find()).isTrue();
        return block.group(1).replace("runs/first", run.toString())
                .replaceAll("([\"`])photos([\"`])", "$1" + images() + "$2")
                .replace("\"translations\"", "\"" + folder.resolve("translations") + "\"")
                .replace("pipelines/anime", folder.resolve("pipeline").toString());
    }

    private void assertTranslations(Dataset<Row> translations, int damaged) {
        List<byte[]> expected = translator().transform(files()).where("error IS NULL").orderBy("path").collectAsList().stream()
                .map(row -> row.<byte[]>getAs("translation")).toList();
        List<byte[]> made = translations.where("error IS NULL").orderBy(translations.columns()[0]).collectAsList().stream()
                .map(row -> row.<byte[]>getAs("translation")).toList();
        assertThat(made).hasSameSizeAs(expected);
        for (int i = 0; i < made.size(); i++) {
            assertThat(made.get(i)).isEqualTo(expected.get(i));
        }
        assertThat(translations.where("error IS NOT NULL").count()).isEqualTo(damaged);
    }

    private Dataset<Row> written() {
        return spark.read().parquet(folder.resolve("translations").toString());
    }

    @Test
    void java() throws Exception {
        String code = example("java");
        String imports = code.lines().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"));
        String body = code.lines().filter(line -> !line.startsWith("import ")).collect(Collectors.joining("\n"));
        Path source = Files.writeString(folder.resolve("JavaExample.java"),
                imports + "\npublic class JavaExample {\n  public static void run() {\n" + body + "\n  }\n}\n");
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, System.out, System.err,
                "-cp", CLASS_PATH, "-proc:none", "-d", folder.toString(), source.toString())).isZero();
        loaded("JavaExample").getMethod("run").invoke(null);
        assertTranslations(written(), 1);
        assertThat(written().columns()).containsExactly("path", "translation", "heatmap", "error");
    }

    @Test
    void scala() throws Exception {
        Path source = Files.writeString(folder.resolve("ScalaExample.scala"),
                "object ScalaExample {\n  def run(spark: org.apache.spark.sql.SparkSession): Unit = {\n" + example("scala") + "\n  }\n}\n");
        assertThat(new scala.tools.nsc.MainClass().process(
                new String[] {"-nowarn", "-cp", CLASS_PATH, "-d", folder.toString(), source.toString()})).isTrue();
        loaded("ScalaExample").getMethod("run", SparkSession.class).invoke(null, spark);
        assertTranslations(written(), 0);
    }

    private Class<?> loaded(String name) throws Exception {
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}).loadClass(name);
    }

    @Test
    void sql() throws Exception {
        for (String statement : example("sql").split(";")) {
            if (!statement.isBlank()) {
                spark.sql(statement);
            }
        }
        assertTranslations(spark.table("translations"), 1);
    }

    /** Only where python3 has a PySpark of Spark 3.5, which the tests do not need. */
    @Test
    void python() throws Exception {
        assumeTrue(python("import pyspark; assert pyspark.__version__.startswith('3.5')") == 0);
        assertThat(python(example("python"))).isZero();
        assertTranslations(written(), 1);
    }

    private int python(String code) throws Exception {
        try {
            ProcessBuilder python = new ProcessBuilder("python3", "-c", code).inheritIO();
            python.environment().put("PYTHONPATH", Path.of("target/classes") + File.pathSeparator
                    + python.environment().getOrDefault("PYTHONPATH", ""));
            python.environment().put("PYSPARK_SUBMIT_ARGS", "--driver-class-path " + CLASS_PATH
                    + " --conf spark.ui.enabled=false --driver-java-options --add-modules=jdk.incubator.vector pyspark-shell");
            python.environment().remove("SPARK_HOME"); // the tests' own has no jars
            return python.start().waitFor();
        } catch (IOException e) {
            return -1; // there is no python3
        }
    }
}
