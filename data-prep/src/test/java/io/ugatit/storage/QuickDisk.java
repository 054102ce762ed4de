package io.ugatit.storage;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/** Hadoop's local disk, but that no process is started to set the permissions of each file and folder. Disks that fail on purpose extend it. */
public class QuickDisk extends RawLocalFileSystem {
    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
        if (permission.getStickyBit()) {
            super.setPermission(path, permission);
        } else {
            LocalDisk.setBits(pathToFile(path).toPath(), permission);
        }
    }
}
