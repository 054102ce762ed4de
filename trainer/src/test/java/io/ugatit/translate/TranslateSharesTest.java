package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.input.InputFile;
import io.ugatit.input.Member;
import io.ugatit.input.Packing;
import io.ugatit.job.Packed;
import io.ugatit.translate.output.PlannedImage;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TranslateSharesTest {
    private static List<PlannedImage> images(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new PlannedImage(new InputFile(String.format("%05d.png", i), 1, 1), String.format("%05d.png", i))).toList();
    }

    private static List<PlannedImage> members(int count, Packing packing) {
        return images(count).stream().map(planned -> new PlannedImage(new InputFile(planned.image().path(), 1, 1,
                new Member("images.tar", packing, 0, 1, 0, null)), planned.image().path())).toList();
    }

    private static List<Integer> sizes(List<Packed<List<PlannedImage>>> shares) {
        return shares.stream().map(share -> share.get().size()).toList();
    }

    @Test
    void fewImagesMakeAPartForEverySlot() {
        assertThat(sizes(TranslateShares.ofParts(images(20), 2, 256))).containsExactly(10, 10);
        assertThat(sizes(TranslateShares.ofParts(images(3), 8, 256))).containsExactly(1, 1, 1);
        assertThat(TranslateShares.ofParts(List.of(), 2, 256)).isEmpty();
    }

    @Test
    void manyImagesMakePartsNoLargerThanTheyMayBeAndAsManyForEverySlot() {
        assertThat(sizes(TranslateShares.ofParts(images(512), 2, 256))).containsExactly(256, 256);
        assertThat(sizes(TranslateShares.ofParts(images(600), 2, 256))).containsExactly(150, 150, 150, 150);
        assertThat(sizes(TranslateShares.ofParts(images(9), 2, 4))).containsExactly(2, 2, 2, 3);
        assertThat(sizes(TranslateShares.ofParts(images(3), 2, 1))).containsExactly(1, 1, 1);
    }

    @Test
    void sharesOfFilesByThemselvesBecomeSmallerTowardsTheEnd() {
        assertThat(sizes(TranslateShares.ofFiles(images(1000), 2))).startsWith(125, 110, 96).endsWith(4, 4, 4).hasSize(33)
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(sizes(TranslateShares.ofFiles(images(4097), 2))).startsWith(256, 256).endsWith(4, 1)
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void fewFilesAreSharedEvenly() {
        assertThat(sizes(TranslateShares.ofFiles(images(16), 2))).hasSize(8).containsOnly(2);
        assertThat(sizes(TranslateShares.ofFiles(images(5), 8))).containsExactly(1, 1, 1, 1, 1);
        assertThat(TranslateShares.ofFiles(List.of(), 2)).isEmpty();
    }

    @Test
    void compressedArchivesWhichEveryTaskReadsFromTheFrontAreSharedEvenly() {
        assertThat(sizes(TranslateShares.ofFiles(members(1000, Packing.TAR_GZ), 2))).hasSize(8).containsOnly(125);
        assertThat(sizes(TranslateShares.ofFiles(members(1000, Packing.TAR), 2))).hasSize(33);
    }

    @Test
    void everyImageIsInOneShare() {
        List<PlannedImage> all = images(47);
        assertThat(TranslateShares.ofParts(all, 3, 5).stream().flatMap(share -> share.get().stream())).containsExactlyElementsOf(all);
        assertThat(TranslateShares.ofFiles(all, 3).stream().flatMap(share -> share.get().stream())).containsExactlyElementsOf(all);
    }
}
