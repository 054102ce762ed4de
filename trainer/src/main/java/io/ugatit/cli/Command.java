package io.ugatit.cli;

import io.ugatit.job.Options;
import java.io.PrintStream;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ParseResult;

/**
 * One word of the command line and the job behind it.
 *
 * @param name the word, such as {@code prep}
 * @param description one line for the list of commands
 * @param options the record that holds the job's options, as {@link Options} reads it
 * @param action runs the job and prints its result
 */
record Command<O extends Record>(String name, String description, Class<O> options, Action<O> action) {

    /** What a command does with its options. */
    @FunctionalInterface
    interface Action<O> {
        /**
         * @param spark starts Spark when first asked, so that a job without Spark does not wait for it
         * @param options valid options
         * @param out where the result goes
         */
        void run(Supplier<SparkSession> spark, O options, PrintStream out);
    }

    /**
     * Reads the options, then runs the job.
     *
     * @throws io.ugatit.job.InvalidRequestException if the options' values are refused; Spark has not been started then
     */
    void run(ParseResult parsed, Supplier<SparkSession> spark, PrintStream out) {
        action.run(spark, Options.bind(parsed, options), out);
    }
}
