package io.ugatit.cluster.feeding;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.DatasetImage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ImageSequenceTest {

    private static List<Long> indices(ImageSequence sequence, long from, long to) {
        return LongStream.range(from, to).map(sequence::index).boxed().toList();
    }

    /** Red tells the row, green the column, blue is 255. */
    private static DatasetImage image(int side) {
        byte[] pixels = new byte[3 * side * side];
        for (int i = 0; i < side * side; i++) {
            pixels[3 * i] = (byte) (i / side);
            pixels[3 * i + 1] = (byte) (i % side);
            pixels[3 * i + 2] = (byte) 255;
        }
        return new DatasetImage("image.png", side, side, pixels);
    }

    private static float[] written(ImageSequence sequence, DatasetImage image, long position) {
        float[] out = new float[3 * sequence.size() * sequence.size()];
        sequence.write(image, position, out, 0);
        return out;
    }

    private static int pixel(float value) {
        return Math.round((value + 1) * 127.5f);
    }

    @Test
    void sequentialOrderStartsAgainAfterTheLastImage() {
        ImageSequence sequence = new ImageSequence(3, 4, ImageOrder.SEQUENTIAL, true, 9);
        assertThat(indices(sequence, 0, 8)).containsExactly(0L, 1L, 2L, 0L, 1L, 2L, 0L, 1L);
    }

    @Test
    void everyEpochOfAShuffledOrderHasEveryImageOnceInAnOrderOfItsOwn() {
        ImageSequence sequence = new ImageSequence(50, 4, ImageOrder.SHUFFLED, true, 9);
        List<Long> first = indices(sequence, 0, 50);
        List<Long> second = indices(sequence, 50, 100);
        List<Long> inOrder = LongStream.range(0, 50).boxed().toList();
        assertThat(first).containsExactlyInAnyOrderElementsOf(inOrder).isNotEqualTo(inOrder);
        assertThat(second).containsExactlyInAnyOrderElementsOf(inOrder).isNotEqualTo(first);
        assertThat(indices(new ImageSequence(50, 4, ImageOrder.SHUFFLED, true, 9), 0, 50)).isEqualTo(first);
        assertThat(indices(new ImageSequence(50, 4, ImageOrder.SHUFFLED, true, 10), 0, 50)).isNotEqualTo(first);
    }

    @Test
    void withoutAugmentationTheCentreIsTakenByPlanesFromMinusOneToOne() {
        float[] out = new float[2 + 3 * 4];
        new ImageSequence(1, 2, ImageOrder.SEQUENTIAL, false, 9).write(image(5), 77, out, 2);
        assertThat(out).containsExactly(0, 0,
                1 / 127.5f - 1, 1 / 127.5f - 1, 2 / 127.5f - 1, 2 / 127.5f - 1,
                1 / 127.5f - 1, 2 / 127.5f - 1, 1 / 127.5f - 1, 2 / 127.5f - 1,
                1, 1, 1, 1);
    }

    @Test
    void augmentationCropsAnywhereInsideAndFlipsHalfOfTheImages() {
        int side = 7;
        int size = 4;
        ImageSequence sequence = new ImageSequence(1, size, ImageOrder.SEQUENTIAL, true, 9);
        Set<List<Integer>> seen = new HashSet<>();
        int flipped = 0;
        int images = 2000;
        for (long position = 0; position < images; position++) {
            float[] out = written(sequence, image(side), position);
            int top = pixel(out[0]);
            int firstColumn = pixel(out[size * size]);
            int direction = pixel(out[size * size + 1]) - firstColumn;
            flipped += direction < 0 ? 1 : 0;
            seen.add(List.of(top, Math.min(firstColumn, firstColumn + 3 * direction), direction));
            for (int y = 0; y < size; y++) {
                for (int x = 0; x < size; x++) {
                    assertThat(pixel(out[y * size + x])).isEqualTo(top + y);
                    assertThat(pixel(out[size * size + y * size + x])).isEqualTo(firstColumn + direction * x);
                }
            }
        }
        // 4 rows, 4 columns, flipped or not
        assertThat(seen).hasSize(32).allSatisfy(crop -> {
            assertThat(crop.get(0)).isBetween(0, 3);
            assertThat(crop.get(1)).isBetween(0, 3);
            assertThat(crop.get(2)).isIn(-1, 1);
        });
        assertThat(flipped).isBetween(900, 1100);
    }

    @Test
    void augmentationFollowsFromSeedAndPosition() {
        ImageSequence sequence = new ImageSequence(5, 16, ImageOrder.SHUFFLED, true, 9);
        ImageSequence other = new ImageSequence(5, 16, ImageOrder.SHUFFLED, true, 10);
        DatasetImage image = image(64);
        assertThat(written(sequence, image, 3)).isEqualTo(written(new ImageSequence(5, 16, ImageOrder.SHUFFLED, true, 9), image, 3));
        assertThat(written(sequence, image, 3)).isNotEqualTo(written(sequence, image, 8)).isNotEqualTo(written(other, image, 3));
    }
}
