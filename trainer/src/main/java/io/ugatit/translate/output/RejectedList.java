package io.ugatit.translate.output;

import io.ugatit.input.LeftOut;
import io.ugatit.input.LeftOutList;
import io.ugatit.publish.Publishing;
import java.io.IOException;
import java.util.List;

/**
 * The list of files that did not become a translation; in a table also as rows. It needs a job that has begun, since what is there before is
 * of the one before.
 *
 * @param log of that job, in the folder that the list goes to
 * @param kind what translations are kept in
 * @param heatmaps whether a table has a column for them
 */
public record RejectedList(ProvenanceLog log, OutputKind kind, boolean heatmaps) {
    /** Where readers of Parquet do not see it. */
    private static final String HIDDEN_FILE = "_" + LeftOutList.FILE;

    /**
     * Publishes the list, in place of one that is there.
     *
     * @param leftOut what was left out
     * @throws IOException if the file system fails
     */
    public void publish(List<LeftOut> leftOut) throws IOException {
        Folder folder = log.output();
        Publishing.write(folder.configuration(), folder.file(kind == OutputKind.TABLE ? HIDDEN_FILE : LeftOutList.FILE),
                out -> LeftOutList.write(leftOut.stream(), out));
        List<LeftOut> images = leftOut.stream().filter(file -> file.kind() == LeftOut.Kind.REJECTED
                || file.kind() == LeftOut.Kind.NOT_AN_IMAGE).toList();
        if (kind == OutputKind.TABLE && !images.isEmpty()) {
            Publishing.write(folder.configuration(), folder.file(OutputKind.REJECTED_ROWS), out -> {
                ParquetParts.Rows rows = new ParquetParts(heatmaps).beginRows(out);
                for (LeftOut image : images) {
                    rows.addError(image.source(), image.reason());
                }
                rows.finish();
            });
        }
    }
}
