package io.ugatit.evaluate.inception;

import java.util.Map;
import org.bytedeco.dnnl.memory;

/**
 * Square feature maps, or some of their channels, of all images of a batch.
 *
 * @param description of these channels' memory
 * @param region where the memory is
 * @param begin the first byte of the maps that these channels are of, counted from the region's
 * @param side height and width
 */
record Maps(memory.desc description, Region region, long begin, int side) {

    /** The maps in a thread's memory. @param addresses where the regions begin */
    memory in(Map<Region, Long> addresses) {
        return OneDnnMemory.at(description, addresses.get(region) + begin);
    }
}
