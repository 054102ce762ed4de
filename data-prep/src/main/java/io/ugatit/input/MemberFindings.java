package io.ugatit.input;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipException;

/** What a walk through an archive has found so far. No name leads out of the archive. Used by one thread. */
final class MemberFindings {
    private static final int LONGEST_NAME = 4095;
    private static final int MOST_BYTES_A_CHARACTER = 3;
    /** What a listed file takes beside its name, in bytes. */
    private static final int LISTED = 200;
    /** Two million files with names of a hundred characters. */
    private static final long MOST_LISTED = 600_000_000;
    /** Of what is left out, whose names and reasons go to the driver. */
    private static final long MOST_LEFT_OUT = 32_000_000;
    private static final Charset DOS = Charset.forName("IBM437");

    private final long modified;
    private final String archive;
    private final Findings found = new Findings("");
    private final Set<String> names = new HashSet<>();
    private final Set<String> hidden = new HashSet<>();
    private long listed;
    private long leftOut;

    /**
     * @param modified when the archive was last written
     * @param archive its path relative to the input
     */
    MemberFindings(long modified, String archive) {
        this.modified = modified;
        this.archive = archive;
    }

    /**
     * The path that a member's name is, without what means nothing in it; leaves the member out if it cannot be used.
     *
     * @param raw as it stands in the archive
     * @return null if the member is left out
     * @throws ZipException if there are too many that are
     */
    String name(byte[] raw) throws ZipException {
        if (raw.length > LONGEST_NAME) {
            return tooLong(lossy(raw), raw.length);
        }
        String name = decode(raw, StandardCharsets.UTF_8);
        if (name == null) {
            leaveOut(lossy(raw), LeftOut.Kind.REJECTED, "its name is not UTF-8, but in hexadecimal bytes " + HexFormat.of().formatHex(raw));
            return null;
        }
        return name(name);
    }

    /** The same for a name that is text already. */
    String name(String name) throws ZipException {
        int bytes = name.length() > LONGEST_NAME / MOST_BYTES_A_CHARACTER ? name.getBytes(StandardCharsets.UTF_8).length : 0;
        if (bytes > LONGEST_NAME) {
            return tooLong(name, bytes);
        }
        String wrong = wrong(name);
        if (wrong != null) {
            leaveOut(name, LeftOut.Kind.REJECTED, wrong);
            return null;
        }
        List<String> parts = new ArrayList<>();
        for (String part : name.split("/")) {
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
                String reason = HiddenName.reason(part);
                if (reason != null) {
                    String path = String.join("/", parts);
                    if (hidden.add(path)) {
                        leaveOut(path, LeftOut.Kind.HIDDEN, reason);
                    }
                    return null;
                }
            }
        }
        return parts.isEmpty() ? null : String.join("/", parts);
    }

    private String tooLong(String name, int bytes) throws ZipException {
        leaveOut(name.substring(0, 100) + "...", LeftOut.Kind.REJECTED, "a name of " + bytes + " bytes");
        return null;
    }

    private static String wrong(String name) {
        if (name.isEmpty()) {
            return "a member without a name";
        }
        if (name.startsWith("/")) {
            return "an absolute name: names in an archive must be relative";
        }
        if (name.indexOf('\\') >= 0) {
            return "a backslash in its name: folders in an archive are separated by /";
        }
        if (name.indexOf('\0') >= 0) {
            return "a zero in its name";
        }
        return List.of(name.split("/")).contains("..") ? "a name that leads out of the archive" : null;
    }

    /** Whether a regular file is to be used; leaves it out if not. Throws if there are too many. */
    boolean takes(String path) throws ZipException {
        if (!names.add(path)) {
            leaveOut(path, LeftOut.Kind.REJECTED, "the archive has another file of this name before it");
            return false;
        }
        if (ArchiveName.isRead(path) || ArchiveName.isOther(path)) {
            leaveOut(path, LeftOut.Kind.REJECTED, "an archive within an archive, which is not opened: unpack it");
            return false;
        }
        listed += LISTED + path.length();
        if (listed > MOST_LISTED) {
            throw new ZipException("more than " + count() + " files, which is too many for one archive: divide it");
        }
        return true;
    }

    void file(String path, long length, Member member) {
        found.file(new InputFile(path, length, modified, member.in(archive)));
    }

    /** Leaves a member out; throws if there are too many of them. */
    void leaveOut(String path, LeftOut.Kind kind, String reason) throws ZipException {
        leftOut += LISTED + path.length() + reason.length();
        if (leftOut > MOST_LEFT_OUT) {
            throw new ZipException("too many members that cannot be used");
        }
        found.leaveOut(path, kind, reason);
    }

    /** Leaves the rest of the archive out. */
    void damaged(String reason) {
        found.leaveOut("", LeftOut.Kind.REJECTED, reason);
    }

    /** How many files were found. */
    int count() {
        return found.count();
    }

    FolderContents contents() {
        return found.contents();
    }

    /** Text as zip archives have it that do not say how: UTF-8 if it is that, else as in DOS. */
    static String guess(byte[] raw) {
        String name = decode(raw, StandardCharsets.UTF_8);
        return name == null ? new String(raw, DOS) : name;
    }

    private static String decode(byte[] raw, Charset charset) {
        try {
            return charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(raw)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String lossy(byte[] raw) {
        return new String(raw, StandardCharsets.UTF_8);
    }
}
