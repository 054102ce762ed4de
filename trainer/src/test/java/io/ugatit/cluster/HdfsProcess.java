package io.ugatit.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** HDFS in a JVM of its own, to be killed: a name node and a data node. Started again on the same folder it has the same files. */
public final class HdfsProcess {
    private HdfsProcess() { }

    /** @param args folder, name node's port, and the file that appears when HDFS can be used */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        boolean first = Files.notExists(folder.resolve("name-0-1"));
        Configuration configuration = new Configuration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
        MiniDFSCluster cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).nameNodePort(Integer.parseInt(args[1]))
                .format(first).build();
        cluster.waitClusterUp();
        Files.createFile(Path.of(args[2]));
        Thread.sleep(Long.MAX_VALUE);
    }
}
