package io.ugatit.report.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.cluster.SmallTraining;
import io.ugatit.dataset.DatasetVersions;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Split;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.report.markup.ImageTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetPicturesTest {
    private static final Configuration CONFIGURATION = new Configuration();

    @TempDir
    static Path folder;
    private static ImageDataset dataset;

    @BeforeAll
    static void prepare() throws IOException {
        SparkSession spark = SmallTraining.session("local[1]");
        try {
            dataset = ImageDataset.open(SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1), CONFIGURATION);
        } finally {
            spark.stop();
        }
    }

    @Test
    void aContactSheetSpreadsOverAllImages() {
        ImageTable sheet = ContactSheet.of(dataset, Domain.B, Split.TRAIN, 2, 2, CONFIGURATION);

        // 4 of 7
        assertThat(sheet.rows()).extracting(row -> row.stream().map(ImageTable.Tile::name).toList())
                .containsExactly(List.of("0.png", "1.png"), List.of("3.png", "5.png"));
        assertThat(sheet.rows().get(0).get(0).image().orElseThrow().width()).isEqualTo(SmallTraining.SIZE + 4);
        assertThat(ContactSheet.of(dataset, Domain.A, Split.TRAIN, 4, 9, CONFIGURATION).rows()).extracting(List::size).containsExactly(4, 1);
        assertThat(ContactSheet.of(dataset, Domain.A, Split.TEST, 4, 9, CONFIGURATION).rows()).isEmpty();
    }

    @Test
    void everyPartIsCounted() {
        assertThat(DatasetTables.parts(dataset).rows()).extracting(row -> row.subList(0, 3))
                .contains(List.of("trainA", "5", "20 x 20"), List.of("trainB", "7", "20 x 20"));
    }

    @Test
    void filesLeftOutOfTheVersionAreListedUpToALimit() throws IOException {
        Path own = Path.of(java.net.URI.create(dataset.path())).resolve("rejected.jsonl");
        Path rejected = Path.of(DatasetVersions.folder(new org.apache.hadoop.fs.Path(dataset.path()), 1).toUri()).resolve("rejected.jsonl");
        Files.writeString(rejected, "{\"source\":\"trainA/a.txt\",\"kind\":\"not-an-image\",\"reason\":\"a note\"}\n".repeat(3));

        assertThat(DatasetTables.leftOut(dataset, 2, CONFIGURATION).rows()).containsExactly(List.of("trainA/a.txt", "not an image", "a note"),
                List.of("trainA/a.txt", "not an image", "a note"), List.of("and 1 more", "", ""));

        Files.writeString(rejected, "{\"source\":");
        assertThatThrownBy(() -> DatasetTables.leftOut(dataset, 2, CONFIGURATION)).isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith("rejected.jsonl is damaged: prepare the dataset again");
        Files.delete(rejected); // as in data sets of the first format
        assertThat(DatasetTables.leftOut(dataset, 2, CONFIGURATION).rows()).isEmpty();
        Files.delete(own);
        assertThatThrownBy(() -> DatasetTables.leftOut(dataset, 2, CONFIGURATION)).isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith("rejected.jsonl is missing: prepare the dataset again");
    }
}
