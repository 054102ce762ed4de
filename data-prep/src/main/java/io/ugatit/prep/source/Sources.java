package io.ugatit.prep.source;

import io.ugatit.input.ArchiveName;
import io.ugatit.input.FolderContents;
import io.ugatit.input.InputFile;
import io.ugatit.input.SourceReader;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.PathOption;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Where the images are: in a folder of folders and archives, in an archive, or in a table; and what was found there. */
public final class Sources implements Closeable {
    private static final int OTHERS_TO_NAME = 5;

    private final Path root;
    private final List<Listing> folders;
    private final RowFolder copies;

    private Sources(Path root, List<Listing> folders, RowFolder copies) {
        this.root = root;
        this.folders = folders;
        this.copies = copies;
    }

    /**
     * The path of an input that is files.
     *
     * @param value a folder or an archive
     * @return fully qualified
     * @throws InvalidRequestException if it is neither
     */
    private static Path path(Configuration conf, String option, String value) {
        Path path = value != null && ArchiveName.isRead(value) && isFile(conf, option, value)
                ? PathOption.qualified(conf, option, value) : PathOption.folder(conf, option, value);
        NameEncoding.require(option, path);
        return path;
    }

    private static boolean isFile(Configuration conf, String option, String value) {
        Path path = PathOption.qualified(conf, option, value);
        try {
            FileSystem fs = path.getFileSystem(conf);
            return fs.exists(path) && fs.getFileStatus(path).isFile();
        } catch (IOException e) {
            return false; // as a folder it is named with what is wrong
        }
    }

    /**
     * Makes sure that what a job writes is not in what is read.
     *
     * @param spark the session
     * @param input as {@code --input}; not used if there is a table
     * @param table the table; {@link TableOptions#NONE} if there is none
     * @param output fully qualified
     * @param what the message calls it
     * @throws InvalidRequestException if it is, or the input is none
     * @throws IOException if a file system does not answer
     */
    public static void requireOutside(SparkSession spark, String input, TableOptions table, Path output, String what) throws IOException {
        if (table.table() != null) {
            new InputTable(spark, table).requireOutside(output, what);
        } else {
            requireOutside(spark.sparkContext().hadoopConfiguration(), "--input", input, output, what);
        }
    }

    /**
     * Makes sure that what a job writes is not among the images of an input that is files.
     *
     * @param conf finds the file system
     * @param option what the message calls the input
     * @param input a folder or an archive
     * @param output fully qualified
     * @param what the message calls the output
     * @throws InvalidRequestException if it is, or the input is neither
     */
    public static void requireOutside(Configuration conf, String option, String input, Path output, String what) {
        InputFolder.requireOutside(path(conf, option, input), output, what);
    }

    /**
     * Finds the images.
     *
     * @param input the folder or archive; not used if there is a table
     * @param table the table; {@link TableOptions#NONE} if there is none
     * @param hadoop the Hadoop configuration, for tasks
     * @param output of the job, fully qualified; rows of a table are copied beside it
     * @param out where lines go on what was found
     * @throws InvalidRequestException if the input cannot become a dataset
     * @throws IOException if a file system does not answer
     */
    public static Sources find(SparkSession spark, String input, TableOptions table, Path output,
            Broadcast<SerializableConfiguration> hadoop, PrintStream out) throws IOException {
        Sources sources = table.table() == null ? files(spark, input, hadoop, out) : rows(spark, table, output, hadoop, out);
        try (SourceReader reader = new SourceReader(hadoop.value().value(), sources.root, () -> { })) {
            for (Listing folder : sources.folders) {
                folder.requireImages(reader, sources.copies == null ? "--input is " + sources.root
                        : "--input-table is " + table.table());
            }
            out.println("prep found " + sources.folders.stream().filter(folder -> !folder.isEmpty()).map(Listing::summary)
                    .collect(Collectors.joining(", ")) + (sources.copies == null ? " files" : " rows"));
            return sources;
        } catch (IOException | RuntimeException e) {
            sources.close();
            throw e;
        }
    }

    private static Sources files(SparkSession spark, String input, Broadcast<SerializableConfiguration> hadoop, PrintStream out)
            throws IOException {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Path path = path(hadoop.value().value(), "--input", input);
        FileSystem fs = path.getFileSystem(hadoop.value().value());
        List<Listing> folders;
        Set<String> others;
        if (fs.exists(path) && fs.getFileStatus(path).isFile()) {
            FileStatus status = fs.getFileStatus(path);
            InputFile file = new InputFile("", status.getLen(), status.getModificationTime());
            Map<String, FolderContents> contents = Archives.list(List.of(file), path, context, hadoop, out);
            InputArchive archive = new InputArchive(path.toString(), contents.get(""));
            folders = archive.list();
            others = archive.others();
        } else {
            InputFolder folder = new InputFolder(fs, path);
            folder.requireExists();
            folders = folder.list(archives -> Archives.list(archives, path, context, hadoop, out));
            others = folder.others();
        }
        if (!others.isEmpty()) {
            out.println("prep leaves alone what is not trainA, trainB, testA or testB: "
                    + others.stream().limit(OTHERS_TO_NAME).collect(Collectors.joining(", "))
                    + (others.size() > OTHERS_TO_NAME ? " and " + (others.size() - OTHERS_TO_NAME) + " more" : ""));
        }
        return new Sources(path, folders, null);
    }

    private static Sources rows(SparkSession spark, TableOptions options, Path output, Broadcast<SerializableConfiguration> hadoop,
            PrintStream out) throws IOException {
        InputTable table = new InputTable(spark, options);
        RowFolder copies = RowFolder.begin(output.getFileSystem(hadoop.value().value()), output);
        try {
            return new Sources(copies.path(), table.copy(copies, hadoop, out), copies);
        } catch (RuntimeException e) {
            copies.close();
            throw e;
        }
    }

    /** What the files' places are relative to, fully qualified. */
    public Path root() {
        return root;
    }

    /** What each folder holds, ordered by domain and split, those that hold nothing too. */
    public List<Listing> folders() {
        return new ArrayList<>(folders);
    }

    /** Removes copies. */
    @Override
    public void close() {
        if (copies != null) {
            copies.close();
        }
    }
}
