package io.ugatit.publish;

import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;

/** The names that this program gives to what it has not finished. Others that begin alike are somebody else's. */
final class UnfinishedName {
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final Pattern WRITTEN = Pattern.compile(Pattern.quote(Publishing.TEMPORARY_PREFIX) + UUID);
    /** Locks to be, and what {@code prep} fills. */
    private static final Pattern FOLDER = Pattern.compile(Pattern.quote(Publishing.TEMPORARY_PREFIX) + ".+-(" + UUID + "|[0-9a-f]{16})",
            Pattern.DOTALL);

    private UnfinishedName() { }

    static boolean is(FileStatus status) {
        String name = status.getPath().getName();
        return WRITTEN.matcher(name).matches() || status.isDirectory() && FOLDER.matcher(name).matches();
    }
}
