package io.ugatit.translate;

import io.ugatit.checkpoint.Publishing;
import io.ugatit.image.ImageFormat;
import io.ugatit.input.FolderContents;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.prep.source.ImageFolder;
import io.ugatit.translate.output.Folder;
import io.ugatit.translate.output.OutputFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Images in a folder with archives among them, or in an archive.
 *
 * @param path fully qualified
 * @param hadoop the Hadoop configuration, for tasks
 * @param out where progress lines go
 */
record FilesSource(Path path, JavaSparkContext spark, Broadcast<SerializableConfiguration> hadoop, PrintStream out) implements ImageSource {
    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public void requireOutside(Folder output, String option) {
        Folder input = new Folder(output.configuration(), path);
        if (input.isInside(output) || output.isInside(input)) {
            throw new InvalidRequestException(option + " is " + output.path() + ": must be outside --input " + path + " and not around it");
        }
    }

    @Override
    public Found find(Folder output, OutputFolder target) throws IOException {
        FileSystem fileSystem = Publishing.fileSystem(hadoop.value().value(), path);
        if (!fileSystem.exists(path)) {
            throw new InvalidRequestException("--input is " + path + ": there is no such folder");
        }
        FolderContents images;
        try {
            images = ImageFolder.list(fileSystem, path, spark, hadoop, out);
        } catch (AccessDeniedException e) {
            throw new InvalidRequestException("--input is " + path + ": no permission to list it", e);
        }
        if (images.files().isEmpty()) {
            throw new InvalidRequestException("--input is " + path + ": holds no images (" + ImageFormat.names() + ")"
                    + (images.leftOut().isEmpty() ? "" : "; left out are " + images.examples()));
        }
        return new Found(path, images);
    }

    @Override
    public void close() {
        // nothing was written
    }
}
