package io.ugatit.dataset;

import io.ugatit.image.ImageHeader;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.api.Binary;

/**
 * Writes one Parquet shard: zstd, no dictionaries, row groups of a fixed number of rows, page checksums. The bytes depend on the rows
 * only; site settings for Parquet are not read. Holds one compressed row group in memory. Not thread-safe.
 */
public final class ShardWriter implements Closeable {
    /** Small enough for a page of one image at usual sizes: what is decompressed is still in the processor's cache when it is copied. */
    private static final int PAGE_BYTES = 1 << 17;

    private static final ParquetProperties PROPERTIES = ParquetProperties.builder()
            .withDictionaryEncoding(false)
            .withPageSize(PAGE_BYTES)
            .withMinRowCountForPageSizeCheck(1)
            .withMaxRowCountForPageSizeCheck(1)
            .build();

    private final Path file;
    private final String name;
    private final int side;
    private final Store store;
    private final ShardOutput output;
    private final ParquetFileWriter parquet;

    private ColumnChunkPageWriteStore pages;
    private ColumnWriteStore columns;
    private int groupRows;
    private long rows;
    private boolean finished;

    /**
     * How many images a full row group has, which is read as a whole.
     *
     * @param side side in pixels of the images
     */
    public static int rowGroupRows(int side) {
        return ShardFormat.rowGroupRows(side);
    }

    /**
     * Creates the file; one that is there is overwritten.
     *
     * @param fs the file system
     * @param file what to write, in a folder that is there
     * @param name what the shard is called in the dataset, where the file goes when it is whole
     * @param side side in pixels of every image, from 1 to {@link DatasetManifest#MAX_SIDE}
     * @param store how pixels are stored
     * @throws IOException if the file cannot be created
     */
    public ShardWriter(FileSystem fs, Path file, String name, int side, Store store) throws IOException {
        if (side < 1 || side > DatasetManifest.MAX_SIDE) {
            throw new IllegalArgumentException("side is " + side + ": must be from 1 to " + DatasetManifest.MAX_SIDE);
        }
        this.file = file;
        this.name = name;
        this.side = side;
        this.store = store;
        this.output = new ShardOutput(fs, file);
        this.parquet = new ParquetFileWriter(
                output,
                ShardFormat.SCHEMA,
                ParquetFileWriter.Mode.OVERWRITE,
                fs.getDefaultBlockSize(file),
                0,
                PROPERTIES.getColumnIndexTruncateLength(),
                PROPERTIES.getStatisticsTruncateLength(),
                PROPERTIES.getPageWriteChecksumEnabled());
        parquet.start();
        startGroup();
    }

    /**
     * Appends an image. The caller writes images in the order of their sources.
     *
     * @param image an image of the shard's side
     * @param sourceSha256 hash of the image's source file
     * @param header of the source file
     * @throws IOException if the file cannot be written
     */
    public void write(DatasetImage image, String sourceSha256, ImageHeader header) throws IOException {
        if (image.height() != side || image.width() != side) {
            throw new IllegalArgumentException(
                    image.source() + " is " + image.width() + " x " + image.height() + ", the shard's side is " + side);
        }
        ImageFacts facts = ImageFacts.of(header, image.pixels());
        text(ShardFormat.SOURCE, image.source());
        text(ShardFormat.SHA256, sourceSha256);
        column(ShardFormat.HEIGHT).write(image.height(), 0, 0);
        column(ShardFormat.WIDTH).write(image.width(), 0, 0);
        text(ShardFormat.SOURCE_FORMAT, facts.format());
        text(ShardFormat.SOURCE_MODE, facts.mode());
        column(ShardFormat.SOURCE_WIDTH).write(facts.sourceWidth(), 0, 0);
        column(ShardFormat.SOURCE_HEIGHT).write(facts.sourceHeight(), 0, 0);
        column(ShardFormat.RED).write(facts.red(), 0, 0);
        column(ShardFormat.GREEN).write(facts.green(), 0, 0);
        column(ShardFormat.BLUE).write(facts.blue(), 0, 0);
        column(ShardFormat.CONTRAST).write(facts.contrast(), 0, 0);
        column(ShardFormat.PIXELS).write(Binary.fromConstantByteArray(store.encode(image)), 0, 0);
        columns.endRecord();
        groupRows++;
        rows++;
        if (groupRows == ShardFormat.rowGroupRows(side)) {
            flushGroup();
            startGroup();
        }
    }

    /**
     * Writes the footer and closes the file.
     *
     * @return the shard's facts, with the hash of the bytes as they were written
     * @throws IOException if the file cannot be written
     * @throws IllegalStateException if no image was written
     */
    public Shard finish() throws IOException {
        if (rows == 0) {
            throw new IllegalStateException(file + " would have no images");
        }
        if (groupRows > 0) {
            flushGroup();
        }
        output.holdEnd();
        parquet.end(Map.of());
        String sha256 = output.finish();
        finished = true;
        return new Shard(name, rows, output.length(), sha256);
    }

    /** Releases what is held; without {@link #finish} the file is left incomplete. */
    @Override
    public void close() throws IOException {
        if (!finished) {
            output.close();
        }
    }

    private void text(String column, String value) {
        column(column).write(Binary.fromString(value), 0, 0);
    }

    private ColumnWriter column(String name) {
        return columns.getColumnWriter(ShardFormat.column(name));
    }

    private void startGroup() {
        pages = new ColumnChunkPageWriteStore(
                ZstdPages.compressor(),
                ShardFormat.SCHEMA,
                new HeapByteBufferAllocator(),
                PROPERTIES.getColumnIndexTruncateLength(),
                PROPERTIES.getPageWriteChecksumEnabled());
        columns = PROPERTIES.newColumnWriteStore(ShardFormat.SCHEMA, pages);
        groupRows = 0;
    }

    private void flushGroup() throws IOException {
        columns.flush();
        parquet.startBlock(groupRows);
        pages.flushToFileWriter(parquet);
        parquet.endBlock();
        columns.close();
    }
}
