package io.ugatit.job;

/** What a process computes with is gone: another one may have it again, this one never. */
public class UnusableProcessException extends JobFailedException {
    private static final long serialVersionUID = 1L;

    /** @param message one line: what is gone, and what to do */
    public UnusableProcessException(String message) {
        super(message);
    }
}
