package io.ugatit.cli;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import io.ugatit.job.Program;
import io.ugatit.job.Untrusted;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkUserAppException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The program: {@code spark-submit --class io.ugatit.cli.Ugatit APP.jar COMMAND [options]}.
 *
 * <p>The exit status is 0 when the job is done; 2 when the request is wrong, in which case nothing was written; and 1 when the job failed.
 * {@code retrain --status-when-kept} may ask for one more.
 * What went wrong is one line on standard error; {@code --verbose}, before or after the command, adds the stack trace.
 */
public final class Ugatit {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_REQUEST = 2;
    private static final String VERBOSE = "--verbose";

    private final List<Command<?>> commands;

    /** @param commands every command there is, in the order of the usage text */
    Ugatit(List<Command<?>> commands) {
        this.commands = List.copyOf(commands);
    }

    /**
     * Runs one command and ends the process with its exit status.
     *
     * @param args [--verbose] COMMAND [options]
     * @throws SparkUserAppException inside YARN's application master, if the status is not 0: tells it the status
     */
    public static void main(String[] args) throws SparkUserAppException {
        int status = run(args, System.out, System.err);
        if (!insideApplicationMaster()) {
            System.exit(status); // threads that natives or file systems left behind would keep the process alive
        } else if (status != DONE) {
            throw new SparkUserAppException(status);
        }
    }

    /** Whether this is the driver of YARN's cluster mode, which counts any System.exit as a failure, even one with 0. */
    private static boolean insideApplicationMaster() {
        return "yarn".equals(System.getProperty("spark.master")) && "cluster".equals(System.getProperty("spark.submit.deployMode"));
    }

    /**
     * Runs one command inside this process.
     *
     * @param args [--verbose] COMMAND [options]
     * @param out where results and usage texts go
     * @param err where the line about a wrong request or a failure goes
     * @return the exit status
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        return new Ugatit(Commands.ALL).execute(args, out, err);
    }

    int execute(String[] args, PrintStream out, PrintStream err) {
        try {
            ParseResult parsed = Options.parse(specification(), args);
            ParseResult command = parsed.subcommand();
            if (parsed.isVersionHelpRequested()) {
                parsed.commandSpec().commandLine().printVersionHelp(out);
            } else if (parsed.isUsageHelpRequested()) {
                parsed.commandSpec().commandLine().usage(out);
            } else if (command == null) {
                throw new InvalidRequestException("missing command: expected one of "
                        + String.join(", ", parsed.commandSpec().subcommands().keySet()) + "; --help describes them");
            } else if (command.isUsageHelpRequested()) {
                command.commandSpec().commandLine().usage(out);
            } else {
                runJob(command, out);
            }
            return DONE;
        } catch (ExitStatus e) {
            return e.status();
        } catch (Throwable e) { // an exit status is owed even for an OutOfMemoryError
            return explain(e, Arrays.asList(args).contains(VERBOSE), err);
        }
    }

    private void runJob(ParseResult parsed, PrintStream out) {
        String name = parsed.commandSpec().name();
        Command<?> command = commands.stream().filter(candidate -> candidate.name().equals(name)).findFirst().orElseThrow();
        try (LazySession spark = new LazySession("ugatit " + name)) {
            command.run(parsed, spark, out);
        }
    }

    private static int explain(Throwable thrown, boolean verbose, PrintStream err) {
        Throwable told = toldByTheJob(thrown);
        if (told == null) {
            String message = thrown.getMessage() == null ? "" : ": " + oneLine(thrown.getMessage().lines().findFirst().orElse(""));
            err.println("failed: " + thrown.getClass().getSimpleName() + message
                    + (verbose ? "" : " (use --verbose for the stack trace)"));
        } else {
            err.println(oneLine(told.getMessage()));
        }
        if (verbose) {
            thrown.printStackTrace(err);
        }
        return told instanceof InvalidRequestException ? WRONG_REQUEST : FAILED;
    }

    /** The outermost exception that speaks to the user; one thrown by a task arrives as the cause of a SparkException. */
    private static Throwable toldByTheJob(Throwable thrown) {
        Throwable candidate = thrown;
        while (candidate != null && !(candidate instanceof InvalidRequestException || candidate instanceof JobFailedException)) {
            candidate = candidate.getCause();
        }
        return candidate;
    }

    /** What comes from files may hold what terminals obey. */
    private static String oneLine(String message) {
        return Untrusted.printable(message.strip().replaceAll("\\s*\\R\\s*", " "));
    }

    /** The program with all of its commands, as picocli parses and explains it. */
    CommandSpec specification() {
        CommandSpec top = CommandSpec.create().name("ugatit").version(version());
        top.addOption(flag("Show the version and exit.", "-V", "--version").versionHelp(true).build());
        addCommonOptions(top);
        top.usageMessage().synopsisSubcommandLabel("COMMAND [options]")
                .description("Unpaired image-to-image translation (U-GAT-IT), trained and applied on Apache Spark.%n")
                .commandListHeading("%nCommands (COMMAND --help lists a command's options):%n")
                .footer("", "Exit status: 0 done; 2 the request is wrong, nothing was written; 1 the job failed.");
        for (Command<?> command : commands) {
            CommandSpec spec = Options.spec(command.options());
            addCommonOptions(spec);
            spec.usageMessage().description(command.description());
            top.addSubcommand(command.name(), spec);
        }
        return top;
    }

    private static void addCommonOptions(CommandSpec spec) {
        spec.addOption(flag("Show this help and exit.", "-h", "--help").usageHelp(true).build());
        spec.addOption(flag("Show the stack trace of a failure.", VERBOSE).build());
    }

    private static OptionSpec.Builder flag(String description, String... names) {
        return OptionSpec.builder(names).type(boolean.class).arity("0").description(description);
    }

    private static String version() {
        return "ugatit-spark " + Program.version().orElse("(not packaged)")
                + ", Spark " + org.apache.spark.package$.MODULE$.SPARK_VERSION()
                + ", Java " + Runtime.version();
    }
}
