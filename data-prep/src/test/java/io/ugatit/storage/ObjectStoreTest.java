package io.ugatit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectStoreTest {
    @TempDir
    private java.nio.file.Path disk;
    private final Configuration configuration = new Configuration(false);

    @AfterEach
    void repair() {
        Faults.end();
    }

    /** A file system of a scheme, that can do some things. */
    private FileSystem of(String scheme, String... capabilities) throws IOException {
        FileSystem fs = new RawLocalFileSystem() {
            @Override
            public URI getUri() {
                return URI.create(scheme + "://bucket/");
            }

            @Override
            public boolean hasPathCapability(Path path, String capability) {
                return Set.of(capabilities).contains(capability);
            }
        };
        fs.initialize(URI.create(scheme + "://bucket/"), configuration);
        return fs;
    }

    @ParameterizedTest
    @CsvSource({"s3a, true", "S3A, true", "gs, true", "oss, true", "cosn, true", "obs, true", "abfs, true", "file, false", "hdfs, false",
        "viewfs, false"})
    void theSchemeSaysWhetherRenamesCopy(String scheme, boolean expected) throws IOException {
        assertThat(ObjectStore.is(of(scheme))).isEqualTo(expected);
    }

    @Test
    void azuresStorageWithFoldersRenamesInOneStep() throws IOException {
        assertThat(ObjectStore.is(of("abfss", "fs.capability.etags.preserved.in.rename"))).isFalse();
        assertThat(ObjectStore.is(of("s3a", "fs.capability.etags.preserved.in.rename"))).isTrue();
    }

    @Test
    void theConfigurationKnowsBetter() throws IOException {
        configuration.set("ugatit.rename.s3a", "atomic");
        configuration.set("ugatit.rename.minio", " copies ");
        assertThat(ObjectStore.is(of("s3a"))).isFalse();
        assertThat(ObjectStore.is(of("minio"))).isTrue();
        configuration.set("ugatit.rename.hdfs", "yes");
        assertThatThrownBy(() -> ObjectStore.is(of("hdfs"))).isInstanceOf(InvalidRequestException.class)
                .hasMessage("ugatit.rename.hdfs is yes: must be atomic or copies");
    }

    private FileSystem shop(boolean conditional, int lag) throws IOException {
        ShopFileSystem.register(configuration, conditional, lag, 3);
        return path("").getFileSystem(configuration);
    }

    private Path path(String name) {
        return new Path("shop:" + disk + "/" + name);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anObjectIsSeenWhenItIsClosed(boolean conditional) throws IOException {
        FileSystem shop = shop(conditional, 0);
        FSDataOutputStream out = ObjectStore.createNew(shop, path("a/b"));
        out.writeBytes("whole");
        out.flush();
        assertThat(shop.exists(path("a/b"))).isFalse();
        assertThat(shop.exists(path("a"))).isFalse();
        out.close();
        assertThat(disk.resolve("a/b")).hasContent("whole");
    }

    @Test
    void anObjectThatIsGivenUpIsNeverSeen() throws IOException {
        FileSystem shop = shop(true, 0);
        FSDataOutputStream out = shop.create(path("a"));
        out.writeBytes("half");
        ObjectStore.giveUp(out);
        out.close();
        assertThat(shop.exists(path("a"))).isFalse();
    }

    @Test
    void ofTwoThatMakeAnObjectTheSecondFailsWhereTheStoreExcludes() throws IOException {
        FileSystem shop = shop(true, 0);
        FSDataOutputStream one = ObjectStore.createNew(shop, path("a"));
        FSDataOutputStream two = ObjectStore.createNew(shop, path("a"));
        two.writeBytes("two");
        two.close();
        one.writeBytes("one");
        assertThatThrownBy(one::close).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(disk.resolve("a")).hasContent("two");

        FileSystem other = shop(false, 0);
        assertThatThrownBy(() -> ObjectStore.createNew(other, path("a"))).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aRenameThatIsKilledLeavesBothInPart() throws IOException {
        FileSystem shop = shop(true, 0);
        for (String name : List.of("from/a", "from/b", "from/c")) {
            shop.create(path(name)).close();
        }
        Faults.after(4, Faults.Kind.KILL, false);
        assertThatThrownBy(() -> shop.rename(path("from"), path("to"))).hasMessage("killed");
        Faults.end();
        assertThat(names(shop, "from")).containsExactly("b", "c");
        assertThat(names(shop, "to")).containsExactly("a", "b", "c");
    }

    @Test
    void aListingComesLateAndObjectsDoNot() throws IOException {
        FileSystem shop = shop(true, 10);
        boolean late = false;
        boolean gone = false;
        for (int i = 0; i < 20; i++) {
            shop.create(path("f/" + i)).close();
            assertThat(shop.exists(path("f/" + i))).isTrue();
            late |= !names(shop, "f").contains("" + i);
        }
        for (int i = 0; i < 19; i++) {
            shop.delete(path("f/" + i), false);
            assertThat(shop.exists(path("f/" + i))).isFalse();
            gone |= names(shop, "f").contains("" + i);
        }
        assertThat(late).isTrue();
        assertThat(gone).isTrue();
        for (int i = 0; i < 20; i++) {
            shop.exists(path("f/19"));
        }
        assertThat(names(shop, "f")).containsExactly("19");
    }

    @Test
    void numbersAreThoseThatAreThereWhateverTheListingSays() throws IOException {
        Set<Integer> there = Set.of(3, 4, 5, 6);
        assertThat(Numbers.there(List.of(2, 3, 4), there::contains)).containsExactly(3, 4, 5, 6);
        assertThat(Numbers.there(List.of(), Set.of(1, 2)::contains)).containsExactly(1, 2);
        assertThat(Numbers.there(List.of(), number -> false)).isEmpty();
    }

    private List<String> names(FileSystem fs, String folder) throws IOException {
        try {
            return new ArrayList<>(Arrays.stream(fs.listStatus(path(folder))).map(FileStatus::getPath).map(Path::getName).toList());
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }
}
