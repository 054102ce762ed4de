package io.ugatit.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.Fit;
import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetVersionsTest {
    @TempDir
    Path folder;

    private final Replacing fs = new Replacing();

    @BeforeEach
    void openDisk() throws IOException {
        fs.initialize(URI.create("file:///"), new Configuration());
    }

    @Test
    void aManifestThatIsReplacedWhileItIsOpenedIsReadWhole() throws IOException {
        DatasetManifest before = manifest(9);
        DatasetManifest after = manifest(1_000_000);
        for (List<DatasetManifest> order : List.of(List.of(before, after), List.of(after, before))) {
            write(order.get(0));
            fs.beforeOpening = () -> write(order.get(1));

            assertThat(DatasetVersions.manifest(fs, path())).isEqualTo(order.get(1));
        }
    }

    @Test
    void whatIsTooLongToBeAManifestIsRefusedByItsName() throws IOException {
        write(manifest(9));
        int length = manifest(9).toJson().length;

        assertThat(DatasetVersions.manifest(fs, path(), length)).isEqualTo(manifest(9));
        assertThatThrownBy(() -> DatasetVersions.manifest(fs, path(), length - 1)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("file:" + folder.resolve("manifest.json") + " is damaged: more than " + (length - 1)
                        + " bytes are no manifest; prepare the dataset again");
    }

    private org.apache.hadoop.fs.Path path() {
        return new org.apache.hadoop.fs.Path(folder.toUri());
    }

    private void write(DatasetManifest manifest) throws IOException {
        Files.write(folder.resolve("manifest.json"), manifest.toJson());
    }

    private static DatasetManifest manifest(long duplicates) {
        Partition partition = new Partition(Domain.A, Split.TRAIN, 0, duplicates, 0, 0, 0, 0, 0, 0, 0, List.of());
        return new DatasetManifest(DatasetManifest.FORMAT_VERSION, 1, 256, 286, Fit.STRETCH, Store.RAW, List.of(partition), "0".repeat(64));
    }

    private interface Action {
        void run() throws IOException;
    }

    /** A disk on which a file is replaced in the moment before it is opened. */
    private static final class Replacing extends RawLocalFileSystem {
        private Action beforeOpening = () -> { };

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) throws IOException {
            beforeOpening.run();
            return super.open(path, bufferSize);
        }
    }
}
