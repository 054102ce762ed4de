package io.ugatit.cluster;

import java.io.File;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Class paths of driver and executors that are not as they should be. */
final class ClassPaths {
    private ClassPaths() { }

    /** This JVM's without ND4J's libraries, as with the jar that leaves the natives out. */
    static String withoutNatives() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.matches(".*/(nd4j-native|nd4j-native-preset|openblas|dnnl|opencl|javacpp)-[^/]*-linux-[^/]*\\.jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
