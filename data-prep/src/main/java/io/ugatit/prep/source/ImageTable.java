package io.ugatit.prep.source;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.input.FolderContents;
import io.ugatit.input.InputFile;
import io.ugatit.input.LeftOut;
import io.ugatit.input.PathOrder;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Images of no domain in the rows of a table. They are copied into files before they are read, since a row cannot be asked for again. */
public final class ImageTable {
    private final InputTable table;

    /**
     * Looks at the table's columns.
     *
     * @param spark the session
     * @param options the table
     * @throws io.ugatit.job.InvalidRequestException if there is no such table or column
     * @throws IOException if the file system does not answer
     */
    public ImageTable(SparkSession spark, ImageTableOptions options) throws IOException {
        table = new InputTable(spark, options, null, null);
    }

    /**
     * Makes sure that nothing is written into the table.
     *
     * @param output fully qualified
     * @param what the message calls the output
     * @throws io.ugatit.job.InvalidRequestException if the output is in it
     */
    public void requireOutside(Path output, String what) {
        table.requireOutside(output, what);
    }

    /** What the images are called, in order, each name once; reads no other column. */
    public List<String> names() {
        return table.names();
    }

    /**
     * Some rows with an image, whichever are read first: bytes and name, and more columns that say nothing.
     *
     * @param count how many at most
     * @param tasks how many partitions they are to be in
     */
    public JavaRDD<Row> few(int count, int tasks) {
        return table.few(count, tasks);
    }

    /**
     * Copies the rows' images, but for those that are known, and lists them.
     *
     * @param names of the rows that are wanted; null for all
     * @param folder where copies go, fully qualified; is made
     * @param known images that need not be copied, as an earlier list had them
     * @param hadoop the Hadoop configuration, for tasks
     * @param out where progress lines go
     * @return the images by name, whose places are relative to the folder, and whose time is a number that their bytes decide; those that
     *     are known have no place
     * @throws IOException if the folder cannot be made
     */
    public FolderContents copy(List<String> names, Path folder, Stream<InputFile> known, Broadcast<SerializableConfiguration> hadoop,
            PrintStream out) throws IOException {
        KnownRows rows = new KnownRows(known.map(file -> SourceFile.of(Domain.A, Split.TRAIN, file.path(), file)));
        InputTable.Copied copied = table.copy(names, folder, rows, hadoop, out);
        String prefix = SourceFile.folder(Domain.A, Split.TRAIN) + "/";
        return new FolderContents(
                copied.files().stream().map(file -> new InputFile(file.source(), file.length(), file.modified(), file.member()))
                        .sorted(Comparator.comparing(InputFile::path, PathOrder.BY_CODE_POINT)).toList(),
                copied.leftOut().stream().map(file -> file.as(file.source().substring(prefix.length())))
                        .sorted(Comparator.comparing(LeftOut::source, PathOrder.BY_CODE_POINT).thenComparing(LeftOut::reason)).toList());
    }

    /** For messages. */
    @Override
    public String toString() {
        return table.toString();
    }
}
