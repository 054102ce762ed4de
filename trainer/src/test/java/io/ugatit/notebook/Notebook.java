package io.ugatit.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A notebook's file.
 *
 * @param file where it is
 * @param code its cells of code, from the top
 */
record Notebook(Path file, List<CodeCell> code) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A cell of code.
     *
     * @param source what it says
     * @param json everything about it
     */
    record CodeCell(String source, JsonNode json) {
        /** The outputs that are stored of it. */
        JsonNode outputs() {
            return json.path("outputs");
        }

        /** Whether it ends with something to be shown: HTML, by the method that makes it. */
        boolean shows() {
            return source.strip().matches("(?s).*\\.html\\([0-9]*\\)");
        }

        /** The HTML that is stored of it; empty if there is none. */
        String html() {
            return text(outputs().findPath("text/html"));
        }
    }

    /** The notebooks of the project in their order. */
    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
        }
    }

    /** Where the notebooks are; tests run in the module's folder. */
    static Path folder() {
        return Path.of("..", "notebooks").toAbsolutePath().normalize();
    }

    static Notebook read(Path file) throws IOException {
        List<CodeCell> code = new ArrayList<>();
        for (JsonNode cell : JSON.readTree(file.toFile()).path("cells")) {
            if (cell.path("cell_type").asText().equals("code")) {
                code.add(new CodeCell(text(cell.path("source")), cell));
            }
        }
        return new Notebook(file, code);
    }

    /** Notebooks store text by the line. */
    static String text(JsonNode lines) {
        StringBuilder text = new StringBuilder(lines.asText());
        lines.forEach(line -> text.append(line.asText()));
        return text.toString();
    }
}
