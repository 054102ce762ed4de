package io.ugatit.checkpoint;

import static io.ugatit.checkpoint.CheckpointFixture.assertHolds;
import static io.ugatit.checkpoint.CheckpointFixture.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.log.MetricsLog;
import io.ugatit.publish.Publishing;
import io.ugatit.storage.Renames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class HdfsCheckpointTest {
    @TempDir
    private static java.nio.file.Path disks;
    private static MiniDFSCluster cluster;
    private static FileSystem hdfs;

    @BeforeAll
    static void start() throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, disks.toString());
        cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        hdfs = cluster.getFileSystem();
    }

    @AfterAll
    static void stop() {
        cluster.shutdown(true);
    }

    @Test
    void checkpointsArePublishedReplacedSkippedAndPrunedOnHdfs() throws IOException {
        RunDirectory run = new RunDirectory(hdfs.getConf(), hdfs.makeQualified(new Path("/runs/a")));
        CheckpointStore store = new CheckpointStore(run);
        for (int step = 1; step <= 4; step++) {
            publish(store, step);
        }
        List<String> warnings = new ArrayList<>();
        assertHolds(store.latestWhole(warnings::add).orElseThrow(), 4);
        assertThat(warnings).isEmpty();
        assertThat(read(run.latest())).isEqualTo("step-00000004\n");

        try (FSDataOutputStream out = hdfs.create(new Path(run.checkpoint(4), "moments.safetensors"), true)) {
            out.write(1);
        }
        assertHolds(store.latestWhole(warnings::add).orElseThrow(), 3);
        assertThat(warnings).singleElement().asString().contains("hdfs://").contains("step-00000004 is damaged and skipped: ");
        assertHolds(publish(store, 4), 4);

        assertThat(store.prune(2)).containsExactly(2L, 1L);
        assertThat(Arrays.stream(hdfs.listStatus(run.checkpoints())).map(FileStatus::getPath).map(Path::getName))
                .containsExactly("step-00000003", "step-00000004");
    }

    @Test
    void aFileReplacesAnotherAndAFolderNeverDoes() throws IOException {
        RunDirectory run = new RunDirectory(hdfs.getConf(), hdfs.makeQualified(new Path("/runs/b")));
        run.publishConfig(JsonNodeFactory.instance.objectNode().put("steps", 1));
        run.publishConfig(JsonNodeFactory.instance.objectNode().put("steps", 2));
        assertThat(run.readConfig().get("steps").asInt()).isEqualTo(2);
        assertThat(hdfs.listStatus(run.path())).hasSize(1);

        Path from = new Path("/runs/from");
        Path to = new Path("/runs/to");
        hdfs.mkdirs(from);
        hdfs.mkdirs(to);
        assertThatThrownBy(() -> Renames.toFree(hdfs, from, to)).isInstanceOf(IOException.class);
        assertThat(hdfs.listStatus(to)).isEmpty();
    }

    @Test
    void metricsArePublishedAndDroppedOnHdfs() {
        MetricsLog log = new MetricsLog(new RunDirectory(hdfs.getConf(), hdfs.makeQualified(new Path("/runs/c"))));
        for (int step = 1; step <= 4; step++) {
            log.append(List.of(JsonNodeFactory.instance.objectNode().put("step", step).put("worker", 0)));
        }
        log.publish(4);
        log.dropAfter(3);
        List<Long> steps = new ArrayList<>();
        log.forEach(row -> steps.add(row.get("step").asLong()));
        assertThat(steps).containsExactly(1L, 2L, 3L);
    }

    private static String read(Path path) throws IOException {
        return new String(Publishing.read(hdfs.getConf(), path, 100), StandardCharsets.UTF_8);
    }
}
