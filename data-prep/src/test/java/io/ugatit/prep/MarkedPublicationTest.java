package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.job.JobFailedException;
import io.ugatit.storage.ObjectStore;
import io.ugatit.storage.ShopFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkedPublicationTest {
    private static final String SHARD = DatasetManifest.folder(Domain.A, Split.TRAIN) + "/part-0.parquet";

    @TempDir
    private java.nio.file.Path disk;
    private final Configuration conf = new Configuration(false);
    private Path output;
    private FileSystem shop;

    @BeforeEach
    void open() throws IOException {
        ShopFileSystem.register(conf, true, 0, 1);
        output = new Path("shop:" + disk.resolve("data"));
        shop = output.getFileSystem(conf);
    }

    /** Begins, and fails; a task that had asked for the owner before writes its shard all the same. */
    private void failWithALateTask() throws IOException {
        try (Publication publication = Publication.of(shop, output)) {
            publication.begin();
            publication.expect(List.of(SHARD));
            ObjectStore.write(shop.create(new Path(publication.copies(), "row")), new byte[] {1});
        }
        try (Stream<java.nio.file.Path> left = Files.walk(disk)) {
            assertThat(left.filter(Files::isRegularFile)).extracting(file -> file.getFileName().toString()).containsExactly("owner");
        }
        put(SHARD);
    }

    private void put(String name) throws IOException {
        ObjectStore.write(shop.create(new Path(output, name)), new byte[] {1});
    }

    @Test
    void aLateTasksShardIsRemovedByTheNextJob() throws IOException {
        failWithALateTask();
        try (Publication next = Publication.of(shop, output)) {
            assertThat(next.removeUnpublished()).isTrue();
            assertThat(shop.exists(output)).isFalse();
            assertThat(next.removeStale()).hasSize(1);
        }
        assertThat(disk).isEmptyDirectory();
    }

    @Test
    void whatSomebodyElsePutThereAfterAFailureStays() throws IOException {
        failWithALateTask();
        put("theirs.txt");
        try (Publication next = Publication.of(shop, output)) {
            next.removeUnpublished();
        }
        assertThat(shop.exists(new Path(output, "theirs.txt"))).isTrue();
        assertThat(shop.exists(new Path(output, SHARD))).isFalse();
    }

    @Test
    void aJobThatHasLostItsLockLeavesItsSuccessorsShards() throws IOException {
        Publication late = Publication.of(shop, output);
        late.begin();
        late.expect(List.of(SHARD));
        try (Publication next = Publication.of(shop, output)) {
            next.removeUnpublished();
            next.removeStale();
            next.begin();
            next.expect(List.of(SHARD));
            put(SHARD);
            next.expectNoMore();
            late.close();
            assertThat(shop.exists(new Path(output, SHARD))).as("while the next job goes on").isTrue();
            next.write(DatasetManifest.FILE, out -> out.write(1));
            next.publish();
        }
        late.close();
        assertThat(shop.exists(new Path(output, SHARD))).as("published").isTrue();
        assertThat(shop.exists(new Path(output, DatasetManifest.FILE))).isTrue();
    }

    @Test
    void aJobThatHasLostItsLockBeforeItBeganLeavesItsSuccessorsCopies() throws IOException {
        Publication late = Publication.of(shop, output);
        ObjectStore.write(shop.create(new Path(late.copies(), "row")), new byte[] {1});
        try (Publication next = Publication.of(shop, output)) {
            Path copy = new Path(next.copies(), "row");
            ObjectStore.write(shop.create(copy), new byte[] {1});
            late.close();
            assertThat(shop.exists(copy)).isTrue();
            assertThat(shop.exists(late.copies())).isFalse();
        }
        assertThat(disk).isEmptyDirectory();
    }

    @Test
    void aVersionThatAppearedMeanwhileIsLeftAsItIs() throws IOException {
        put(DatasetManifest.FILE);
        try (Publication publication = Publication.of(shop, output)) {
            publication.begin();
            publication.write("versions/2/" + DatasetManifest.FILE, out -> out.write(2));
            put("versions/2/" + DatasetManifest.FILE);
            assertThatThrownBy(() -> publication.publish(2, List.of())).isInstanceOf(JobFailedException.class)
                    .hasMessage("cannot publish version 2 of " + output + ": it appeared while the job ran and was left as it is");
        }
        assertThat(shop.getFileStatus(new Path(output, "versions/2/" + DatasetManifest.FILE)).getLen()).isEqualTo(1);
    }

    @Test
    void aFailureWithoutTasksThatMayGoOnLeavesNothing() throws IOException {
        try (Publication publication = Publication.of(shop, output)) {
            publication.begin();
            publication.expect(List.of(SHARD));
            put(SHARD);
            publication.expectNoMore();
        }
        assertThat(disk).isEmptyDirectory();
    }
}
