package io.ugatit.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.FSError;

/** A checkpoint's folder is there but not as it was published; the message is one line that says what is wrong. */
final class DamagedCheckpointException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedCheckpointException(String message) {
        super(message);
    }

    DamagedCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the file system failed: a reader may find the checkpoint whole at another time. */
    boolean isUnreadable() {
        return getCause() instanceof FSError || getCause() instanceof IOException && !(getCause() instanceof FileNotFoundException);
    }
}
