package io.ugatit.job;

/**
 * The job could not be finished although the request was right. The command line prints the message, one line that says why and what is
 * safe (the last checkpoint, the shards already written), and exits with status 1.
 */
public class JobFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line: why, and what is safe */
    public JobFailedException(String message) {
        super(message);
    }

    /**
     * @param message one line: why, and what is safe
     * @param cause what stopped the job; shown with {@code --verbose}
     */
    public JobFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
