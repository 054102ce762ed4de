package io.ugatit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The sources' imports against each other, and against the table of packages in CONTRIBUTING.md. */
class PackagesTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern PACKAGE = Pattern.compile("^package io\\.ugatit\\.([\\w.]+);", Pattern.MULTILINE);
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?io\\.ugatit\\.([a-z0-9.]+)\\.[A-Z]", Pattern.MULTILINE);
    private static final Pattern ROW = Pattern.compile("^\\|[^|]*\\|([^|]*)\\|[^|]*\\|([^|]*)\\|$", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`([a-z0-9.]+)`");
    /** It parses and prints only, and is used by nothing. */
    private static final String COMMAND_LINE = "cli";

    /** What each package imports of others. */
    private static Map<String, Set<String>> imported() throws IOException {
        Map<String, Set<String>> imported = new TreeMap<>();
        for (String module : new String[] {"data-prep", "trainer"}) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                    String source = read(file);
                    Matcher name = PACKAGE.matcher(source);
                    assertThat(name.find()).as(file.toString()).isTrue();
                    Set<String> others = imported.computeIfAbsent(name.group(1), any -> new TreeSet<>());
                    IMPORT.matcher(source).results().map(found -> found.group(1)).filter(other -> !other.equals(name.group(1)))
                            .forEach(others::add);
                });
            }
        }
        return imported;
    }

    /** What each package of the table uses, as it says. */
    private static Map<String, Set<String>> said() {
        Map<String, Set<String>> said = new TreeMap<>();
        for (MatchResult row : ROW.matcher(read(ROOT.resolve("CONTRIBUTING.md"))).results().toList()) {
            Set<String> uses = Arrays.stream(row.group(2).replace("→", "").split(",")).map(String::strip).filter(name -> !name.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
            NAME.matcher(row.group(1)).results().forEach(name -> said.put(name.group(1), uses));
        }
        return said;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A package's own arrows, those of the packages that they lead to, and so on. */
    private static Set<String> reached(Map<String, Set<String>> arrows, String from) {
        Set<String> reached = new TreeSet<>();
        reach(arrows, from, reached);
        return reached;
    }

    private static void reach(Map<String, Set<String>> arrows, String from, Set<String> reached) {
        for (String to : arrows.getOrDefault(from, Set.of())) {
            if (reached.add(to)) {
                reach(arrows, to, reached);
            }
        }
    }

    @Test
    void noPackageUsesItselfByWayOfOthers() throws IOException {
        Map<String, Set<String>> imported = imported();
        assertThat(imported).hasSizeGreaterThan(50).allSatisfy((name, others) -> assertThat(reached(imported, name)).as(name).doesNotContain(name));
    }

    @Test
    void theTableNamesEveryPackageAndItsArrowsLeadToAllThatItUses() throws IOException {
        Map<String, Set<String>> imported = imported();
        Map<String, Set<String>> said = said();
        assertThat(said).containsOnlyKeys(imported.keySet());
        imported.remove(COMMAND_LINE);
        assertThat(imported).allSatisfy((name, others) -> {
            assertThat(reached(said, name)).as(name + " uses").containsAll(others);
            assertThat(others).as(name + " is said to use").containsAll(said.get(name));
        });
    }
}
