package io.ugatit.image;

/** Neither the name nor the first bytes of a file are those of an image: a note, a list, a thumbnail database. */
public final class NotAnImageException extends ImageFormatException {
    private static final long serialVersionUID = 1L;

    /** An exception whose message says so. */
    public NotAnImageException() {
        super("neither its name nor its first bytes are those of an image");
    }
}
