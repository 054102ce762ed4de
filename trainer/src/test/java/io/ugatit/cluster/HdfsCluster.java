package io.ugatit.cluster;

import io.ugatit.process.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.DatanodeReportType;
import org.apache.hadoop.hdfs.server.datanode.DataNode;

/** HDFS over RPC: a name node and two data nodes, each a JVM of its own, and two copies of every block. */
final class HdfsCluster implements AutoCloseable {
    private static final int DATA_NODES = 2;
    private final Path folder;
    private final int port;
    private final JavaProcess[] dataNodes = new JavaProcess[DATA_NODES];
    private JavaProcess nameNode;

    HdfsCluster(Path folder) throws Exception {
        this.folder = folder;
        this.port = StandaloneCluster.freePort();
        startNameNode();
        for (int number = 0; number < DATA_NODES; number++) {
            startDataNode(number);
        }
        awaitDataNodes();
    }

    String address() {
        return "hdfs://127.0.0.1:" + port;
    }

    /** A client's settings for Hadoop; the retry policy is that of conf/spark-defaults.conf, the blocks are small so that a file has many. */
    static Map<String, String> clientSettings() {
        return Map.of("dfs.client.retry.policy.enabled", "true",
                "dfs.client.retry.policy.spec", "1000,30,5000,60",
                "dfs.replication", "" + DATA_NODES,
                "dfs.blocksize", "4194304");
    }

    static Configuration clientConfiguration() {
        Configuration configuration = new Configuration();
        clientSettings().forEach(configuration::set);
        return configuration;
    }

    FileSystem fileSystem() throws IOException {
        return new org.apache.hadoop.fs.Path(address()).getFileSystem(clientConfiguration());
    }

    void startNameNode() throws Exception {
        nameNode = JavaProcess.start(folder.resolve("namenode.log"), List.of(), NameNodeProcess.class,
                folder.resolve("namenode").toString(), "" + port);
        nameNode.await("the name node listens", () -> StandaloneCluster.listens(port));
    }

    void startDataNode(int number) throws IOException {
        dataNodes[number] = JavaProcess.start(folder.resolve("datanode-" + number + ".log"), List.of(), DataNode.class,
                "-Dfs.defaultFS=" + address(), "-Ddfs.datanode.data.dir=" + folder.resolve("datanode-" + number).toUri(),
                "-Ddfs.datanode.hostname=127.0.0.1", "-Ddfs.datanode.address=127.0.0.1:0", "-Ddfs.datanode.ipc.address=127.0.0.1:0",
                "-Ddfs.datanode.http.address=127.0.0.1:0");
    }

    void awaitDataNodes() throws Exception {
        DistributedFileSystem fileSystem = (DistributedFileSystem) fileSystem();
        nameNode.await("the data nodes join", () -> {
            try {
                return fileSystem.getDataNodeStats(DatanodeReportType.LIVE).length == DATA_NODES;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** SIGKILL. */
    void killNameNode() {
        nameNode.close();
    }

    /** SIGKILL. */
    void killDataNode(int number) {
        dataNodes[number].close();
    }

    @Override
    public void close() {
        for (JavaProcess dataNode : dataNodes) {
            if (dataNode != null) {
                dataNode.close();
            }
        }
        nameNode.close();
    }
}
