package io.ugatit.job;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line which option picocli refused and what would be right. */
final class ParseErrors {
    private ParseErrors() {}

    static String explain(ParameterException refusal, List<String> args) {
        if (refusal instanceof UnmatchedArgumentException unmatched) {
            return unknown(unmatched);
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

    private static String unknown(UnmatchedArgumentException unmatched) {
        String word = unmatched.getUnmatched().get(0);
        CommandSpec spec = unmatched.getCommandLine().getCommandSpec();
        if (!spec.subcommands().isEmpty() && !word.startsWith("-")) {
            return "unknown command '" + word + "': expected one of " + String.join(", ", spec.subcommands().keySet());
        }
        String what = word.startsWith("-") ? "unknown option '" + word + "'" : "unexpected word '" + word + "'";
        List<String> similar = unmatched.getSuggestions();
        return what + (similar.isEmpty() ? ": --help lists the options" : ": did you mean " + String.join(" or ", similar) + "?");
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
