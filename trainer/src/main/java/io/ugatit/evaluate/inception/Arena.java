package io.ugatit.evaluate.inception;

import java.util.EnumMap;
import java.util.Map;

/** Gives every feature map its place: those of a block one after the other, where those of earlier blocks have been. */
final class Arena {
    /** Whole cache lines. */
    private static final long ALIGNMENT = 64;
    private final Map<Region, Long> sizes = new EnumMap<>(Region.class);
    private Region output = Region.ODD;
    private long inner;

    /** The region of the next block's output; what was inside the block before is no longer needed. */
    Region nextBlock() {
        inner = 0;
        output = output == Region.EVEN ? Region.ODD : Region.EVEN;
        return output;
    }

    /** The place of the only maps of a region. */
    long alone(Region region, long bytes) {
        grow(region, bytes);
        return 0;
    }

    /** The place of further maps inside a block. */
    long inner(long bytes) {
        long begin = inner;
        inner += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        grow(Region.INNER, inner);
        return begin;
    }

    private void grow(Region region, long bytes) {
        sizes.merge(region, bytes, Math::max);
    }

    /** The bytes that each region needs. */
    Map<Region, Long> sizes() {
        return Map.copyOf(sizes);
    }
}
