package io.ugatit.translate;

import io.ugatit.translate.option.SelectionOptions;
import io.ugatit.translate.output.OutputKind;
import io.ugatit.translate.source.FilesSource;
import io.ugatit.translate.source.ImageSource;
import io.ugatit.translate.source.RowsSource;
import java.io.IOException;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** What is translated in each direction. */
final class InputSources implements AutoCloseable {
    private final Map<Direction, ImageSource> sources = new EnumMap<>(Direction.class);

    /**
     * Looks at the inputs.
     *
     * @param hadoop the Hadoop configuration, for tasks
     * @param out where progress lines go
     * @throws io.ugatit.job.InvalidRequestException if one cannot be an input
     * @throws IOException if a file system does not answer
     */
    InputSources(SparkSession spark, TranslateOptions options, Broadcast<SerializableConfiguration> hadoop, PrintStream out)
            throws IOException {
        InputOptions from = options.from();
        SelectionOptions selection = options.selection();
        for (Direction direction : options.directions().each()) {
            sources.put(direction, from.isTable()
                    ? new RowsSource(spark, from.table(), selection.limit() == null ? Optional.empty() : Optional.of(selection::choose),
                            options.to().kind() != OutputKind.TABLE, hadoop, out)
                    : new FilesSource(from.option(direction), from.name(direction), JavaSparkContext.fromSparkContext(spark.sparkContext()),
                            hadoop, out));
        }
    }

    ImageSource of(Direction direction) {
        return sources.get(direction);
    }

    @Override
    public void close() throws IOException {
        for (ImageSource source : sources.values()) {
            source.close();
        }
    }
}
