package io.ugatit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.DocumentationTool;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documentation of what is public or protected, of both modules. */
class JavadocTest {
    /** Said of jdk.incubator.vector whatever the comments are, and with no switch against it before JDK 25. */
    private static final String INCUBATING = "compiler.warn.incubating.modules";

    @TempDir
    private Path pages;

    @Test
    @Tag("slow")
    void javadocHasNothingToRemark() throws IOException {
        DocumentationTool javadoc = ToolProvider.getSystemDocumentationTool();
        DiagnosticCollector<JavaFileObject> remarks = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = javadoc.getStandardFileManager(remarks, Locale.ROOT, null)) {
            List<String> options = List.of("-quiet", "-protected", "-Xdoclint:all,-missing", "-Xmaxwarns", "1000", "--add-modules",
                    "jdk.incubator.vector", "-encoding", "UTF-8", "-d", pages.toString(), "-classpath", System.getProperty("java.class.path"));
            boolean done = javadoc.getTask(Writer.nullWriter(), files, remarks, null, options,
                    files.getJavaFileObjectsFromPaths(sources())).call();
            assertThat(remarks.getDiagnostics().stream().filter(remark -> remark.getKind() != Diagnostic.Kind.NOTE)
                    .filter(remark -> !remark.getCode().equals(INCUBATING)).map(Object::toString)).isEmpty();
            assertThat(done).isTrue();
        }
        assertThat(pages.resolve("io/ugatit/prep/PrepJob.html")).exists();
        assertThat(pages.resolve("io/ugatit/cluster/TrainJob.html")).exists();
    }

    private static List<Path> sources() throws IOException {
        Path trainer = Path.of("").toAbsolutePath();
        try (Stream<Path> ofTrainer = Files.walk(trainer.resolve("src/main/java"));
                Stream<Path> ofPrep = Files.walk(trainer.resolveSibling("data-prep").resolve("src/main/java"))) {
            return Stream.concat(ofPrep, ofTrainer).filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
