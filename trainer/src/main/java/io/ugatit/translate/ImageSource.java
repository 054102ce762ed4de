package io.ugatit.translate;

import io.ugatit.input.FolderContents;
import io.ugatit.translate.output.Folder;
import io.ugatit.translate.output.OutputFolder;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** Where images come from. */
interface ImageSource extends AutoCloseable {
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
     * Lists the images.
     *
     * @param target where translations go, which has been looked at
     * @throws io.ugatit.job.InvalidRequestException if there are none or they may not be listed
     * @throws IOException if a file system does not answer
     */
    Found find(Folder output, OutputFolder target) throws IOException;

    /** Deletes what was written to read the images. */
    @Override
    void close() throws IOException;
}
