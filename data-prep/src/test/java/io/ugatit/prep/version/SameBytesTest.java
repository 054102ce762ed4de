package io.ugatit.prep.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.input.LeftOut;
import io.ugatit.prep.source.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SameBytesTest {
    private final List<KnownFile> known = new ArrayList<>();

    @Test
    void filesOfDifferentBytesAreAllUsed() {
        file(Domain.A, Split.TRAIN, "a", 1);
        file(Domain.A, Split.TEST, "a", 2);
        file(Domain.B, Split.TRAIN, "a", 3);
        FileTable files = table();

        assertThat(SameBytes.leaveOut(files)).isEmpty();
        assertThat(leftOut(files)).isEmpty();
    }

    @Test
    void ofAFoldersCopiesTheFirstCountsUnlessItIsATestImage() {
        file(Domain.A, Split.TRAIN, "a", 1);
        file(Domain.A, Split.TRAIN, "b", 1);
        file(Domain.A, Split.TEST, "x", 1);
        file(Domain.A, Split.TEST, "y", 1);
        FileTable files = table();

        List<String> warnings = SameBytes.leaveOut(files);

        assertThat(leftOut(files)).containsExactly(
                new LeftOut("trainA/a", LeftOut.Kind.LEAK, "the same bytes as testA/x, which is there to judge by"),
                new LeftOut("trainA/b", LeftOut.Kind.DUPLICATE, "the same bytes as trainA/a"),
                new LeftOut("testA/y", LeftOut.Kind.DUPLICATE, "the same bytes as testA/x"));
        assertThat(warnings).containsExactly("warning: 1 of the images in trainA are in testA too, byte for byte, and are left out of "
                + "training: trainA/a is testA/x");
    }

    @Test
    void imagesOfBothDomainsAreToldAndUsed() {
        for (int i = 0; i < 5; i++) {
            file(Domain.A, Split.TRAIN, "a" + i, i);
        }
        for (int i = 2; i < 5; i++) {
            file(Domain.B, Split.TRAIN, "b" + i, i);
        }
        file(Domain.B, Split.TEST, "b1", 1);
        FileTable files = table();

        List<String> warnings = SameBytes.leaveOut(files);

        assertThat(leftOut(files)).isEmpty();
        assertThat(warnings).containsExactly("warning: 4 of the images are in both domains, byte for byte: "
                + "trainA/a1 is testB/b1, trainA/a2 is trainB/b2, trainA/a3 is trainB/b3 and so on");
    }

    /** Half of a hash is what files are sorted by. */
    @Test
    void hashesThatBeginAlikeAreNotTakenForTheSame() {
        for (int i = 0; i < 6; i++) {
            known.add(new KnownFile(new SourceFile(Domain.A, Split.TRAIN, "a" + i, 1, 0), new FileDigest(-7L << 32 | i % 2, 0, 0, i % 3),
                    null, null));
        }
        known.add(new KnownFile(new SourceFile(Domain.A, Split.TRAIN, "a6", 1, 0), new FileDigest(-7L << 32 | 1, 0, 0, 1), null, null));
        FileTable files = table();

        SameBytes.leaveOut(files);

        assertThat(leftOut(files)).extracting(LeftOut::toString).containsExactly("trainA/a6 (the same bytes as trainA/a1)");
    }

    private void file(Domain domain, Split split, String source, int hash) {
        known.add(new KnownFile(new SourceFile(domain, split, source, 1, 0), new FileDigest(hash, 0, 0, 0), null, null));
    }

    private FileTable table() {
        return new FileTable(known.stream().map(KnownFile::file).toList(), Set.of(), known, false);
    }

    private static List<LeftOut> leftOut(FileTable files) {
        return IntStream.range(0, files.size()).mapToObj(files::leftOut).filter(out -> out != null).toList();
    }
}
