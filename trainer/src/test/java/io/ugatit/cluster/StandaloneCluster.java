package io.ugatit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ugatit.process.JavaProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.sql.SparkSession;

/** A standalone Spark cluster: a master and workers of one core, each a JVM of its own, as are the executors they start. */
public final class StandaloneCluster implements AutoCloseable {
    private final Path folder;
    private final String address;
    private final JavaProcess master;
    private final JavaProcess[] workers;
    private final List<String> options;
    private final IntFunction<String> hosts;

    /**
     * @param folder for what they say and leave
     * @param workers how many
     */
    public StandaloneCluster(Path folder, int workers) throws Exception {
        this(folder, workers, List.of(), number -> "127.0.0.1");
    }

    /**
     * @param options of the JVMs of master and workers
     * @param hosts where each worker and its executors listen
     */
    StandaloneCluster(Path folder, int workers, List<String> options, IntFunction<String> hosts) throws Exception {
        this.folder = folder;
        this.options = options;
        this.hosts = hosts;
        int port = freePort();
        int pages = freePort();
        address = "spark://127.0.0.1:" + port;
        master = JavaProcess.start(folder.resolve("master.log"), options, Master.class, "--host", "127.0.0.1", "--port", "" + port,
                "--webui-port", "" + pages);
        // who asks a master that listens and is not alive yet gets no answer, and asks again after 20 s
        master.await("the master is alive", () -> state(pages).path("status").asText().equals("ALIVE"));
        this.workers = new JavaProcess[workers];
        for (int number = 0; number < workers; number++) {
            startWorker(number);
        }
        master.await("the workers join", () -> state(pages).path("aliveworkers").asInt() == workers);
    }

    /** What the master says; nothing while its pages are not there, or are those of a server without any. */
    private static JsonNode state(int pages) {
        try {
            return new ObjectMapper().readTree(URI.create("http://127.0.0.1:" + pages + "/json/").toURL());
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    /** A port that nothing listens at now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Whether something listens at a port. */
    public static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** The master's. */
    public String address() {
        return address;
    }

    /** Starts a worker, again if it was killed. */
    public void startWorker(int number) throws IOException {
        List<String> jvm = new ArrayList<>(options);
        jvm.add("-Dspark.local.dir=" + local(number));
        workers[number] = JavaProcess.start(folder.resolve("worker-" + number + ".log"), jvm, Worker.class, "--host", hosts.apply(number),
                "--webui-port", "0", "--cores", "1", "--memory", "1g", "--work-dir", work(number).toString(), address);
    }

    /** Where a worker's executors keep what they shuffle. */
    public Path local(int number) {
        return folder.resolve("local-" + number);
    }

    /** Where a worker has the folders of its executors, APPLICATION/EXECUTOR. */
    public Path work(int number) {
        return folder.resolve("work-" + number);
    }

    /** The worker without its executors. */
    public ProcessHandle worker(int number) {
        return workers[number].handle();
    }

    /** SIGKILL for a worker and its executors, as if its machine were gone. */
    public void killWorker(int number) {
        workers[number].close();
    }

    /** The processes that a worker has started. */
    public List<ProcessHandle> executors(int number) {
        return workers[number].descendants();
    }

    /** Settings of an application that waits for both executors, so that both have a part in every round. */
    public Map<String, String> settings() {
        return Map.of("spark.master", address,
                "spark.executor.memory", "1g",
                "spark.executor.cores", "1",
                "spark.executor.extraClassPath", JavaProcess.classPath(),
                "spark.executor.extraJavaOptions", "--add-modules=jdk.incubator.vector",
                "spark.scheduler.minRegisteredResourcesRatio", "1.0",
                "spark.scheduler.maxRegisteredResourcesWaitingTime", "30m",
                "spark.cores.max", "" + workers.length,
                "spark.locality.wait", "0");
    }

    /** @param more settings, names and values in turn */
    SparkSession session(String... more) {
        List<String> all = new ArrayList<>();
        settings().forEach((name, value) -> all.addAll(List.of(name, value)));
        all.addAll(List.of(more));
        return SmallTraining.session(address, all.toArray(String[]::new));
    }

    @Override
    public void close() {
        for (JavaProcess worker : workers) {
            if (worker != null) {
                worker.close();
            }
        }
        master.close();
    }
}
