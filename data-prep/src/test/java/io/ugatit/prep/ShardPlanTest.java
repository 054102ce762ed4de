package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Shard;
import io.ugatit.dataset.Split;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.prep.source.SourceFile;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardPlanTest {
    @Test
    void aFewFilesAreSpreadOverShardsOfSixteen() {
        assertThat(sizes(40, 286)).containsExactly(16, 16, 8);
    }

    @Test
    void aCorpusIsSpreadOverSixtyFourShardsOrMoreOfWholeRowGroups() {
        assertThat(sizes(6400, 36)).hasSize(64).containsOnly(100);
        assertThat(sizes(6400, 286)).hasSize(95).startsWith(68, 68).endsWith(68, 8);
    }

    @Test
    void whatIsAddedGoesIntoFewerShardsWithTheNextNumbers() {
        assertThat(ShardPlan.cut(files(250), 286, 7)).extracting(ShardPlan::fileName)
                .containsExactly("part-00007.zstd.parquet", "part-00008.zstd.parquet");
        assertThat(ShardPlan.cut(files(2000), 286, 7)).hasSize(10).first().extracting(plan -> plan.files().size()).isEqualTo(204);
        assertThat(ShardPlan.next(List.of())).isZero();
        assertThat(ShardPlan.next(List.of(shard("part-00003.zstd.parquet"), shard("part-00011.zstd.parquet")))).isEqualTo(12);
        assertThatThrownBy(() -> ShardPlan.next(List.of(shard("a.parquet")))).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("a.parquet has no number in its name");
    }

    @Test
    void shardsOfAHugeCorpusHold256MegabytesOfPixels() {
        assertThat(sizes(200_000, 286).subList(0, 183)).containsOnly(16 * 68);
    }

    @Test
    void theLargestImagesStillGiveShards() {
        assertThat(sizes(11, 4096)).containsExactly(5, 5, 1);
    }

    @Test
    void everyFileIsInOneShardInOrder() {
        List<SourceFile> files = files(1000);

        assertThat(ShardPlan.cut(files, 256, 0).stream().flatMap(plan -> plan.files().stream())).containsExactlyElementsOf(files);
    }

    private static Shard shard(String file) {
        return new Shard(file, 1, 1, "0".repeat(64));
    }

    private static List<Integer> sizes(int count, int side) {
        return ShardPlan.cut(files(count), side, 0).stream().map(plan -> plan.files().size()).toList();
    }

    private static List<SourceFile> files(int count) {
        return IntStream.range(0, count).mapToObj(i -> new SourceFile(Domain.A, Split.TRAIN, "f" + i, 1, 0)).toList();
    }
}
