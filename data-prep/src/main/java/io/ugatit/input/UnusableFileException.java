package io.ugatit.input;

import java.io.IOException;

/** A file that cannot be used, whoever tries again: it is gone, has changed, or its archive is damaged. The message is the reason. */
public final class UnusableFileException extends IOException {
    private static final long serialVersionUID = 1L;

    UnusableFileException(String reason) {
        super(reason);
    }

    UnusableFileException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
