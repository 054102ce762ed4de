package io.ugatit.prep.source;

import io.ugatit.input.ArchiveName;
import io.ugatit.input.FolderContents;
import io.ugatit.input.InputFile;
import io.ugatit.input.LeftOut;
import io.ugatit.input.SourceReader;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.PathOption;
import io.ugatit.job.Untrusted;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Where the images are: in a folder of folders and archives, in an archive, or in a table. */
public final class Sources {
    private static final int OTHERS_TO_NAME = 5;

    private final JavaSparkContext spark;
    private final Path path;
    private final InputTable table;

    private Sources(SparkSession spark, Path path, InputTable table) {
        this.spark = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.path = path;
        this.table = table;
    }

    /**
     * What was found.
     *
     * @param root what the files' places are relative to, fully qualified
     * @param folders what each folder holds, ordered by domain and split, those that hold nothing too
     * @param isTable whether these are a table's rows
     */
    public record Found(Path root, List<Listing> folders, boolean isTable) {

        /**
         * The names of files and folders that are there but could not be looked into, or not to the end: files that are missing in them may
         * be there. Of a table all rows are looked at.
         */
        public Set<String> unseen() {
            Set<String> unseen = new HashSet<>();
            if (isTable) {
                return unseen;
            }
            for (Listing listing : folders) {
                String name = SourceFile.folder(listing.domain(), listing.split());
                for (LeftOut file : listing.leftOut()) {
                    if (file.kind() == LeftOut.Kind.REJECTED) {
                        unseen.add(ArchiveName.standsFor(file.source(), name) ? name : file.source());
                        if (file.source().equals(root.toString())) { // an archive that is the input
                            folders.forEach(folder -> unseen.add(SourceFile.folder(folder.domain(), folder.split())));
                        }
                    }
                }
            }
            return unseen;
        }
    }

    /** Tells of which files a data set has the images. */
    @FunctionalInterface
    public interface Known {
        /** @throws IOException if a file system does not answer */
        Stream<SourceFile> files() throws IOException;
    }

    /**
     * Looks whether there is such an input; of a table, at its columns.
     *
     * @param spark the session
     * @param input a folder or an archive; not used if there is a table
     * @param table the table; {@link TableOptions#NONE} if there is none
     * @throws InvalidRequestException if it cannot be read
     * @throws IOException if a file system does not answer
     */
    public static Sources of(SparkSession spark, String input, TableOptions table) throws IOException {
        return table.table() == null ? new Sources(spark, path(spark.sparkContext().hadoopConfiguration(), "--input", input), null)
                : new Sources(spark, null, new InputTable(spark, table.images(), table.domain(), table.split()));
    }

    /**
     * The path of an input that is files.
     *
     * @param value a folder or an archive
     * @return fully qualified
     * @throws InvalidRequestException if it is neither
     */
    static Path path(Configuration conf, String option, String value) {
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
     * @param output fully qualified
     * @param what the message calls it
     * @throws InvalidRequestException if it is
     */
    public void requireOutside(Path output, String what) {
        if (table != null) {
            table.requireOutside(output, what);
        } else {
            InputFolder.requireOutside(path, output, what);
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
     * Finds the images. Those of a table's rows are copied, but for those that the data set has.
     *
     * @param hadoop the Hadoop configuration, for tasks
     * @param copies a folder to make for copies, fully qualified; it is there afterwards if there is a table
     * @param known files whose images the data set has; not asked for unless there is a table
     * @param out where lines go on what was found
     * @throws InvalidRequestException if the input cannot become a dataset
     * @throws IOException if a file system does not answer
     */
    public Found find(Broadcast<SerializableConfiguration> hadoop, Path copies, Known known, PrintStream out)
            throws IOException {
        Found found = table == null ? new Found(path, files(hadoop, out), false)
                : new Found(copies, table.list(copies, new KnownRows(known.files()), hadoop, out), true);
        try (SourceReader reader = new SourceReader(hadoop.value().value(), found.root(), () -> { })) {
            for (Listing folder : found.folders()) {
                folder.requireImages(reader, table == null ? "--input is " + path : table.toString());
            }
        }
        out.println("prep found " + found.folders().stream().filter(folder -> !folder.isEmpty()).map(Listing::summary)
                .collect(Collectors.joining(", ")) + (table == null ? " files" : " rows"));
        return found;
    }

    private List<Listing> files(Broadcast<SerializableConfiguration> hadoop, PrintStream out) throws IOException {
        FileSystem fs = path.getFileSystem(hadoop.value().value());
        List<Listing> folders;
        Set<String> others;
        if (fs.exists(path) && fs.getFileStatus(path).isFile()) {
            FileStatus status = fs.getFileStatus(path);
            InputFile file = new InputFile("", status.getLen(), status.getModificationTime());
            Map<String, FolderContents> contents = Archives.list(List.of(file), path, spark, hadoop, out);
            InputArchive archive = new InputArchive(path.toString(), contents.get(""));
            folders = archive.list();
            others = archive.others();
        } else {
            InputFolder folder = new InputFolder(fs, path);
            folder.requireExists();
            folders = folder.list(archives -> Archives.list(archives, path, spark, hadoop, out));
            others = folder.others();
        }
        if (!others.isEmpty()) {
            out.println("prep leaves alone what is not trainA, trainB, testA or testB: "
                    + others.stream().limit(OTHERS_TO_NAME).map(Untrusted::printable).collect(Collectors.joining(", "))
                    + (others.size() > OTHERS_TO_NAME ? " and " + (others.size() - OTHERS_TO_NAME) + " more" : ""));
        }
        return folders;
    }
}
