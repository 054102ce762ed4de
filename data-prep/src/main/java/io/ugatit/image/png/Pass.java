package io.ugatit.image.png;

import java.util.List;

/**
 * One of the seven parts of an interlaced image (Portable Network Graphics, section 8); each has rows of its own.
 *
 * @param left its first column
 * @param top its first row
 * @param across from one of its columns to the next
 * @param down from one of its rows to the next
 */
record Pass(int left, int top, int across, int down) {
    /** The parts in their order. */
    static final List<Pass> INTERLACED = List.of(
        new Pass(0, 0, 8, 8), new Pass(4, 0, 8, 8), new Pass(0, 4, 4, 8), new Pass(2, 0, 4, 4), new Pass(0, 2, 2, 4), new Pass(1, 0, 2, 2),
        new Pass(0, 1, 1, 2));

    /** How many of so many columns it has. */
    int columns(int width) {
        return Math.max(0, (width - left + across - 1) / across);
    }

    /** How many of so many rows it has. */
    int rows(int height) {
        return Math.max(0, (height - top + down - 1) / down);
    }
}
