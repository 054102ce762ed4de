package io.ugatit.dataset;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileWriter;

/**
 * Puts a Parquet footer in an order of its own. Parquet lists the encodings of a column as a hash set of enum constants iterates, and
 * constants hash differently in every JVM: without this, executors would write different bytes for the same images.
 */
final class ShardFooter {
    /** The footer's length and the magic number, at the end of every Parquet file. */
    private static final int TRAILER_BYTES = Integer.BYTES + ParquetFileWriter.MAGIC.length;

    private ShardFooter() {}

    /**
     * Sorts every column's encodings.
     *
     * @param end the last bytes of a Parquet file, at least its whole footer
     * @return the same end of the file with the footer in order; what is before the footer is as it was
     * @throws IOException if the footer is not one of Parquet's
     */
    static byte[] inOrder(byte[] end) throws IOException {
        int length = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getInt(end.length - TRAILER_BYTES);
        int start = end.length - TRAILER_BYTES - length;
        FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(end, start, length));
        for (RowGroup group : footer.getRow_groups()) {
            for (ColumnChunk column : group.getColumns()) {
                Collections.sort(column.getMeta_data().getEncodings());
            }
        }
        ByteArrayOutputStream ordered = new ByteArrayOutputStream(end.length);
        ordered.write(end, 0, start);
        Util.writeFileMetaData(footer, ordered);
        BytesUtils.writeIntLittleEndian(ordered, ordered.size() - start);
        ordered.write(ParquetFileWriter.MAGIC);
        return ordered.toByteArray();
    }
}
