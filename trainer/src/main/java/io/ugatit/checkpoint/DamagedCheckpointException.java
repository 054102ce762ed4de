package io.ugatit.checkpoint;

/** A checkpoint's folder is there but not as it was published; the message is one line that says what is wrong. */
final class DamagedCheckpointException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean unreadable;

    DamagedCheckpointException(String message) {
        this(message, null);
    }

    DamagedCheckpointException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private DamagedCheckpointException(String message, Throwable cause, boolean unreadable) {
        super(message, cause);
        this.unreadable = unreadable;
    }

    /** Of a file system that fails. */
    static DamagedCheckpointException unreadable(String message, Throwable cause) {
        return new DamagedCheckpointException(message, cause, true);
    }

    /** Whether the file system failed: a reader may find the checkpoint whole at another time. */
    boolean isUnreadable() {
        return unreadable;
    }
}
