package io.ugatit.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** HDFS's name node in a JVM of its own. Started again on the same folder it has the same files. */
public final class NameNodeProcess {
    private NameNodeProcess() { }

    /** @param args folder and port */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        boolean first = Files.notExists(folder.resolve("name-0-1"));
        Configuration configuration = new Configuration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
        new MiniDFSCluster.Builder(configuration).numDataNodes(0).nameNodePort(Integer.parseInt(args[1])).format(first).build();
        Thread.sleep(Long.MAX_VALUE);
    }
}
