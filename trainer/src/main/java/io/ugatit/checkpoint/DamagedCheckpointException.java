package io.ugatit.checkpoint;

/** A checkpoint's folder is there but not as it was published; the message is one line that says what is wrong. */
final class DamagedCheckpointException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedCheckpointException(String message) {
        super(message);
    }

    DamagedCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
