package io.ugatit.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.Fit;
import io.ugatit.image.ImageFormat;
import io.ugatit.image.ImageHeader;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetRoundTripTest {
    /** 5.5 MB an image: two in a row group. */
    private static final int SIDE = 1382;

    private static final int TEST_SIDE = 8;

    private static final ImageHeader HEADER = new ImageHeader(ImageFormat.PNG, "RGB", SIDE, SIDE);

    @TempDir
    Path folder;

    private final Configuration conf = new Configuration();

    @BeforeEach
    void noChecksumsOfHadoopsOwnSoThatDamageReachesTheReader() {
        conf.setClass("fs.file.impl", RawLocalFileSystem.class, FileSystem.class);
        conf.setBoolean("fs.file.impl.disable.cache", true);
    }

    @Test
    void imagesComeBackInOrderAcrossRowGroupsAndShards() throws IOException {
        ImageDataset dataset = write(3, 1, 2);

        assertThat(dataset.count(Domain.A, Split.TRAIN)).isEqualTo(6);
        try (ImageReader reader = dataset.reader(Domain.A, Split.TRAIN, conf, 1 << 30)) {
            for (int i = 0; i < 6; i++) {
                DatasetImage image = reader.read(i);
                assertThat(image.source()).isEqualTo(image(i, SIDE).source());
                assertThat(image.pixels()).isEqualTo(image(i, SIDE).pixels());
            }
        }
    }

    @Test
    void absentRowsAreNoImages() throws IOException {
        ImageDataset whole = write(3, 1, 2, 1);
        List<Shard> shards = new ArrayList<>(whole.manifest().shards(Domain.A, Split.TRAIN));
        shards.set(0, shards.get(0).without(List.of(1)));
        shards.set(1, shards.get(1).without(List.of(0)));
        shards.set(2, shards.get(2).without(List.of(0)));
        shards.set(3, shards.get(3).without(List.of(0)));
        DatasetManifest manifest = manifest(SIDE, List.of(new Partition(Domain.A, Split.TRAIN, 3, 0, 0, 0, 0, 0, 0, 0, 0, shards)));
        Files.write(folder.resolve("manifest.json"), manifest.toJson());
        ImageDataset dataset = ImageDataset.open(folder.toString(), conf);

        assertThat(dataset.manifest()).isEqualTo(manifest);
        assertThat(dataset.manifest().orderHash()).isNotEqualTo(whole.manifest().orderHash());
        assertThat(new String(manifest.toJson(), StandardCharsets.UTF_8)).contains("\"absent\" : [ 1 ]");
        assertThat(new String(whole.manifest().toJson(), StandardCharsets.UTF_8)).doesNotContain("absent");
        assertThat(dataset.count(Domain.A, Split.TRAIN)).isEqualTo(3);
        try (ImageReader reader = dataset.reader(Domain.A, Split.TRAIN, conf, 0)) {
            int[] present = {0, 2, 5};
            for (int i : new int[] {2, 0, 1}) {
                assertThat(reader.read(i).source()).isEqualTo(image(present[i], TEST_SIDE).source());
            }
            assertThatThrownBy(() -> reader.read(3)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void absentRowsThatCannotBeAreRefused() {
        Shard shard = new Shard("a", 3, 1, "0".repeat(64));
        for (List<Integer> rows : List.of(List.of(3), List.of(-1), List.of(1, 1), List.of(2, 0))) {
            assertThatThrownBy(() -> shard.without(rows)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("shard a has impossible absent rows");
        }
        assertThat(shard.without(List.of(0, 1, 2)).images()).isZero();
    }

    /** It does not matter when images came: the hash is of what there is. */
    @Test
    void theContentHashIsOfTheOptionsAndOfEachImagesPlaceAndBytes() {
        String one = contentHash(16, "x", "1");
        assertThat(one).matches("[0-9a-f]{64}").isEqualTo(contentHash(16, "x", "1"))
                .isNotEqualTo(contentHash(32, "x", "1")).isNotEqualTo(contentHash(16, "y", "1")).isNotEqualTo(contentHash(16, "x", "2"));
    }

    private static String contentHash(int size, String source, String digit) {
        ContentHash hash = new ContentHash(size, 32, Fit.STRETCH, Store.RAW);
        hash.add(Domain.A, Split.TRAIN, source, digit.repeat(64));
        return hash.hex();
    }

    @Test
    void aSmallCacheGivesTheSameImagesInAnyOrder() throws IOException {
        ImageDataset dataset = write(3, 1, 2);

        try (ImageReader reader = dataset.reader(Domain.A, Split.TRAIN, conf, 0)) {
            for (int i : new int[] {5, 0, 3, 2, 4, 1, 1}) {
                assertThat(reader.read(i).pixels()).isEqualTo(image(i, SIDE).pixels());
            }
        }
    }

    @Test
    void aCachedImageIsNotReadAgain() throws IOException {
        ImageDataset dataset = write(3);

        try (ImageReader reader = dataset.reader(Domain.A, Split.TRAIN, conf, 1 << 30)) {
            DatasetImage first = reader.read(0);
            reader.read(2);
            assertThat(reader.read(0)).isSameAs(first);
        }
        try (ImageReader reader = dataset.reader(Domain.A, Split.TRAIN, conf, 0)) {
            DatasetImage first = reader.read(0);
            reader.read(2);
            assertThat(reader.read(0)).isNotSameAs(first);
        }
    }

    @Test
    void anAbsentSplitHasNoImages() throws IOException {
        ImageDataset dataset = write(1);

        try (ImageReader reader = dataset.reader(Domain.B, Split.TEST, conf, 0)) {
            assertThat(reader.count()).isZero();
            assertThatThrownBy(() -> reader.read(0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void theSameRowsGiveTheSameBytes() throws IOException {
        String first = write(3).manifest().orderHash();
        String second = write(3).manifest().orderHash();

        assertThat(second).isEqualTo(first);
    }

    @Test
    void theManifestsHashIsThatOfTheFileOnDisk() throws IOException {
        Shard shard = write(2).manifest().shards(Domain.A, Split.TRAIN).get(0);

        byte[] file = Files.readAllBytes(shardFile(0));
        assertThat(shard.sha256()).isEqualTo(Sha256.hex(file));
        assertThat(shard.bytes()).isEqualTo(file.length);
    }

    @Test
    void aVanishedShardIsNamed() throws IOException {
        ImageDataset dataset = write(2);
        Files.delete(shardFile(0));

        try (ImageReader reader = dataset.reader(Domain.A, Split.TRAIN, conf, 0)) {
            assertThatThrownBy(() -> reader.read(1))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageContaining("part-00000.zstd.parquet is gone");
        }
    }

    @Test
    void aCutOffShardIsNamed() throws IOException {
        ImageDataset dataset = write(2);
        byte[] file = Files.readAllBytes(shardFile(0));
        Files.write(shardFile(0), Arrays.copyOf(file, file.length - 5));

        try (ImageReader reader = dataset.reader(Domain.A, Split.TRAIN, conf, 0)) {
            assertThatThrownBy(() -> reader.read(0))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageContaining("part-00000.zstd.parquet")
                    .hasMessageContaining("the manifest says " + file.length);
        }
    }

    @Test
    void aFlippedBitInThePixelsIsFound() throws IOException {
        ImageDataset dataset = write(2);
        byte[] file = Files.readAllBytes(shardFile(0));
        file[file.length / 2] ^= 4;
        Files.write(shardFile(0), file);

        try (ImageReader reader = dataset.reader(Domain.A, Split.TRAIN, conf, 0)) {
            assertThatThrownBy(() -> reader.read(0))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageContaining("part-00000.zstd.parquet");
        }
    }

    @Test
    void aShardOfAnotherSizeIsRefusedBeforeItIsRead() throws IOException {
        ImageDataset dataset = write(2);
        DatasetManifest manifest = dataset.manifest();
        DatasetManifest lying = manifest(SIDE - 300, manifest.partitions());

        try (ImageReader reader = new ImageDataset(dataset.path(), lying).reader(Domain.A, Split.TRAIN, conf, 0)) {
            assertThatThrownBy(() -> reader.read(0))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageContaining("column pixels are not possible");
        }
    }

    @Test
    void aFolderWithoutManifestIsNoDataset() {
        assertThatThrownBy(() -> ImageDataset.open(folder.resolve("none").toString(), conf))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("none is not a dataset: there is no manifest.json in it");
    }

    @Test
    void aManifestOfAnotherVersionIsRefused() throws IOException {
        write(1);
        Path file = folder.resolve("manifest.json");
        Files.writeString(file, Files.readString(file).replace("\"formatVersion\" : 2", "\"formatVersion\" : 7"));

        assertThatThrownBy(() -> ImageDataset.open(folder.toString(), conf))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("manifest.json has formatVersion 7, this program reads 1 to 2");
    }

    @Test
    void aManifestThatDoesNotTellAllThatWasLeftOutCountsNone() throws IOException {
        DatasetManifest manifest = write(3).manifest();
        String json = new String(manifest.toJson(), StandardCharsets.UTF_8);
        String older = json.replaceAll("\\s*\"(leaks|hidden|links|noRegularFiles)\" : 0,", "");

        assertThat(older).hasSizeLessThan(json.length() - 60).doesNotContain("leaks", "hidden", "links", "noRegularFiles");
        assertThat(DatasetManifest.parse(older.getBytes(StandardCharsets.UTF_8), "manifest.json")).isEqualTo(manifest);
    }

    @Test
    void aManifestOfTheFirstFormatIsRead() throws IOException {
        DatasetManifest manifest = write(3).manifest();
        String json = new String(manifest.toJson(), StandardCharsets.UTF_8);
        String first = json.replace("\"formatVersion\" : 2", "\"formatVersion\" : 1").replaceAll("\\s*\"(version|store)\" : [^,]*,", "");

        DatasetManifest read = DatasetManifest.parse(first.getBytes(StandardCharsets.UTF_8), "manifest.json");

        assertThat(first).doesNotContain("\"version\"", "store");
        assertThat(read.version()).isEqualTo(1);
        assertThat(read.store()).isEqualTo(Store.RAW);
        assertThat(read.partitions()).isEqualTo(manifest.partitions());
    }

    @Test
    void aDamagedManifestIsRefusedInOneLine() throws IOException {
        String good = new String(write(1).manifest().toJson(), StandardCharsets.UTF_8);
        List<String> damaged = List.of(
                good.substring(0, good.length() / 2),
                "[]",
                "",
                good.replace("\"rows\" : 1", "\"rows\" : -1"),
                good.replace("\"images\" : 1", "\"images\" : 2"),
                good.replace("part-00000", "../part-00000"),
                good.replace("\"loadSize\" : 1382", "\"loadSize\" : 2000000"),
                good.replace("\"contentHash\"", "\"other\""));
        for (String json : damaged) {
            Files.writeString(folder.resolve("manifest.json"), json);
            assertThatThrownBy(() -> ImageDataset.open(folder.toString(), conf))
                    .as(json)
                    .isInstanceOf(InvalidRequestException.class)
                    .message()
                    .contains("manifest.json")
                    .contains("prepare the dataset again")
                    .doesNotContain("\n");
        }
    }

    @Test
    void aShardThatIsNamedTwiceIsRefused() throws IOException {
        Shard shard = write(2).manifest().shards(Domain.A, Split.TRAIN).get(0);
        List<Shard> twice = List.of(shard, shard);
        assertThatThrownBy(() -> new Partition(Domain.A, Split.TRAIN, 4, 0, 0, 0, 0, 0, 0, 0, 0, twice))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("A/TRAIN names a shard twice");
    }

    /** A full row group of such small images may take 2 GB, but not one of two images. */
    @Test
    void aPageThatAsksForMoreThanTheShardsRowsIsRefusedBeforeMemoryIsTaken() throws IOException {
        FileSystem fs = FileSystem.get(folder.toUri(), conf);
        Files.createDirectories(shardFile(0).getParent());
        try (ShardWriter writer = new ShardWriter(fs, new org.apache.hadoop.fs.Path(shardFile(0).toUri()), "part-00000.zstd.parquet", TEST_SIDE,
                Store.RAW)) {
            writer.write(image(1, TEST_SIDE), "0".repeat(64), HEADER);
            writer.write(image(2, TEST_SIDE), "0".repeat(64), HEADER);
            writer.finish();
        }
        byte[] file = withPageOf(1_500_000_000, Files.readAllBytes(shardFile(0)));
        Files.write(shardFile(0), file);
        Shard shard = new Shard("part-00000.zstd.parquet", 2, file.length, "0".repeat(64));
        DatasetManifest manifest = manifest(TEST_SIDE, List.of(new Partition(Domain.A, Split.TRAIN, 2, 0, 0, 0, 0, 0, 0, 0, 0, List.of(shard))));

        try (ImageReader reader = new ImageDataset(folder.toString(), manifest).reader(Domain.A, Split.TRAIN, conf, 0)) {
            assertThatThrownBy(() -> reader.read(0)).isInstanceOf(JobFailedException.class)
                    .hasRootCauseMessage("a page asks for 1500000000 bytes, more than the 66048 of a row group");
        }
    }

    /** A shard whose last column's page says that it takes so many bytes. */
    private static byte[] withPageOf(int bytes, byte[] file) throws IOException {
        int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 8);
        FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(file, file.length - 8 - length, length));
        List<ColumnChunk> columns = footer.getRow_groups().get(0).getColumns();
        ColumnMetaData pixels = columns.get(columns.size() - 1).getMeta_data();
        int start = (int) pixels.getData_page_offset();
        int end = start + (int) pixels.getTotal_compressed_size();
        ByteArrayInputStream page = new ByteArrayInputStream(file, start, end - start);
        PageHeader header = Util.readPageHeader(page);
        byte[] content = page.readAllBytes();
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        changed.write(file, 0, start);
        Util.writePageHeader(header.setUncompressed_page_size(bytes), changed);
        changed.write(content);
        pixels.setTotal_compressed_size(changed.size() - start);
        int footerStart = changed.size();
        Util.writeFileMetaData(footer, changed);
        changed.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(changed.size() - footerStart).array());
        changed.write(file, file.length - 4, 4);
        return changed.toByteArray();
    }

    private Path shardFile(int number) {
        return folder.resolve("images/domain=A/split=train/part-0000" + number + ".zstd.parquet");
    }

    private ImageDataset write(int... rowsOfShards) throws IOException {
        FileSystem fs = FileSystem.get(folder.toUri(), conf);
        List<Shard> shards = new ArrayList<>();
        int next = 0;
        for (int rows : rowsOfShards) {
            Path file = shardFile(shards.size());
            Files.createDirectories(file.getParent());
            try (ShardWriter writer = new ShardWriter(fs, new org.apache.hadoop.fs.Path(file.toUri()), file.getFileName().toString(), SIDE,
                    Store.RAW)) {
                for (int i = 0; i < rows; i++) {
                    writer.write(image(next++, SIDE), "0".repeat(64), HEADER);
                }
                shards.add(writer.finish());
            }
        }
        Partition partition = new Partition(Domain.A, Split.TRAIN, next, 0, 0, 0, 0, 0, 0, 0, 0, shards);
        DatasetManifest manifest = manifest(SIDE, List.of(partition));
        Files.write(folder.resolve("manifest.json"), manifest.toJson());
        ImageDataset dataset = ImageDataset.open(folder.toString(), conf);
        assertThat(dataset.manifest()).isEqualTo(manifest);
        return dataset;
    }

    private static DatasetManifest manifest(int loadSize, List<Partition> partitions) {
        return new DatasetManifest(DatasetManifest.FORMAT_VERSION, 1, TEST_SIDE, loadSize, Fit.STRETCH, Store.RAW, partitions, "0".repeat(64));
    }

    private static DatasetImage image(int seed, int side) {
        byte[] pixels = new byte[3 * side * side];
        new Random(seed).nextBytes(pixels);
        return new DatasetImage("sub folder/ü" + seed + ".png", side, side, pixels);
    }
}
