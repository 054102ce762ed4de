package io.ugatit.job;

import java.io.IOException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/** Why a file system did not do what it was asked for. */
public final class FileFailure {
    private FileFailure() {}

    /** In one line: HDFS appends the server's stack trace to its messages, and some failures have none. */
    public static String reason(Throwable failure) {
        if (failure instanceof FSError && failure.getCause() != null) {
            return reason(failure.getCause()); // its own message begins with the class of this one
        }
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message.strip().lines().iterator().next();
    }

    /**
     * What Hadoop's local disk throws when it is full or broken, as the exception that other file systems throw.
     *
     * @param file what was read or written, to be named
     */
    public static IOException of(Path file, FSError failure) {
        return new IOException(file + ": " + reason(failure), failure);
    }
}
