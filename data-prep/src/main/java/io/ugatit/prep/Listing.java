package io.ugatit.prep;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.input.LeftOut;
import java.util.List;

/**
 * What one of the four input folders holds.
 *
 * @param domain the folder's domain
 * @param split the folder's split
 * @param files the regular files, ordered by source
 * @param leftOut what else is there
 */
record Listing(Domain domain, Split split, List<SourceFile> files, List<LeftOut> leftOut) {

    /** Whether nothing is there at all. */
    boolean isEmpty() {
        return files.isEmpty() && leftOut.isEmpty();
    }

    /** For messages, such as {@code trainA 12}. */
    String summary() {
        return SourceFile.folder(domain, split) + " " + files.size();
    }
}
