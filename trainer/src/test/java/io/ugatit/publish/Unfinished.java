package io.ugatit.publish;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What writers that were killed have left. Where others may write too, it is removed when it has lain for a day only. */
public final class Unfinished {
    private Unfinished() { }

    /** Makes all of it below a folder two days old. */
    public static void letDaysPass(FileSystem fileSystem, Path folder) throws IOException {
        for (FileStatus status : Publishing.list(fileSystem, folder)) {
            if (status.getPath().getName().startsWith(Publishing.TEMPORARY_PREFIX)) {
                fileSystem.setTimes(status.getPath(), System.currentTimeMillis() - TimeUnit.DAYS.toMillis(2), -1);
            } else if (status.isDirectory()) {
                letDaysPass(fileSystem, status.getPath());
            }
        }
    }
}
