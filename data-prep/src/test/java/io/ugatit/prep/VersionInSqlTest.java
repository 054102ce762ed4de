package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs the example of docs/datasets.md as it stands there; only the path is another. */
@Tag("slow")
class VersionInSqlTest extends VersionsFixture {
    @Test
    void theImagesOfAVersionAreReadWithoutThoseThatAreAbsentThere() throws IOException {
        prepWith();
        draw("trainA/a1.png", 900, 51, 40);
        prepWith();
        draw("trainA/a1.png", 1, 51, 40); // as it was at first: its row is there twice
        Files.delete(input.resolve("trainA/a2.png"));
        draw("testB/new.png", 901, 20, 20);
        assertThat(prepWith("--mirror").version()).isEqualTo(3);

        assertThat(counts("")).containsExactly("A test 1", "A train 39", "B test 1", "B train 7");
        for (Domain domain : Domain.values()) {
            for (Split split : Split.values()) {
                assertThat(sourcesInSql(domain, split)).containsExactlyInAnyOrderElementsOf(sources(domain, split));
            }
        }
        assertThat(spark.sql("SELECT sha256 FROM images WHERE source = 'a1.png'").count()).isEqualTo(1);
        assertThat(spark.read().parquet(output + "/images").where("source = 'a1.png'").count()).as("of all versions").isEqualTo(3);

        for (int version = 1; version <= 2; version++) {
            assertThat(counts("versions/" + version + "/")).containsExactly("A test 1", "A train 40", "B train 7");
            assertThat(sourcesInSql(Domain.A, Split.TRAIN)).containsExactlyInAnyOrderElementsOf(
                    sourcesOf(ImageDataset.open(output.toString(), version, conf), Domain.A, Split.TRAIN));
        }
    }

    /** Runs the example, and gives what it ends with. */
    private List<String> counts(String version) throws IOException {
        Matcher block = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(Path.of("docs/datasets.md")));
        assertThat(block.find()).isTrue();
        Dataset<Row> last = null;
        for (String statement : block.group(1).strip().split(";")) {
            last = spark.sql(statement.replace("DATASET/manifest.json", "DATASET/" + version + "manifest.json")
                    .replace("DATASET", output.toString()));
        }
        return last.collectAsList().stream().map(row -> row.mkString(" ")).toList();
    }

    private List<String> sourcesInSql(Domain domain, Split split) {
        return spark.sql("SELECT source FROM images WHERE domain = '" + domain + "' AND split = '" + split.label() + "'").collectAsList()
                .stream().map(row -> row.getString(0)).toList();
    }
}
