package io.ugatit.input;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a walk has found so far. Used by one thread. */
final class Findings {
    private static final String NO_PERMISSION_TO_LIST = "no permission to list this folder";

    private final String prefix;
    private final List<InputFile> files = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    /** @param prefix goes before relative paths in messages */
    Findings(String prefix) {
        this.prefix = prefix;
    }

    void file(String path, long length, long modified) {
        file(new InputFile(path, length, modified));
    }

    void file(InputFile file) {
        files.add(file);
    }

    /** How many files there are. */
    int count() {
        return files.size();
    }

    void leaveOut(String path, LeftOut.Kind kind, String reason) {
        leftOut.add(new LeftOut(prefix + path, kind, reason));
    }

    /** Leaves a file out that is not known any better because this user may not look at it. */
    void denied(String path) {
        leaveOut(path, LeftOut.Kind.REJECTED, LeftOut.NO_PERMISSION);
    }

    /** Leaves a folder out that this user may not list: it must not look empty. */
    void deniedFolder(String path) {
        leaveOut(path, LeftOut.Kind.REJECTED, NO_PERMISSION_TO_LIST);
    }

    /** Leaves a folder out that was reached before, as {@code first}. */
    void repeatedFolder(String path, String first) {
        leaveOut(path, LeftOut.Kind.LINK, "the same folder as " + prefix + first + ", which is read");
    }

    /** Leaves something out if its name is hidden, and says whether it did. */
    boolean hides(String path, String name) {
        String reason = HiddenName.reason(name);
        if (reason != null) {
            leaveOut(path, LeftOut.Kind.HIDDEN, reason);
        }
        return reason != null;
    }

    /** Everything, in order. */
    FolderContents contents() {
        files.sort(Comparator.comparing(InputFile::path, PathOrder.BY_CODE_POINT));
        leftOut.sort(Comparator.comparing(LeftOut::source, PathOrder.BY_CODE_POINT).thenComparing(LeftOut::reason));
        return new FolderContents(files, leftOut);
    }
}
