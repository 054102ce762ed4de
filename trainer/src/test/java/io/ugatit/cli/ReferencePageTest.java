package io.ugatit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

/** Holds docs/reference.md to the commands' definitions; with {@code -Dreference.write} it writes the page anew first. */
class ReferencePageTest {
    private static final String ANEW = "mvn test -pl trainer -am -Dtest=ReferencePageTest -Dsurefire.failIfNoSpecifiedTests=false"
            + " -Dreference.write";

    private final CommandSpec program = new Ugatit(Commands.ALL).specification();

    @Test
    void thePageIsThatOfTheCommandsAsTheyAreNow() throws IOException {
        Path module = Path.of("").toAbsolutePath();
        if (System.getProperty("reference.write") != null) {
            ReferencePage.write(module, program);
        }
        assertThat(ReferencePage.difference(Files.readString(module.resolve(ReferencePage.FILE)), ReferencePage.text(program)))
                .as("docs/reference.md is out of date; write it anew by: " + ANEW).isEmpty();
    }

    @Test
    void theFirstLineThatDiffersIsNamed() {
        assertThat(ReferencePage.difference("a\nb\n", "a\nb\n")).isEmpty();
        assertThat(ReferencePage.difference("a\nb\n", "a\nc\n")).isEqualTo("line 2 is 'b', must be 'c'");
        assertThat(ReferencePage.difference("a\n", "a\nc\n")).isEqualTo("line 2 is 'missing', must be 'c'");
        assertThat(ReferencePage.difference("a\nb\n", "a\n")).isEqualTo("line 2 is 'b', must be 'left out'");
    }

    @Test
    void everyOptionSaysWhatItMeansAndWhatItIsUnlessGiven() {
        assertThat(program.subcommands()).isNotEmpty().allSatisfy((name, command) -> assertThat(command.getCommandSpec().options())
                .allSatisfy(option -> {
                    String description = String.join(" ", option.description());
                    assertThat(description).as(name + " " + option.longestName()).isNotBlank();
                    if (!option.required() && option.arity().max() > 0 && option.defaultValue() == null) {
                        assertThat(description).as("%s %s has no default value, so its description must say what holds unless it is given",
                                name, option.longestName()).containsPattern("\\(default|unless given|instead of|none");
                    }
                }));
    }
}
