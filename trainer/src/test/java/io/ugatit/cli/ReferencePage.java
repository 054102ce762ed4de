package io.ugatit.cli;

import io.ugatit.retrain.RetrainOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The page {@code trainer/docs/reference.md}: every command and every option, from the definitions that the command line reads. */
final class ReferencePage {
    /** The page in a module's folder. */
    static final Path FILE = Path.of("docs", "reference.md");

    /** In every command, so said once. */
    private static final List<String> COMMON = List.of("--help", "--verbose");
    private static final Pattern SAID = Pattern.compile("\\s*\\(default: ([^)]*)\\)$");
    private static final String HEAD = """
            # Reference

            Every command and every option, written from the program's own definitions: do not edit it here. `ReferencePageTest` fails when it
            is out of date and says how to write it anew.

                submit/ugatit [--cuda] [spark-submit options] COMMAND [options]

            A value follows its option after a space or `=`. Paths are Hadoop paths (`file:`, `hdfs:`, `s3a:`); without a scheme they are on the
            default file system. An option without a value is a flag, off unless given; `--[no-]NAME` can be given either way. A range is
            checked before anything is written: a value outside of it ends with exit status 2 and one line that says what would be right.
            Images are square, so one number of pixels is both height and width. Every command also has `--help` and `--verbose` (the stack
            trace of a failure).
            """;

    private ReferencePage() {}

    /** The whole page, lines ended by line feeds. */
    static String text(CommandSpec program) {
        StringBuilder page = new StringBuilder(HEAD);
        program.subcommands().forEach((name, command) -> page.append('\n').append(section(name, command.getCommandSpec())));
        return page.toString();
    }

    private static String section(String name, CommandSpec command) {
        StringBuilder section = new StringBuilder("## ").append(name).append("\n\n")
                .append(String.join(" ", command.usageMessage().description())).append("\n\n| Option | Value | Default | What it means |\n")
                .append("|---|---|---|---|\n");
        List<OptionSpec> options = command.options().stream().filter(option -> !option.hidden() && !COMMON.contains(option.longestName()))
                .sorted(Comparator.comparing(OptionSpec::required).reversed()).toList();
        options.forEach(option -> section.append(row(option)).append('\n'));
        if (name.equals("retrain")) {
            section.append("\nKeys of the JSON object in `FILE`:\n\n| Key | Default | What it means |\n|---|---|---|\n");
            RetrainOptions.KEYS.forEach((key, meaning) -> section.append(row(key, meaning)).append('\n'));
        }
        return section.toString();
    }

    private static String row(OptionSpec option) {
        String value = option.arity().max() == 0 ? "" : code(option.paramLabel());
        return "| " + code(name(option)) + " | " + value + " | " + standard(option) + " | " + cell(meaning(option)) + " |";
    }

    private static String row(String key, String meaning) {
        Matcher said = SAID.matcher(meaning);
        return "| " + code(key) + " | " + (said.find() ? code(said.group(1)) : "required") + " | " + cell(said.replaceFirst("")) + " |";
    }

    private static String name(OptionSpec option) {
        return option.negatable() ? option.longestName().replaceFirst("^--", "--[no-]") : option.longestName();
    }

    /** Required, or the default value, which the description of a value that has none of its own says; empty for a flag that is off. */
    private static String standard(OptionSpec option) {
        if (option.required()) {
            return "required";
        }
        Object value = option.arity().max() == 0 ? option.initialValue() : option.defaultValue();
        if (value != null) {
            return value.equals(false) ? "" : code(value.equals(true) ? "yes" : value.toString());
        }
        Matcher said = SAID.matcher(description(option));
        return said.find() ? code(said.group(1)) : "";
    }

    /** Without the default, which has a column of its own. */
    private static String meaning(OptionSpec option) {
        return SAID.matcher(description(option)).replaceFirst("");
    }

    private static String description(OptionSpec option) {
        return String.join(" ", option.description());
    }

    private static String code(String text) {
        return "`" + cell(text) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    /**
     * Writes the page anew.
     *
     * @param module the trainer's folder
     */
    static void write(Path module, CommandSpec program) throws IOException {
        Files.writeString(module.resolve(FILE), text(program));
    }

    /** The first line that differs, with its number; empty if none does. */
    static String difference(String written, String expected) {
        List<String> is = written.lines().toList();
        List<String> ought = expected.lines().toList();
        int same = (int) Stream.iterate(0, i -> i + 1).takeWhile(i -> i < is.size() && i < ought.size() && is.get(i).equals(ought.get(i)))
                .count();
        if (same == is.size() && same == ought.size()) {
            return "";
        }
        return "line " + (same + 1) + " is '" + (same < is.size() ? is.get(same) : "missing") + "', must be '"
                + (same < ought.size() ? ought.get(same) : "left out") + "'";
    }
}
