package io.ugatit.translate;

import io.ugatit.checkpoint.Publishing;
import io.ugatit.input.FolderContents;
import io.ugatit.input.InputFile;
import io.ugatit.input.LeftOut;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.prep.source.ImageTable;
import io.ugatit.prep.source.ImageTableOptions;
import io.ugatit.translate.output.Folder;
import io.ugatit.translate.output.OutputFolder;
import io.ugatit.translate.output.OutputKind;
import io.ugatit.translate.output.Plan;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Images in a table's rows. Those that are to be translated are copied into hidden files in the output first, and deleted at the end; what
 * a killed job leaves of them the next one deletes.
 */
final class RowsSource implements ImageSource {
    private final ImageTable table;
    private final String name;
    private final TranslateOptions options;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final PrintStream out;
    private Path copies;

    /**
     * Looks at the table's columns.
     *
     * @throws InvalidRequestException if there is no such table or column
     * @throws IOException if the file system does not answer
     */
    RowsSource(SparkSession spark, TranslateOptions options, Broadcast<SerializableConfiguration> hadoop, PrintStream out)
            throws IOException {
        ImageTableOptions columns = options.table();
        this.table = new ImageTable(spark, columns);
        this.name = columns.table();
        this.options = options;
        this.hadoop = hadoop;
        this.out = out;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void requireOutside(Folder output, String option) {
        table.requireOutside(output.path(), option);
    }

    @Override
    public Found find(Folder output, OutputFolder target) throws IOException {
        List<String> names = options.selection().limit() == null ? null : options.selection().choose(table.names());
        copies = output.file(Publishing.TEMPORARY_PREFIX + UUID.randomUUID());
        FolderContents rows = table.copy(names, copies, target.translated(), hadoop, out);
        if (options.to().kind() != OutputKind.TABLE) {
            rows = withNamesOfFiles(rows);
        }
        if (rows.files().isEmpty()) {
            throw new InvalidRequestException(table + ": no row has an image"
                    + (rows.leftOut().isEmpty() ? "" : "; left out are " + rows.examples()));
        }
        return new Found(copies, rows);
    }

    private static FolderContents withNamesOfFiles(FolderContents rows) {
        List<InputFile> files = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>(rows.leftOut());
        for (InputFile file : rows.files()) {
            String wrong = Plan.wrongName(file.path());
            if (wrong == null) {
                files.add(file);
            } else {
                leftOut.add(new LeftOut(file.path(), LeftOut.Kind.REJECTED, wrong));
            }
        }
        return new FolderContents(files, leftOut);
    }

    @Override
    public void close() throws IOException {
        if (copies != null) {
            Publishing.fileSystem(hadoop.value().value(), copies).delete(copies, true);
        }
    }
}
