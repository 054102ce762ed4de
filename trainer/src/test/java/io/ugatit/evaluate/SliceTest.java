package io.ugatit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.Domain;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SliceTest {
    @Test
    void partsHoldAllImagesInTheirOrder() {
        List<Slice> slices = Slice.cut(Domain.B, 7, 70, 3);
        assertThat(slices).extracting(Slice::from).containsExactly(0, 2, 4);
        assertThat(slices).extracting(Slice::to).containsExactly(2, 4, 7);
        assertThat(LongStream.range(0, 7).map(number -> slices.get(0).index((int) number))).containsExactly(0L, 10L, 20L, 30L, 40L, 50L, 60L);
        assertThat(Slice.cut(Domain.A, 2, 2, 8)).hasSize(2);
        assertThat(Slice.cut(Domain.A, 0, 0, 8)).isEmpty();
    }

    @Test
    void noPartIsSoLargeThatItsFeaturesFillATasksMemory() {
        List<Slice> slices = Slice.cut(Domain.A, 100_000, 100_000, 8);
        assertThat(slices).hasSize(100).allMatch(slice -> slice.to() - slice.from() == 1000);
        assertThat(Slice.cut(Domain.A, 1001, 1001, 1)).hasSize(2);
    }
}
