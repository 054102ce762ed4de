package io.ugatit.image;

import java.io.IOException;

/** An image file cannot be decoded. The message is the reason in one line, without the file's name, which the decoder does not know. */
public class ImageFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param reason one line */
    public ImageFormatException(String reason) {
        super(reason);
    }

    /**
     * @param reason one line
     * @param cause what the reader of the format threw
     */
    public ImageFormatException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
