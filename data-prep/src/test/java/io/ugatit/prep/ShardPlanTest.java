package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardPlanTest {
    @Test
    void aFewFilesAreSpreadOverShardsOfSixteen() {
        assertThat(sizes(40, 286)).containsExactly(16, 16, 8);
    }

    @Test
    void aCorpusIsSpreadOverSixtyFourShards() {
        assertThat(sizes(6400, 286)).hasSize(64).containsOnly(100);
    }

    @Test
    void shardsOfAHugeCorpusHold256MegabytesOfPixels() {
        assertThat(sizes(200_000, 286).subList(0, 182)).containsOnly(1093);
    }

    @Test
    void theLargestImagesStillGiveShards() {
        assertThat(sizes(11, 4096)).containsExactly(5, 5, 1);
    }

    @Test
    void everyFileIsInOneShardInOrder() {
        List<SourceFile> files = files(1000);

        assertThat(ShardPlan.cut(files, 256).stream().flatMap(plan -> plan.files().stream())).containsExactlyElementsOf(files);
    }

    private static List<Integer> sizes(int count, int side) {
        return ShardPlan.cut(files(count), side).stream().map(plan -> plan.files().size()).toList();
    }

    private static List<SourceFile> files(int count) {
        return IntStream.range(0, count).mapToObj(i -> new SourceFile(Domain.A, Split.TRAIN, "f" + i, 1, 0)).toList();
    }
}
