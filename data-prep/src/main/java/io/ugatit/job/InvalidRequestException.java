package io.ugatit.job;

/**
 * The request is wrong: an option, a path or an input file. Thrown before anything is written; the command line prints the message, one
 * line that names the option or file and what would be right, and exits with status 2.
 */
public class InvalidRequestException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** @param message one line: what was given, where, and what would be right */
    public InvalidRequestException(String message) {
        super(message);
    }

    /**
     * @param message one line: what was given, where, and what would be right
     * @param cause what revealed it; shown with {@code --verbose}
     */
    public InvalidRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
