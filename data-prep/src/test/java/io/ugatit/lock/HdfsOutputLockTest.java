package io.ugatit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class HdfsOutputLockTest extends OutputLockContract {
    @TempDir
    private static java.nio.file.Path disks;
    private static MiniDFSCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, disks.toString());
        cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    }

    @AfterAll
    static void stop() {
        cluster.shutdown(true);
    }

    @Override
    Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set("fs.defaultFS", cluster.getURI().toString());
        return configuration;
    }

    @Override
    Path emptyFolder() throws IOException {
        Path path = new Path(cluster.getURI() + "/" + UUID.randomUUID());
        cluster.getFileSystem().mkdirs(path);
        return path;
    }

    @Test
    void withoutSpaceALockHasNoNameAndIsOne() throws IOException {
        DistributedFileSystem hdfs = cluster.getFileSystem();
        hdfs.setQuota(folder, HdfsConstants.QUOTA_DONT_SET, 1);
        Path run = new Path(folder, "run");
        try (OutputLock lock = inside(run, new MadeUpSurroundings(1))) {
            lock.requireHeld();
            assertThat(names(run)).containsExactly(OutputLock.NAME);
            assertThatThrownBy(() -> inside(run, new MadeUpSurroundings(1))).isInstanceOf(InvalidRequestException.class)
                    .hasMessageMatching("--run is " + run + ": a job that left no name \\(.*\\) is writing it; wait for it or .*");
        }
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void allSpellingsOfAPathAreOneOutput() throws IOException {
        Path home = cluster.getFileSystem().getHomeDirectory();
        try (OutputLock lock = inside(new Path(home, "runs/first"), new MadeUpSurroundings(1))) {
            for (String spelling : new String[] {home.toUri().getPath() + "/runs/first", "hdfs://" + home.toUri().getPath() + "/runs/first",
                "runs/first", home + "/runs/./first"}) {
                assertThatThrownBy(() -> inside(new Path(spelling), new MadeUpSurroundings(1))).as(spelling)
                        .isInstanceOf(InvalidRequestException.class).hasMessageContaining("is writing it");
            }
            lock.requireHeld();
        }
    }
}
