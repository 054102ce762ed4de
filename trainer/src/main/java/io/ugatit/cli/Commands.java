package io.ugatit.cli;

import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import io.ugatit.prep.PrepResult;
import java.io.PrintStream;
import java.util.List;

/** Every command of the program. To add one: its word, its description, its options record, and what to do. */
final class Commands {
    /** In the order of the usage text. */
    static final List<Command<?>> ALL = List.of(
            new Command<>("prep", "Make a data set of two folders of images.", PrepOptions.class,
                    (spark, options, out) -> print(new PrepJob(spark.get(), options, out).run(), out)));

    private Commands() {}

    private static void print(PrepResult result, PrintStream out) {
        out.printf("prepared %d + %d images to train on, %d + %d to judge by, in %.1f s%n",
                result.trainA(), result.trainB(), result.testA(), result.testB(), result.seconds());
        out.printf("left out %d duplicates, %d that cannot be decoded, %d that are no images%n",
                result.duplicates(), result.rejected(), result.notImages());
        out.println("dataset " + result.path());
    }
}
