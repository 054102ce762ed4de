package io.ugatit.job;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The command that starts a JVM of its own, with this one's class path, to run a main method of the tests. */
public final class JvmCommand {
    /** It mostly starts: the second compiler and parallel collectors cost more than they bring. */
    private static final List<String> SHORT_LIFE = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private JvmCommand() { }

    /**
     * The words of the command.
     *
     * @param options of the JVM, which win over others
     * @param main the class to run
     * @param args what it is given
     */
    public static List<String> of(List<String> options, Class<?> main, String... args) {
        return Stream.of(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()), SHORT_LIFE, options,
                List.of("-cp", System.getProperty("java.class.path"), main.getName()), List.of(args)).flatMap(List::stream).toList();
    }
}
