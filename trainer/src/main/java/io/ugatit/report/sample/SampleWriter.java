package io.ugatit.report.sample;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.publish.Publishing;
import io.ugatit.translate.Direction;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Stores the samples of one step in a run, as {@link SampleIndex} describes. */
public final class SampleWriter {
    private SampleWriter() {}

    /**
     * Writes both sheets and their index, each file whole or not at all and the index last. A step written before is replaced.
     *
     * @param run the run; {@code samples/} is created inside it
     * @param step the step after which the samples were drawn, 0 or more
     * @param a2b at least one row; all images of both lists have one size
     * @param b2a at least one row
     * @return what was written
     * @throws IllegalArgumentException if a list is empty or the sizes differ
     * @throws IOException if the file system fails; an earlier set of the same step may then be replaced in part
     */
    public static SampleIndex write(RunDirectory run, long step, List<SampleRow> a2b, List<SampleRow> b2a)
            throws IOException {
        SheetLayout layout = SampleSheet.layout(a2b);
        SheetLayout other = SampleSheet.layout(b2a);
        if (layout.tileWidth() != other.tileWidth() || layout.tileHeight() != other.tileHeight()) {
            throw new IllegalArgumentException("The samples of both directions must have one size");
        }
        SampleIndex index = new SampleIndex(
                step,
                Map.of(Direction.A2B.word(), names(a2b), Direction.B2A.word(), names(b2a)),
                SampleIndex.COLUMNS, layout.tileWidth(), layout.tileHeight());
        byte[] sheetA2b = png(SampleSheet.compose(a2b));
        byte[] sheetB2a = png(SampleSheet.compose(b2a));
        Publishing.write(run.configuration(), SampleIndex.sheetFile(run, step, Direction.A2B), sheetA2b);
        Publishing.write(run.configuration(), SampleIndex.sheetFile(run, step, Direction.B2A), sheetB2a);
        Publishing.write(run.configuration(), SampleIndex.file(run, step), index.toJson());
        return index;
    }

    private static byte[] png(BufferedImage sheet) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // a memory stream: ImageIO's default writes a temporary file
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(sheet, "png", out)) {
                throw new IOException("this Java has no PNG writer");
            }
        }
        return bytes.toByteArray();
    }

    private static List<String> names(List<SampleRow> rows) {
        return rows.stream().map(SampleRow::name).toList();
    }
}
