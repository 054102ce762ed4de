package io.ugatit.dataset;

import io.ugatit.image.ImageFormatException;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/** An open Parquet shard. What its footer says is checked against the manifest before memory is taken for it. Not thread-safe. */
final class ShardFile implements Closeable {
    /** A page header and a page's rows beside their values take far less than this a row. */
    private static final long ROW_OVERHEAD = 256;

    /** The longest path that file systems take, times the bytes of a character, and the same again to spare. */
    private static final long TEXT_BYTES = 1 << 15;

    private final ParquetFileReader parquet;
    private final int side;
    private final Store store;

    /**
     * Opens a shard and reads its footer.
     *
     * @param store how its pixels are stored
     * @throws IOException if it cannot be read, or is not the file that the manifest describes
     */
    ShardFile(Path file, Shard shard, int side, Store store, Configuration conf) throws IOException {
        HadoopInputFile input = HadoopInputFile.fromPath(file, conf);
        if (input.getLength() != shard.bytes()) {
            throw new IOException("it has " + input.getLength() + " bytes, the manifest says " + shard.bytes());
        }
        this.side = side;
        this.store = store;
        // of small images a full row group has hundreds of thousands, and most shards fewer
        long mostRows = Math.min(shard.rows(), ShardFormat.rowGroupRows(side));
        long mostBytes = mostRows * (Math.max(store.mostBytes(side), TEXT_BYTES) + ROW_OVERHEAD);
        this.parquet = ParquetFileReader.open(
                input, ParquetReadOptions.builder().usePageChecksumVerification(true).withCodecFactory(new ZstdPages(mostBytes)).build());
        try {
            checkFooter(shard);
            parquet.setRequestedSchema(ShardFormat.READ_SCHEMA);
        } catch (IOException | RuntimeException e) {
            parquet.close();
            throw e;
        }
    }

    /**
     * Reads and checks a whole row group.
     *
     * @throws IOException if it cannot be read or holds other things than images of the shard's side
     */
    DatasetImage[] read(int group) throws IOException {
        PageReadStore pages = parquet.readRowGroup(group);
        ColumnReadStoreImpl columns = new ColumnReadStoreImpl(
                pages, NoConversion.ROOT, ShardFormat.READ_SCHEMA, parquet.getFileMetaData().getCreatedBy());
        ColumnReader source = columns.getColumnReader(ShardFormat.column(ShardFormat.SOURCE));
        ColumnReader height = columns.getColumnReader(ShardFormat.column(ShardFormat.HEIGHT));
        ColumnReader width = columns.getColumnReader(ShardFormat.column(ShardFormat.WIDTH));
        ColumnReader pixels = columns.getColumnReader(ShardFormat.column(ShardFormat.PIXELS));
        DatasetImage[] images = new DatasetImage[Math.toIntExact(pages.getRowCount())];
        for (int i = 0; i < images.length; i++) {
            String name = source.getBinary().toStringUsingUTF8();
            if (height.getInteger() != side || width.getInteger() != side) {
                throw new IOException(name + " is not " + side + " x " + side + " pixels as the manifest says");
            }
            images[i] = new DatasetImage(name, side, side, decode(name, pixels.getBinary().getBytes()));
            for (ColumnReader column : List.of(source, height, width, pixels)) {
                column.consume();
            }
        }
        return images;
    }

    /**
     * Reads what the shard tells of its images, without their pixels; to be called before or after all reading of images.
     *
     * @param absent the rows to pass over, in ascending order
     * @param use what becomes of each, in the order of the images
     * @return whether the shard tells anything: those of the first format do not
     * @throws IOException if it cannot be read
     */
    boolean readFacts(List<Integer> absent, Consumer<ImageFacts> use) throws IOException {
        if (!ShardFormat.SCHEMA.equals(parquet.getFileMetaData().getSchema())) {
            return false;
        }
        readColumns(ShardFormat.FACTS_SCHEMA, absent, columns -> use.accept(new ImageFacts(
                columns.get(0).getBinary().toStringUsingUTF8(), columns.get(1).getBinary().toStringUsingUTF8(),
                columns.get(2).getInteger(), columns.get(3).getInteger(),
                columns.get(4).getFloat(), columns.get(5).getFloat(), columns.get(6).getFloat(), columns.get(7).getFloat())));
        return true;
    }

