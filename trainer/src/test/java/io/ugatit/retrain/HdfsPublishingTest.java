package io.ugatit.retrain;

import io.ugatit.storage.FaultyHdfs;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.client.HdfsClientConfigKeys;
import org.apache.hadoop.hdfs.server.namenode.EditLogFileOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class HdfsPublishingTest extends PublishingContract {
    @TempDir
    private static java.nio.file.Path disks;
    private static MiniDFSCluster cluster;
    private static Configuration configuration;

    @BeforeAll
    static void start() throws IOException {
        EditLogFileOutputStream.setShouldSkipFsyncForTesting(true); // nobody cuts the power
        Configuration hdfs = new Configuration();
        hdfs.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, disks.toString());
        cluster = new MiniDFSCluster.Builder(hdfs).numDataNodes(1).build();
        configuration = new Configuration(false);
        FaultyHdfs.register(configuration);
        // asks sooner whether the data node has told of a block than after 400 ms
        configuration.setInt(HdfsClientConfigKeys.BlockWrite.LOCATEFOLLOWINGBLOCK_INITIAL_DELAY_MS_KEY, 5);
        configuration.setInt(HdfsClientConfigKeys.BlockWrite.LOCATEFOLLOWINGBLOCK_RETRIES_KEY, 12);
        configuration.setBoolean("fs.hdfs.impl.disable.cache", true); // the cluster's own is another
    }

    @AfterAll
    static void stop() {
        cluster.shutdown(true);
    }

    @Override
    int mostOfJobs() {
        return 2; // every file is forced to a disk that others use
    }

    @Override
    int most() {
        return 8;
    }

    @Override
    Configuration configuration() {
        return configuration;
    }

    @Override
    Path folder() throws IOException {
        Path folder = new Path(cluster.getURI() + "/" + UUID.randomUUID());
        cluster.getFileSystem().mkdirs(folder);
        return folder;
    }
}
