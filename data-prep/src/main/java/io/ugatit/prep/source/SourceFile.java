package io.ugatit.prep.source;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.input.InputFile;
import io.ugatit.input.Member;
import io.ugatit.input.Packing;
import io.ugatit.input.PathOrder;
import io.ugatit.input.SourceReader;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Comparator;
import java.util.Objects;

/**
 * A file of the input, by itself or in an archive, or a row of a table. Two are equal if they are of one folder, name, length and time,
 * wherever their bytes are.
 *
 * @param domain the domain of its folder
 * @param split the split of its folder
 * @param source its path relative to that folder, with {@code /} between names; of a member of an archive that is among files, the archive's
 *     path is the beginning
 * @param length in bytes, when it was listed
 * @param modified when it, or its archive, was last written, in milliseconds since 1970, when it was listed; of a row, which has no time, a
 *     number that its bytes decide
 * @param member where its bytes are; null if it is a file by itself; of no archive if it is a row whose image the data set has
 */
public record SourceFile(Domain domain, Split split, String source, long length, long modified, Member member) implements Serializable {
    /** The order of everything that lists files. */
    public static final Comparator<SourceFile> BY_FOLDER_AND_SOURCE = Comparator.comparing(SourceFile::domain).thenComparing(SourceFile::split)
            .thenComparing(SourceFile::source, PathOrder.BY_CODE_POINT);

    /**
     * The order in which files are read and stored: files and archives by path, and the files of an archive in the archive's own order, so
     * that a task goes through an archive once.
     */
    public static final Comparator<SourceFile> IN_READING_ORDER = Comparator.comparing(SourceFile::domain).thenComparing(SourceFile::split)
            .thenComparing(SourceFile::place, PathOrder.BY_CODE_POINT).thenComparing(SourceFile::placeInArchive);

    /** A file by itself. */
    public SourceFile(Domain domain, Split split, String source, long length, long modified) {
        this(domain, split, source, length, modified, null);
    }

    /** A file of a folder or archive that was listed. */
    static SourceFile of(Domain domain, Split split, String source, InputFile file) {
        return new SourceFile(domain, split, source, file.length(), file.modified(), file.member());
    }

    /** The same with its bytes elsewhere. */
    SourceFile at(Member place) {
        return new SourceFile(domain, split, source, length, modified, place);
    }

    /**
     * The input folder of a domain and split: {@code trainA} and so on.
     *
     * @param domain the domain
     * @param split the split
     */
    public static String folder(Domain domain, Split split) {
        return split.label() + domain;
    }

    /** Whether two files are of one domain and split. */
    public static boolean isSameFolder(SourceFile one, SourceFile other) {
        return one.domain() == other.domain() && one.split() == other.split();
    }

    /** The path relative to the input: what messages show. */
    public String name() {
        return folder(domain, split) + "/" + source;
    }

    /** Its hash, if that was found out when it was listed, else null. */
    public String sha256() {
        return member == null ? null : member.sha256();
    }

    /** Whether its bytes came by when it was listed: if they have no hash then, they are no image. */
    public boolean isLookedAt() {
        return member != null && (member.packing() == Packing.TAR_GZ || member.packing() == Packing.ROW);
    }

    /**
     * What a task throws when the file system fails it: the file may be readable on the next attempt, so it is no reject.
     *
     * @param cause the failure
     */
    public JobFailedException unreadable(Throwable cause) {
        return new JobFailedException("cannot read " + name() + " (" + FileFailure.reason(cause) + "); nothing was published", cause);
    }

    /**
     * Opens the file.
     *
     * @param reader of the input
     * @return its bytes, exactly as many as its length; to be closed before the next file is opened
     * @throws io.ugatit.input.UnusableFileException if it cannot be used, whoever tries again
     * @throws IOException if the file system cannot
     */
    public InputStream open(SourceReader reader) throws IOException {
        return reader.open(name(), length, modified, member);
    }

    /** Of a row, whether its image was copied; false if the data set has it. */
    boolean isRowCopied() {
        return !member.archive().isEmpty();
    }

    private boolean isInArchive() {
        return member != null && member.packing() != Packing.ROW;
    }

    private String place() {
        return isInArchive() ? member.archive() : name();
    }

    private long placeInArchive() {
        return isInArchive() ? member.offset() : 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourceFile file && domain == file.domain && split == file.split && source.equals(file.source)
                && length == file.length && modified == file.modified;
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, split, source, length, modified);
    }
}
