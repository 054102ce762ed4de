package io.ugatit.image.jpeg;

import java.util.List;

/**
 * One of a progressive JPEG's scans (ITU-T T.81, annex G): some bits of some coefficients.
 *
 * @param components which components, by their index; several only for first coefficients
 * @param first the first coefficient in zigzag order, from 0
 * @param last the last one
 * @param refines whether it adds a bit to coefficients that are there
 * @param low the lowest bit that it gives
 * @param dc for each of the components the code of first coefficients; not looked at in other scans
 * @param ac the code of other coefficients; not looked at in scans of first ones
 * @param restartInterval units from one restart marker to the next; 0 if there are none
 * @param at where its data begins
 */
record ProgressiveScan(List<Integer> components, int first, int last, boolean refines, int low, List<HuffmanTable> dc, HuffmanTable ac,
        int restartInterval, int at) {}
