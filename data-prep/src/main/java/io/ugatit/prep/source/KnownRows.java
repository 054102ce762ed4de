package io.ugatit.prep.source;

import io.ugatit.dataset.Sha256;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Rows whose images a data set has, so that they need not be copied. Takes 8 bytes a row, where their names would take 100: a number that
 * folder, name, length and bytes decide. That a row which is not known has the number of one that is happens in one of ten million jobs of
 * a million rows; the job fails then, and the next one has other numbers, because they depend on a secret of each job. Immutable.
 */
final class KnownRows implements Serializable {
    private static final long serialVersionUID = 1L;

    private final byte[] secret = new byte[16];
    private final long[] numbers;

    /** @param rows as a data set remembers them */
    KnownRows(Stream<SourceFile> rows) {
        new SecureRandom().nextBytes(secret);
        numbers = rows.mapToLong(this::number).sorted().toArray();
    }

    /** Whether a row equals one that is known. */
    boolean has(SourceFile row) {
        return numbers.length > 0 && Arrays.binarySearch(numbers, number(row)) >= 0;
    }

    private long number(SourceFile row) {
        MessageDigest digest = Sha256.digest();
        digest.update(secret);
        digest.update(row.name().getBytes(StandardCharsets.UTF_8));
        digest.update(ByteBuffer.allocate(2 * Long.BYTES).putLong(row.length()).putLong(row.modified()).flip());
        return ByteBuffer.wrap(digest.digest()).getLong();
    }
}
