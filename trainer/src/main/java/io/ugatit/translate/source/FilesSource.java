package io.ugatit.translate.source;

import io.ugatit.image.ImageFormat;
import io.ugatit.input.FolderContents;
import io.ugatit.input.InputFile;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.prep.source.ImageFolder;
import io.ugatit.publish.Publishing;
import io.ugatit.translate.output.Folder;
import io.ugatit.translate.output.PresentTranslations;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/** Images in a folder with archives among them, or in an archive; listed once. */
public final class FilesSource implements ImageSource {
    private final String option;
    private final Path path;
    private final JavaSparkContext spark;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final PrintStream out;
    private Found found;

    /**
     * A folder or an archive.
     *
     * @param option what names it, such as {@code --input}
     * @param value what it is called by
     * @param hadoop the Hadoop configuration, for tasks
     * @param out where progress lines go
     * @throws InvalidRequestException if it is neither, or may not be looked at
     */
    public FilesSource(String option, String value, JavaSparkContext spark, Broadcast<SerializableConfiguration> hadoop, PrintStream out) {
        this.option = option;
        this.path = ImageFolder.path(hadoop.value().value(), option, value);
        this.spark = spark;
        this.hadoop = hadoop;
        this.out = out;
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public void requireOutside(Folder output, String outputOption) {
        Folder input = new Folder(output.configuration(), path);
        if (input.isInside(output) || output.isInside(input)) {
            throw new InvalidRequestException(outputOption + " is " + output.path() + ": must be outside " + option + " " + path
                    + " and not around it");
        }
    }

    @Override
    public Found find(List<PresentTranslations> targets, boolean all) throws IOException {
        return found();
    }

    @Override
    public Found look(PresentTranslations target) throws IOException {
        return found();
    }

    private Found found() throws IOException {
        if (found == null) {
            found = new Found(path, list());
        }
        return found;
    }

    private FolderContents list() throws IOException {
        Configuration configuration = hadoop.value().value();
        FileSystem fileSystem = Publishing.fileSystem(configuration, path);
        if (!fileSystem.exists(path)) {
            throw new InvalidRequestException(option + " is " + path + ": there is no such folder");
        }
        FolderContents images;
        try {
            images = ImageFolder.list(fileSystem, path, spark, hadoop, out);
        } catch (AccessDeniedException e) {
            throw new InvalidRequestException(option + " is " + path + ": no permission to list it", e);
        }
        if (images.files().isEmpty()) {
            throw new InvalidRequestException(option + " is " + path + ": holds no images (" + ImageFormat.names() + ")"
                    + (images.leftOut().isEmpty() ? "" : "; left out are " + images.examples()));
        }
        return images;
    }

    @Override
    public Map<String, InputFile> bring(List<InputFile> needed) {
        return Map.of(); // all have their place
    }

    @Override
    public Optional<JavaRDD<Row>> few(int count, int tasks) {
        return Optional.empty();
    }

    @Override
    public void close() {
        // nothing was written
    }
}
