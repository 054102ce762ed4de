package io.ugatit.translate.source;

import io.ugatit.input.FolderContents;
import io.ugatit.input.InputFile;
import io.ugatit.input.LeftOut;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.prep.source.ImageTable;
import io.ugatit.prep.source.ImageTableOptions;
import io.ugatit.publish.Publishing;
import io.ugatit.translate.output.Folder;
import io.ugatit.translate.output.Plan;
import io.ugatit.translate.output.PresentTranslations;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Images in a table's rows. Those that are to be translated are copied into hidden files in the first output, and deleted at the end; what
 * a killed job leaves of them the next one deletes.
 */
public final class RowsSource implements ImageSource {
    private final ImageTable table;
    private final String name;
    private final Optional<UnaryOperator<List<String>>> choice;
    private final boolean namesOfFiles;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final PrintStream out;
    private List<String> names;
    private Path copies;

    /**
     * Looks at the table's columns.
     *
     * @param columns the table
     * @param choice which rows are wanted, given all names in order; none for all of them
     * @param namesOfFiles whether rows' names must be those of files below a folder
     * @param hadoop the Hadoop configuration, for tasks
     * @param out where progress lines go
     * @throws InvalidRequestException if there is no such table or column
     * @throws IOException if the file system does not answer
     */
    public RowsSource(SparkSession spark, ImageTableOptions columns, Optional<UnaryOperator<List<String>>> choice, boolean namesOfFiles,
            Broadcast<SerializableConfiguration> hadoop, PrintStream out) throws IOException {
        this.table = new ImageTable(spark, columns);
        this.name = columns.table();
        this.choice = choice;
        this.namesOfFiles = namesOfFiles;
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
    public Found find(List<PresentTranslations> targets, boolean all) throws IOException {
        Folder first = new Folder(hadoop.value().value(), targets.get(0).path());
        copies = first.file(Publishing.TEMPORARY_PREFIX + UUID.randomUUID());
        List<String> wanted = choice.isEmpty() ? null : choice.get().apply(usable());
        return found(table.copy(wanted, copies, all ? Stream.empty() : inAll(targets).stream(), hadoop, out));
    }

    private Found found(FolderContents rows) {
        FolderContents named = namesOfFiles ? withNamesOfFiles(rows) : rows;
        if (named.files().isEmpty()) {
            throw new InvalidRequestException(table + ": no row has an image"
                    + (named.leftOut().isEmpty() ? "" : "; left out are " + named.examples()));
        }
        return new Found(copies, named);
    }

    /** The images that every target has a translation of, as it was when it was translated. */
    private static Set<InputFile> inAll(List<PresentTranslations> targets) {
        Set<InputFile> known = targets.get(0).translated().collect(Collectors.toSet());
        targets.stream().skip(1).forEach(target -> known.retainAll(target.translated().collect(Collectors.toSet())));
        return known;
    }

    @Override
    public Map<String, InputFile> bring(List<InputFile> needed) throws IOException {
        List<String> absent = needed.stream().filter(image -> image.member().archive().isEmpty()).map(InputFile::path).distinct().toList();
        return absent.isEmpty() ? Map.of() : table.copy(absent, copies, Stream.empty(), hadoop, out).files().stream()
                .collect(Collectors.toMap(InputFile::path, Function.identity()));
    }

    /** By their names alone: what rows hold is known only once it is read. */
    @Override
    public Found look(PresentTranslations target) {
        Map<String, InputFile> known = new HashMap<>();
        target.translated().forEach(image -> known.put(image.path(), image));
        Set<String> usable = new HashSet<>(usable());
        List<LeftOut> leftOut = names.stream().filter(row -> !usable.contains(row))
                .map(row -> new LeftOut(row, LeftOut.Kind.REJECTED, Plan.wrongName(row))).toList();
        return found(new FolderContents(
                usable().stream().map(row -> known.getOrDefault(row, new InputFile(row, 0, 0))).toList(), leftOut));
    }

    /** The names that translations can have, in order. */
    private List<String> usable() {
        if (names == null) {
            names = table.names();
        }
        return namesOfFiles ? names.stream().filter(row -> Plan.wrongName(row) == null).toList() : names;
    }

    @Override
    public Optional<JavaRDD<Row>> few(int count, int tasks) {
        return Optional.of(table.few(count, tasks));
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
