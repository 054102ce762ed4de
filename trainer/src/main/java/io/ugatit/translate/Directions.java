package io.ugatit.translate;

import java.util.List;

/** Which way, or ways, the images of a job are translated. */
public enum Directions {
    /** From domain A to domain B. */
    A2B(Direction.A2B),
    /** From domain B to domain A. */
    B2A(Direction.B2A),
    /** Images of A to B, and those of B to A. */
    BOTH(Direction.A2B, Direction.B2A);

    private final List<Direction> each;

    Directions(Direction... each) {
        this.each = List.of(each);
    }

    /** One direction by itself. */
    public static Directions of(Direction direction) {
        return direction == Direction.A2B ? A2B : B2A;
    }

    /** One or two. */
    public List<Direction> each() {
        return each;
    }
}
