package io.ugatit.cli;

/** Ends the program with another status than 0 although the job is done: all there is to say was said. */
final class ExitStatus extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status from 0 to 255 */
    ExitStatus(int status) {
        super("exit status " + status, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
