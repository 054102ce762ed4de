package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class TranslateToHdfsTest extends TranslateFixture {
    @Test
    void aNameThatHdfsHasNotIsLeftOutAndTheOthersAreTranslated() throws Exception {
        Configuration hdfs = new Configuration();
        hdfs.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
        try (MiniDFSCluster cluster = new MiniDFSCluster.Builder(hdfs).numDataNodes(1).build()) {
            addImage("a.png", noise(1));
            addImage("2026-01-01T10:00.png", noise(2));
            addImage("days/12:30/b.png", noise(3));
            addImage("z.png", noise(4));
            Path out = new Path(cluster.getURI() + "/out");
            TranslateResult result = translate(new TranslateOptions(null, weights, Direction.A2B, input().toString(), out.toString(),
                    ImageEncoder.PNG, true, false, SIZE, Fit.STRETCH));
            assertThat(List.of(result.translated(), result.rejected())).containsExactly(2L, 2L);
            assertThat(cluster.getFileSystem().exists(new Path(out, "z.png"))).isTrue();
            try (FSDataInputStream list = cluster.getFileSystem().open(new Path(out, "rejected.jsonl"))) {
                assertThat(new String(list.readAllBytes(), StandardCharsets.UTF_8).lines()).hasSize(2)
                        .allMatch(line -> line.contains("\"reason\":\"the file system allows no such name: "))
                        .anyMatch(line -> line.contains("\"source\":\"2026-01-01T10:00.png\""));
            }
        }
    }
}
