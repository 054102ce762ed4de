package io.ugatit.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line which option picocli refused and what would be right. */
final class ParseErrors {
    private ParseErrors() {}

    /** What to speak of first: an unknown option is often the one that is missed, spelt wrong. Empty if nothing is wrong. */
    static Optional<ParameterException> worst(ParseResult parsed) {
        List<ParameterException> errors = new ArrayList<>();
        for (ParseResult level = parsed; level != null; level = level.subcommand()) {
            level.errors().forEach(error -> errors.add((ParameterException) error));
        }
        return errors.stream().min(Comparator.comparing(error -> !(error instanceof UnmatchedArgumentException)));
    }

    static String explain(ParameterException refusal, List<String> args) {
        if (refusal instanceof UnmatchedArgumentException unmatched) {
            return unknown(unmatched, args);
        } else if (refusal instanceof MissingParameterException missing) {
            return missing(missing, args);
        } else if (refusal instanceof OverwrittenOptionException twice) {
            return name(twice.getOverwritten()) + ": given more than once";
        } else if (refusal.getArgSpec() instanceof OptionSpec option && option.userObject() instanceof OptionValue value) {
            return name(option) + " is '" + refusal.getValue() + "': must be " + value.expected();
        } else if (refusal instanceof MaxValuesExceededException) {
            return refusal.getMessage(); // "option '--x' should be specified without 'y' parameter"
        }
        return refusal.getMessage().lines().findFirst().orElse("wrong options");
    }

    private static String unknown(UnmatchedArgumentException unmatched, List<String> args) {
        // one in the place of another option's value stands in the message only
        String word = unmatched.getUnmatched().stream().findFirst()
                .or(() -> args.stream().filter(arg -> unmatched.getMessage().startsWith("Unknown option: '" + arg + "'")).findFirst())
                .orElse("?");
        CommandSpec spec = unmatched.getCommandLine().getCommandSpec();
        if (!spec.subcommands().isEmpty() && !word.startsWith("-")) {
            return "unknown command '" + word + "': expected one of " + String.join(", ", spec.subcommands().keySet());
        }
        if (!word.startsWith("-")) {
            return "unexpected word '" + word + "': --help lists the options";
        }
        String option = word.replaceFirst("=.*", "");
        return "unknown option '" + option + "': "
                + nearest(option, spec).map(name -> "did you mean " + name + "?").orElse("--help lists the options");
    }

    /** The option that is spelt most like a word, if one is near it or goes on where it ends. */
    private static Optional<String> nearest(String word, CommandSpec spec) {
        Map<String, Integer> distances = new LinkedHashMap<>();
        for (OptionSpec option : spec.options()) {
            for (String name : names(option)) {
                int distance = LevenshteinDistance.getDefaultInstance().apply(word.toLowerCase(Locale.ROOT), name);
                boolean continued = name.startsWith(word) || word.startsWith(name);
                if (name.startsWith("--") && !option.hidden() && (continued || distance <= Math.max(2, (name.length() - 2) / 3))) {
                    distances.put(name, distance);
                }
            }
        }
        return distances.entrySet().stream().min(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    private static List<String> names(OptionSpec option) {
        List<String> names = new ArrayList<>(List.of(option.names()));
        if (option.negatable()) {
            names.add(option.longestName().replaceFirst("--", "--no-"));
        }
        return names;
    }

    private static String missing(MissingParameterException refusal, List<String> args) {
        List<ArgSpec> missing = refusal.getMissing();
        boolean givenBare = missing.size() == 1 && missing.get(0) instanceof OptionSpec option
                && Stream.of(option.names()).anyMatch(args::contains);
        return givenBare
                ? name(missing.get(0)) + ": needs a value, " + missing.get(0).paramLabel()
                : "missing option " + missing.stream().map(spec -> name(spec) + " " + spec.paramLabel()).collect(Collectors.joining(", "));
    }

    private static String name(ArgSpec spec) {
        return spec instanceof OptionSpec option ? option.longestName() : spec.paramLabel();
    }
}