    /**
     * Reads the paths of the images' files alone; to be called before or after all reading of images.
     *
     * @param absent the rows to pass over, in ascending order
     * @param use what becomes of each, in the order of the images
     * @throws IOException if they cannot be read
     */
    void readSources(List<Integer> absent, Consumer<String> use) throws IOException {
        readColumns(ShardFormat.SOURCES_SCHEMA, absent, columns -> use.accept(columns.get(0).getBinary().toStringUsingUTF8()));
    }

    private void readColumns(MessageType schema, List<Integer> absent, Consumer<List<ColumnReader>> use) throws IOException {
        parquet.setRequestedSchema(schema);
        int row = 0;
        int skipped = 0;
        for (PageReadStore pages = parquet.readNextRowGroup(); pages != null; pages = parquet.readNextRowGroup()) {
            ColumnReadStoreImpl store = new ColumnReadStoreImpl(
                    pages, NoConversion.ROOT, schema, parquet.getFileMetaData().getCreatedBy());
            List<ColumnReader> columns = schema.getColumns().stream().map(store::getColumnReader).toList();
            for (long end = row + pages.getRowCount(); row < end; row++) {
                if (skipped < absent.size() && absent.get(skipped) == row) {
                    skipped++;
                    columns.forEach(ColumnReader::skip);
                } else {
                    use.accept(columns);
                }
                columns.forEach(ColumnReader::consume);
            }
        }
    }

    private byte[] decode(String name, byte[] stored) throws IOException {
        try {
            return store.decode(stored, side);
        } catch (ImageFormatException e) {
            throw new IOException(name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        parquet.close();
    }

    private void checkFooter(Shard shard) throws IOException {
        MessageType schema = parquet.getFileMetaData().getSchema();
        if (!ShardFormat.SCHEMA.equals(schema) && !(store == Store.RAW && ShardFormat.FIRST_SCHEMA.equals(schema))) {
            throw new IOException("its columns are not those of a shard");
        }
        List<BlockMetaData> groups = parquet.getRowGroups();
        long rowsLeft = shard.rows();
        for (BlockMetaData group : groups) {
            if (group.getRowCount() != Math.min(rowsLeft, ShardFormat.rowGroupRows(side))) {
                throw new IOException("a row group has " + group.getRowCount() + " rows");
            }
            for (ColumnChunkMetaData column : group.getColumns()) {
                checkColumn(column, group.getRowCount(), shard.bytes());
            }
            rowsLeft -= group.getRowCount();
        }
        if (rowsLeft != 0) {
            throw new IOException(rowsLeft + " of the " + shard.rows() + " rows in the manifest are missing");
        }
    }

    private void checkColumn(ColumnChunkMetaData column, long rows, long fileBytes) throws IOException {
        String name = column.getPath().toDotString();
        long value = name.equals(ShardFormat.PIXELS) ? store.mostBytes(side) : ShardFormat.TEXTS.contains(name) ? TEXT_BYTES : Long.BYTES;
        boolean inFile = column.getStartingPos() >= 0
                && column.getTotalSize() >= 0
                && column.getTotalSize() <= fileBytes - column.getStartingPos();
        if (!inFile || column.getValueCount() != rows || column.getTotalUncompressedSize() > rows * (value + ROW_OVERHEAD)) {
            throw new IOException("the sizes in the footer of column " + name + " are not possible");
        }
    }

    /** Parquet wants converters to push values into; here values are pulled. */
    private static final class NoConversion extends GroupConverter {
        static final NoConversion ROOT = new NoConversion();

        @Override
        public Converter getConverter(int field) {
            return new PrimitiveConverter() {};
        }

        @Override
        public void start() {
            // values are pulled
        }

        @Override
        public void end() {
            // values are pulled
        }
    }
}
