package io.ugatit.tensor.choice;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.process.JavaProcess;
import io.ugatit.tensor.Compute;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

/** Which kernels a JVM gets that lacks what the fast ones need, in JVMs of their own. */
class KernelChoiceTest {
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";
    private static final String LOSS = "a training step takes two to three times as long";
    @TempDir
    private Path folder;

    /** What the other JVM does. */
    static final class Chooser {
        private Chooser() { }

        public static void main(String[] args) {
            KernelChoice.fastest(DataType.FLOAT);
            System.out.println("kernels " + KernelChoice.fastest(DataType.FLOAT).kernels().name());
        }
    }

    /** What a JVM says whose class path lacks the jars whose names begin with {@code without} and end with {@code end}. */
    private String choose(String without, String end, String... options) throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).filter(entry -> {
            String name = new File(entry).getName();
            return !(name.startsWith(without) && name.endsWith(end));
        }).collect(Collectors.joining(File.pathSeparator));
        try (JavaProcess process = JavaProcess.bare(folder.resolve("output"), List.of(options), classPath, Chooser.class)) {
            assertThat(process.await()).as(process.said()).isZero();
            return process.said();
        }
    }

    @Test
    void withAllThatTheyNeedTheCpuKernelsAreChosenSilently() throws Exception {
        assertThat(choose("nothing", "", VECTORS)).contains("kernels onednn+vector").doesNotContain("WARN KernelChoice");
    }

    @Test
    void withoutTheVectorApiThePortableKernelsAreChosenWithOneWarning() throws Exception {
        assertThat(choose("nothing", "")).contains("kernels nd4j").containsOnlyOnce(LOSS)
                .contains("WARN KernelChoice: This JVM was started without Java's Vector API (--add-modules=jdk.incubator.vector)");
    }

    @Test
    void withoutOneDnnsNativesThePortableKernelsAreChosenWithOneWarning() throws Exception {
        assertThat(choose("dnnl-", "linux-x86_64.jar", VECTORS)).contains("kernels nd4j").containsOnlyOnce(LOSS)
                .contains("WARN KernelChoice: oneDNN's library (org.bytedeco:dnnl and opencl, with natives) cannot be loaded: "
                        + "java.lang.UnsatisfiedLinkError");
    }

    @Test
    void withoutOneDnnsClassesThePortableKernelsAreChosenWithOneWarning() throws Exception {
        assertThat(choose("dnnl-", ".jar", VECTORS)).contains("kernels nd4j").containsOnlyOnce(LOSS)
                .contains("cannot be loaded: java.lang.NoClassDefFoundError: org/bytedeco/dnnl/");
    }

    @Test
    void withoutTheClassesThatOneDnnsReferToThePortableKernelsAreChosenWithOneWarning() throws Exception {
        assertThat(choose("opencl-", ".jar", VECTORS)).contains("kernels nd4j").containsOnlyOnce(LOSS).contains("org.bytedeco.opencl");
    }

    @Test
    void withVectorsTooShortForBlocksThePortableKernelsAreChosenWithOneWarning() throws Exception {
        assertThat(choose("nothing", "", VECTORS, "-XX:MaxVectorSize=16")).contains("kernels nd4j").containsOnlyOnce(LOSS)
                .contains("WARN KernelChoice: This JVM's vectors hold 4 floats, not 8 (AVX2) or 16 (AVX-512)");
    }
}
