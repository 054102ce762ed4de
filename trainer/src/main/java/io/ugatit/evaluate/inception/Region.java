package io.ugatit.evaluate.inception;

/** A piece of a thread's memory. Blocks write into two of them by turns. */
enum Region {
    /** The images, plain. */
    IMAGES,
    /** The outputs of every second block. */
    EVEN,
    /** The outputs of the other blocks. */
    ODD,
    /** What is needed within a block only. */
    INNER
}
