package io.ugatit.prep.source;

import io.ugatit.input.ArchiveName;
import io.ugatit.input.FolderContents;
import io.ugatit.input.InputFile;
import io.ugatit.input.LeftOut;
import io.ugatit.input.PathOrder;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Images of no domain: in a folder of any nesting with archives among them, or in one archive. */
public final class ImageFolder {
    private ImageFolder() {}

    /**
     * The path of a folder or an archive.
     *
     * @param conf finds the file system
     * @param option as users write it, such as {@code --input}
     * @param value what they gave
     * @return fully qualified
     * @throws io.ugatit.job.InvalidRequestException if it is neither, or may not be looked at
     */
    public static Path path(Configuration conf, String option, String value) {
        return Sources.path(conf, option, value);
    }

    /**
     * Lists the images. What archives hold is found out on the cluster, a task for each.
     *
     * @param fs of the input
     * @param input a folder or an archive, as {@link #path} gives it
     * @param spark runs the tasks
     * @param hadoop the Hadoop configuration, for tasks
     * @param out where progress lines go
     * @return every regular file, ordered by path: of a member the archive's path and its own behind it, and in an archive that is
     *     the input its own alone
     * @throws java.nio.file.AccessDeniedException if this user may not list the folder
     * @throws IOException if the file system does not answer
     */
    public static FolderContents list(FileSystem fs, Path input, JavaSparkContext spark, Broadcast<SerializableConfiguration> hadoop,
            PrintStream out) throws IOException {
        FileStatus status = fs.getFileStatus(input);
        if (status.isFile()) {
            InputFile archive = new InputFile("", status.getLen(), status.getModificationTime());
            FolderContents contents = Archives.list(List.of(archive), input, spark, hadoop, out).get("");
            return new FolderContents(contents.files(), contents.leftOut().stream()
                    .map(file -> file.source().isEmpty() ? file.as(input.getName()) : file).toList());
        }
        FolderContents closed = FolderContents.of(fs, input, "");
        List<InputFile> archives = closed.files().stream().filter(file -> ArchiveName.isRead(file.path())).toList();
        Map<String, FolderContents> opened = Archives.list(archives, input, spark, hadoop, out);
        FolderContents open = Archives.open(closed, "", opened);
        return new FolderContents(
                open.files().stream().sorted(Comparator.comparing(InputFile::path, PathOrder.BY_CODE_POINT)).toList(),
                open.leftOut().stream().sorted(Comparator.comparing(LeftOut::source, PathOrder.BY_CODE_POINT)
                        .thenComparing(LeftOut::reason)).toList());
    }
}
