package io.ugatit.translate.source;

import io.ugatit.input.FolderContents;
import io.ugatit.input.InputFile;
import io.ugatit.translate.output.Folder;
import io.ugatit.translate.output.PresentTranslations;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/** Where images come from. */
public interface ImageSource extends AutoCloseable {
    /**
     * What there is.
     *
     * @param root what images' places are relative to, fully qualified
     * @param contents the images, and what is left out
     */
    record Found(Path root, FolderContents contents) { }

    /** What it is called, in records and messages. */
    String name();

    /**
     * Refuses an output that is within the images, or around them.
     *
     * @param option what names the output
     * @throws io.ugatit.job.InvalidRequestException if it is
     */
    void requireOutside(Folder output, String option);

    /**
     * Lists the images so that they can be read.
     *
     * @param targets what is there where translations go; images that all of them have translations of may be listed without a place, see
     *     {@link #bring}
     * @param all whether every image must have a place
     * @throws io.ugatit.job.InvalidRequestException if there are none or they may not be listed
     * @throws IOException if a file system does not answer
     */
    Found find(List<PresentTranslations> targets, boolean all) throws IOException;

    /**
     * Gives images a place that have none but are to be read after all.
     *
     * @param needed as {@link #find} has listed them
     * @return those that had no place, by their paths
     * @throws IOException if a file system does not answer
     */
    Map<String, InputFile> bring(List<InputFile> needed) throws IOException;

    /**
     * Lists the images without writing anything; they may not be readable where they lie.
     *
     * @param target what is there where translations go
     * @throws io.ugatit.job.InvalidRequestException as {@link #find}
     * @throws IOException if a file system does not answer
     */
    Found look(PresentTranslations target) throws IOException;

    /**
     * A few images to try the network on: rows with an image's bytes and its name.
     *
     * @param count how many at most
     * @param tasks how many are to read them
     * @return empty if images can be read where {@link #look} has found them
     */
    Optional<JavaRDD<Row>> few(int count, int tasks);

    /** Deletes what was written to read the images. */
    @Override
    void close() throws IOException;
}
