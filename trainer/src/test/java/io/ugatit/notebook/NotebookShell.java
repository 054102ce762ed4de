package io.ugatit.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import jdk.jshell.EvalException;
import jdk.jshell.ExpressionSnippet;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.VarSnippet;

/** Runs cells of notebooks in this JVM, as the notebooks' kernel does: snippet after snippet in one JShell, with the kernel's imports. */
public final class NotebookShell implements AutoCloseable {
    private static final List<String> IMPORTS = List.of("java.util.*", "java.io.*", "java.math.*", "java.net.*", "java.util.concurrent.*",
            "java.util.prefs.*", "java.util.regex.*");

    /** For snippets, which have no other way to give an object away. */
    public static Object given;

    private final JShell shell = JShell.builder().executionEngine("local")
            .compilerOptions("-classpath", System.getProperty("java.class.path")).build();

    NotebookShell() {
        IMPORTS.forEach(name -> snippet("import " + name + ";"));
    }

    /**
     * Runs a cell.
     *
     * @return what the notebook shows for it: the value of its last snippet, if that is an expression
     * @throws AssertionError if a snippet does not compile or throws
     */
    Optional<Object> run(String cell) {
        Optional<Object> shown = Optional.empty();
        SourceCodeAnalysis.CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(cell);
        while (next.completeness().isComplete()) {
            shown = next.source().isBlank() ? shown : snippet(next.source().strip());
            next = shell.sourceCodeAnalysis().analyzeCompletion(next.remaining());
        }
        if (next.completeness() != SourceCodeAnalysis.Completeness.EMPTY) {
            throw new AssertionError("the cell ends within a snippet: " + next.remaining());
        }
        return shown;
    }

    /** A variable's value. */
    Object variable(String name) {
        given = null;
        snippet("io.ugatit.notebook.NotebookShell.given = " + name + ";");
        return given;
    }

    private Optional<Object> snippet(String source) {
        List<SnippetEvent> events = new ArrayList<>(shell.eval(source));
        for (SnippetEvent event : events) {
            if (event.exception() != null) {
                String what = event.exception() instanceof EvalException thrown ? thrown.getExceptionClassName() + ": " : "";
                throw new AssertionError(source + "\nthrew " + what + event.exception().getMessage(), event.exception());
            }
            if (!event.status().isDefined()) {
                throw new AssertionError(source + "\ndoes not compile: " + shell.diagnostics(event.snippet())
                        .map(problem -> problem.getMessage(Locale.ROOT)).collect(Collectors.joining("; ")));
            }
        }
        SnippetEvent last = events.get(events.size() - 1);
        if (source.startsWith("io.ugatit.notebook.")) {
            return Optional.empty();
        }
        if (last.snippet() instanceof VarSnippet variable && variable.subKind() == jdk.jshell.Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND) {
            return Optional.ofNullable(variable(variable.name()));
        }
        return last.snippet() instanceof ExpressionSnippet expression ? Optional.ofNullable(variable(expression.name())) : Optional.empty();
    }

    @Override
    public void close() {
        shell.close();
    }
}
