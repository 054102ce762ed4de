package io.ugatit.soak;

import io.ugatit.cluster.HdfsCluster;
import io.ugatit.cluster.SmallTraining;
import io.ugatit.cluster.StandaloneCluster;
import io.ugatit.process.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a soak trains on: Spark with three workers of one executor each, HDFS with three data nodes, and links that can be cut between the
 * name node and its clients and between the driver and its executors. Every part is a JVM of its own.
 */
final class SoakCluster implements AutoCloseable {
    static final String DATA = "/dataset";
    static final String RUN = "/run";

    private final Path folder;
    private final String[] options;
    private final HdfsCluster hdfs;
    private final StandaloneCluster spark;
    private final Link toNameNode;
    private volatile List<Link> toDriver = List.of();

    /**
     * @param folder for everything that they keep and say
     * @param data the data set, on a local disk
     * @param options of the train command
     */
    SoakCluster(Path folder, String data, String... options) throws Exception {
        this.folder = folder;
        this.options = options;
        hdfs = new HdfsCluster(Files.createDirectory(folder.resolve("hdfs")), FaultPlan.TARGETS);
        hdfs.fileSystem().copyFromLocalFile(new org.apache.hadoop.fs.Path(data), new org.apache.hadoop.fs.Path(hdfs.address() + DATA));
        toNameNode = new Link(hdfs.port());
        spark = new StandaloneCluster(Files.createDirectory(folder.resolve("spark")), FaultPlan.TARGETS);
    }

    HdfsCluster hdfs() {
        return hdfs;
    }

    StandaloneCluster spark() {
        return spark;
    }

    Link toNameNode() {
        return toNameNode;
    }

    /** Of the driver that runs now: for what it says to executors, and for what they fetch from it. */
    List<Link> toDriver() {
        return toDriver;
    }

    /** Where the driver keeps what does not outlive it. */
    Path driverLocal() {
        return folder.resolve("driver-local");
    }

    /** What a driver says. */
    Path log(int life) {
        return folder.resolve("driver-" + life + ".log");
    }

    /** Is there when the training may end. */
    Path enough() {
        return folder.resolve("enough");
    }

    /**
     * Starts a driver in the place of one that has ended, whose folder goes with it as that of a container would.
     *
     * @param life which one it is
     */
    JavaProcess startDriver(int life) throws IOException {
        closeLinks();
        Leftovers.delete(driverLocal());
        Files.createDirectories(driverLocal());
        int port = StandaloneCluster.freePort();
        int blocks = StandaloneCluster.freePort();
        toDriver = List.of(new Link(port), new Link(blocks));
        List<String> settings = new ArrayList<>(List.of("-Djava.io.tmpdir=" + driverLocal(), "-Dspark.ui.enabled=false",
                "-D" + SoakDriver.ENOUGH + "=" + enough()));
        sparkSettings(port, blocks).forEach((name, value) -> settings.add("-D" + name + "=" + value));
        HdfsCluster.clientSettings().forEach((name, value) -> settings.add("-Dspark.hadoop." + name + "=" + value));
        String root = "hdfs://" + Link.HOST + ":" + hdfs.port();
        return JavaProcess.start(log(life), settings, SoakDriver.class, SmallTraining.words(root + DATA, root + RUN, options));
    }

    private Map<String, String> sparkSettings(int port, int blocks) {
        Map<String, String> settings = new TreeMap<>(spark.settings());
        settings.putAll(Map.of("spark.driver.host", Link.HOST, "spark.driver.bindAddress", "127.0.0.1", "spark.driver.port", "" + port,
                "spark.driver.blockManager.port", "" + blocks,
                // trains with what is there
                "spark.scheduler.minRegisteredResourcesRatio", "0",
                "spark.executor.defaultJavaOptions", String.join(" ", JavaProcess.shortLife()) + " -XX:TieredStopAtLevel=4"
                        + " -Djava.io.tmpdir=."));
        return settings;
    }

    @Override
    public void close() throws IOException {
        spark.close();
        hdfs.close();
        toNameNode.close();
        closeLinks();
    }

    private void closeLinks() throws IOException {
        for (Link link : toDriver) {
            link.close();
        }
    }
}
