package io.ugatit.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ugatit.process.Waiting;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The notebooks run from top to bottom in Jupyter, where that is installed; after the jar is made, which they need. {@code NotebooksTest}
 * runs their cells everywhere.
 */
class JupyterIT {
    @TempDir
    Path folder;

    @Test
    void everyNotebookRunsInJupyter() throws IOException, InterruptedException {
        assumeTrue(isOnThePath("jupyter-nbconvert"), "no jupyter-nbconvert on the PATH: the notebooks are not run in Jupyter");
        // a space, as in many people's folders
        Path copies = Files.createDirectories(folder.resolve("note books"));
        List<String> command = new ArrayList<>(List.of(script("notebook"), "--execute"));
        for (Path file : Notebook.files()) {
            command.add(Files.copy(file, copies.resolve(file.getFileName())).toString());
        }
        Path log = folder.resolve("log");
        ProcessBuilder jupyter = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        jupyter.environment().put("NOTEBOOK_SPARK_OPTIONS", "--master local[2] --driver-java-options -Dugatit.notebooks.steps=30");
        Process process = jupyter.start();
        try {
            assertThat(process.waitFor(Waiting.HANG.toMinutes(), TimeUnit.MINUTES)).as("it ends in time").isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }

        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        for (Path file : Notebook.files()) {
            Notebook executed = Notebook.read(copies.resolve(file.getFileName()));
            assertThat(executed.code()).allSatisfy(cell -> {
                assertThat(cell.outputs().findValuesAsText("output_type")).doesNotContain("error");
                assertThat(cell.html().isEmpty()).as(cell.source()).isEqualTo(!cell.shows());
            });
        }
        assertThat(copies.resolve("work/first-run/report.html")).isNotEmptyFile();
    }

    private static String script(String name) {
        return Notebook.folder().resolveSibling("submit").resolve(name).toString();
    }

    private static boolean isOnThePath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
