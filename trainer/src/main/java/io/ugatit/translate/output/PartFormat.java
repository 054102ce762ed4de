package io.ugatit.translate.output;

import java.io.IOException;
import java.io.OutputStream;

/** How a file holds many translations. */
interface PartFormat {
    /** A file that is being written; whoever opened its stream closes that. */
    interface Part {
        /**
         * Appends a translation.
         *
         * @throws IOException if it cannot be written
         */
        void add(MadeTranslation made) throws IOException;

        /** Bytes that were written or are held to be written. */
        long length();

        /**
         * Ends the file.
         *
         * @throws IOException if it cannot be written
         */
        void finish() throws IOException;
    }

    /**
     * Begins a file.
     *
     * @throws IOException if it cannot be written
     */
    Part begin(OutputStream out) throws IOException;
}
