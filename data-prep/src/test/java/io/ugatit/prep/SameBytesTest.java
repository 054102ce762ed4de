package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.input.LeftOut;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SameBytesTest {
    private final Map<SourceFile, String> hashes = new LinkedHashMap<>();

    @Test
    void filesOfDifferentBytesAreAllUsed() {
        file(Domain.A, Split.TRAIN, "a", "1");
        file(Domain.A, Split.TEST, "a", "2");
        file(Domain.B, Split.TRAIN, "a", "3");

        SameBytes same = SameBytes.of(hashes);

        assertThat(same.leftOut()).isEmpty();
        assertThat(same.warnings()).isEmpty();
    }

    @Test
    void ofAFoldersCopiesTheFirstCountsUnlessItIsATestImage() {
        SourceFile first = file(Domain.A, Split.TRAIN, "a", "1");
        SourceFile second = file(Domain.A, Split.TRAIN, "b", "1");
        SourceFile test = file(Domain.A, Split.TEST, "x", "1");
        SourceFile testAgain = file(Domain.A, Split.TEST, "y", "1");

        SameBytes same = SameBytes.of(hashes);

        assertThat(same.leftOut()).containsOnlyKeys(first, second, testAgain).doesNotContainKey(test);
        assertThat(same.leftOut().get(first)).isEqualTo(
                new LeftOut("trainA/a", LeftOut.Kind.LEAK, "the same bytes as testA/x, which is there to judge by"));
        assertThat(same.leftOut().get(second)).isEqualTo(new LeftOut("trainA/b", LeftOut.Kind.DUPLICATE, "the same bytes as trainA/a"));
        assertThat(same.leftOut().get(testAgain)).isEqualTo(new LeftOut("testA/y", LeftOut.Kind.DUPLICATE, "the same bytes as testA/x"));
        assertThat(same.warnings()).containsExactly("warning: 1 of the images in trainA are in testA too, byte for byte, and are left out of "
                + "training: trainA/a is testA/x");
    }

    @Test
    void imagesOfBothDomainsAreToldAndUsed() {
        for (int i = 0; i < 5; i++) {
            file(Domain.A, Split.TRAIN, "a" + i, "" + i);
        }
        for (int i = 1; i < 5; i++) {
            file(Domain.B, i == 1 ? Split.TEST : Split.TRAIN, "b" + i, "" + i);
        }

        SameBytes same = SameBytes.of(hashes);

        assertThat(same.leftOut()).isEmpty();
        assertThat(same.warnings()).containsExactly("warning: 4 of the images are in both domains, byte for byte: "
                + "trainA/a1 is testB/b1, trainA/a2 is trainB/b2, trainA/a3 is trainB/b3 and so on");
    }

    private SourceFile file(Domain domain, Split split, String source, String hash) {
        SourceFile file = new SourceFile(domain, split, source, 1, 0);
        hashes.put(file, hash);
        return file;
    }
}
