package io.ugatit.cli;

import java.util.List;

/** Every command of the program. To add one: its word, its description, its options record, and what to do. */
final class Commands {
    /** In the order of the usage text. */
    static final List<Command<?>> ALL = List.of();

    private Commands() {}
}
