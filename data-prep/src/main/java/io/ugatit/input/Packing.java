package io.ugatit.input;

/** How the bytes of a member lie in what holds them. */
public enum Packing {
    /** As they are, one after the other, in a tar archive. */
    TAR,
    /** As in a tar archive that is compressed as a whole: what is before a member must be read to come to it. */
    TAR_GZ,
    /** As they are, in a zip archive. */
    STORED,
    /** Deflated by themselves, in a zip archive. */
    DEFLATED,
    /** As they are, in a file that rows of a table were copied to. */
    ROW
}
