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

/** HDFS over RPC: a name node and data nodes, each a JVM of its own, and two copies of every block. */
public final class HdfsCluster implements AutoCloseable {
    private static final int COPIES = 2;
    private final Path folder;
    private final int port;
    private final JavaProcess[] dataNodes;
    private JavaProcess nameNode;

    /** With two data nodes. */
    HdfsCluster(Path folder) throws Exception {
        this(folder, COPIES);
    }

    /**
     * @param folder for what they say and keep
     * @param dataNodes how many, at least 2
     */
    public HdfsCluster(Path folder, int dataNodes) throws Exception {
        this.folder = folder;
        this.port = StandaloneCluster.freePort();
        this.dataNodes = new JavaProcess[dataNodes];
        startNameNode();
        for (int number = 0; number < dataNodes; number++) {
            startDataNode(number);
        }
        awaitDataNodes();
    }

    /** The name node's. */
    public String address() {
        return "hdfs://127.0.0.1:" + port;
    }

    /** A client's settings for Hadoop; what concerns retries is as in conf/spark-defaults.conf, blocks are small so that a file has many. */
    public static Map<String, String> clientSettings() {
        return Map.of("dfs.client.retry.policy.enabled", "true",
                "dfs.client.retry.policy.spec", "1000,30,5000,60",
                "dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "20",
                "dfs.client.block.write.locateFollowingBlock.retries", "10",
                "dfs.replication", "" + COPIES,
                "dfs.blocksize", "4194304");
    }

    /** {@link #clientSettings} for a client in this JVM. */
    public static Configuration clientConfiguration() {
        Configuration configuration = new Configuration();
        clientSettings().forEach(configuration::set);
        return configuration;
    }

    /** A client in this JVM. */
    public FileSystem fileSystem() throws IOException {
        return new org.apache.hadoop.fs.Path(address()).getFileSystem(clientConfiguration());
    }

    /** Starts the name node, again if it was killed, and waits until it listens. */
    public void startNameNode() throws Exception {
        nameNode = JavaProcess.start(folder.resolve("namenode.log"), List.of(), NameNodeProcess.class,
                folder.resolve("namenode").toString(), "" + port);
        nameNode.await("the name node listens", () -> StandaloneCluster.listens(port));
    }

    /** Starts a data node, again if it was killed. */
    public void startDataNode(int number) throws IOException {
        dataNodes[number] = JavaProcess.start(folder.resolve("datanode-" + number + ".log"), List.of(), DataNode.class,
                "-Dfs.defaultFS=" + address(), "-Ddfs.datanode.data.dir=" + folder.resolve("datanode-" + number).toUri(),
                "-Ddfs.datanode.hostname=127.0.0.1", "-Ddfs.datanode.address=127.0.0.1:0", "-Ddfs.datanode.ipc.address=127.0.0.1:0",
                "-Ddfs.datanode.http.address=127.0.0.1:0");
    }

    void awaitDataNodes() throws Exception {
        DistributedFileSystem fileSystem = (DistributedFileSystem) fileSystem();
        nameNode.await("the data nodes join", () -> {
            try {
                return fileSystem.getDataNodeStats(DatanodeReportType.LIVE).length == dataNodes.length;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Where the name node listens, on the loopback address. */
    public int port() {
        return port;
    }

    /** Its process. */
    public ProcessHandle nameNode() {
        return nameNode.handle();
    }

    /** Its process. */
    public ProcessHandle dataNode(int number) {
        return dataNodes[number].handle();
    }

    /** SIGKILL. */
    public void killNameNode() {
        nameNode.close();
    }

    /** SIGKILL. */
    public void killDataNode(int number) {
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
