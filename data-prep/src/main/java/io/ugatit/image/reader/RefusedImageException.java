package io.ugatit.image.reader;

import java.io.IOException;

/** An image file cannot be decoded, and the message is the whole reason in one line. */
public final class RefusedImageException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedImageException(String reason) {
        super(reason);
    }

    RefusedImageException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
