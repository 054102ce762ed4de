package io.ugatit.image.jpeg;

import java.io.IOException;

/** Gives the samples of a JPEG's blocks, a row of units at a time. */
interface BlockRows {
    /** The bytes that are taken at most, the samples not counted. */
    long bytes();

    /**
     * Makes the samples of the next row of units.
     *
     * @param planes get them, one of each component
     * @throws IOException if the data is damaged or ends too early
     */
    void read(Plane[] planes) throws IOException;

    /**
     * Looks at what is behind the last row.
     *
     * @throws IOException if it shows that blocks are missing
     */
    void finish() throws IOException;
}
