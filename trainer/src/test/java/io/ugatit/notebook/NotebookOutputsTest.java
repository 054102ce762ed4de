package io.ugatit.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is stored with the notebooks: {@code submit/notebook --execute} makes it anew. */
class NotebookOutputsTest {
    private static final int MOST_BYTES = 300_000;

    @Test
    void allFiveAreThere() throws IOException {
        assertThat(Notebook.files()).extracting(file -> file.getFileName().toString()).containsExactly("1-look-at-a-data-set.ipynb",
                "2-watch-a-training.ipynb", "3-translate-images.ipynb", "4-compare-two-runs.ipynb", "5-train-on-a-cluster.ipynb");
    }

    @Test
    void theCellsRanFromTopToBottomAndWhatTheyShowIsStored() throws IOException {
        for (Path file : Notebook.files()) {
            List<Notebook.CodeCell> code = Notebook.read(file).code();
            for (int i = 0; i < code.size(); i++) {
                String where = file.getFileName() + ", cell of code " + (i + 1);
                assertThat(code.get(i).json().path("execution_count").asInt()).as(where).isEqualTo(i + 1);
                assertThat(code.get(i).outputs().findValuesAsText("output_type")).as(where).doesNotContain("error");
                assertThat(code.get(i).html().isEmpty()).as(where).isEqualTo(!code.get(i).shows());
                boolean prints = code.get(i).source().contains("System.out.print") || code.get(i).source().contains(".show();");
                assertThat(!prints || code.get(i).outputs().findValuesAsText("name").contains("stdout")).as(where).isTrue();
            }
        }
    }

    @Test
    void nothingOfTheMachineThatMadeThemIsStored() throws IOException {
        for (Path file : Notebook.files()) {
            for (Notebook.CodeCell cell : Notebook.read(file).code()) {
                String where = file.getFileName() + ": " + cell.source();
                assertThat(cell.json().path("metadata").has("execution")).as(where).isFalse();
                for (JsonNode output : cell.outputs()) {
                    assertThat(output.path("name").asText()).as(where).isNotEqualTo("stderr");
                    String words = Notebook.text(output.path("text")) + cell.html().replaceAll("base64,[^\"]*", "");
                    assertThat(words).as(where).doesNotContain("file:").doesNotContainPattern("(^|[\\s\"'(])/[a-z]+/");
                }
            }
        }
    }

    @Test
    void theyAreSmall() throws IOException {
        for (Path file : Notebook.files()) {
            assertThat(Files.size(file)).as(file.getFileName().toString()).isLessThan(MOST_BYTES);
        }
    }
}
