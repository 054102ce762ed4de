package io.ugatit.prep.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.job.Packed;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KnownRowsTest {
    private static SourceFile row(int i) {
        return new SourceFile(Domain.A, Split.TRAIN, "row " + i, 100 + i, 7L * i);
    }

    @Test
    void aRowIsKnownByFolderNameLengthAndBytes() {
        KnownRows known = Packed.of(new KnownRows(IntStream.range(0, 1000).mapToObj(KnownRowsTest::row))).get();

        assertThat(IntStream.range(0, 2000).filter(i -> known.has(row(i)))).containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList());
        for (SourceFile other : List.of(new SourceFile(Domain.B, Split.TRAIN, "row 1", 101, 7), new SourceFile(Domain.A, Split.TEST, "row 1", 101, 7),
                new SourceFile(Domain.A, Split.TRAIN, "row 2", 101, 7), new SourceFile(Domain.A, Split.TRAIN, "row 1", 102, 7),
                new SourceFile(Domain.A, Split.TRAIN, "row 1", 101, 8))) {
            assertThat(known.has(other)).as(other.toString()).isFalse();
        }
    }

    @Test
    void withoutRowsNothingIsKnown() {
        assertThat(new KnownRows(Stream.empty()).has(row(0))).isFalse();
    }
}
