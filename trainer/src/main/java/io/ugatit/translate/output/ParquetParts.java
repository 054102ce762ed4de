package io.ugatit.translate.output;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * Parquet files with a row for each image: {@code path}; {@code translation} and, if they are wanted, {@code heatmap}, bytes of image files;
 * {@code error}, why there is no translation. Not compressed: image files are. The bytes depend on the rows only; site settings for Parquet
 * are not read. A file holds one row group in memory.
 *
 * @param heatmaps whether there is a column of them
 */
record ParquetParts(boolean heatmaps) implements PartFormat {
    /** A few images at usual sizes; a single larger one is a row group by itself. */
    private static final int ROW_GROUP_BYTES = 16 << 20;

    @Override
    public Part begin(OutputStream out) throws IOException {
        return beginRows(out);
    }

    /**
     * Begins a file of images that have no translation.
     *
     * @throws IOException if it cannot be written
     */
    Rows beginRows(OutputStream out) throws IOException {
        return new Rows(out, schema());
    }

    private MessageType schema() {
        Types.GroupBuilder<MessageType> schema = Types.buildMessage()
                .required(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType()).named("path")
                .optional(PrimitiveTypeName.BINARY).named("translation");
        if (heatmaps) {
            schema = schema.optional(PrimitiveTypeName.BINARY).named("heatmap");
        }
        return schema.optional(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType()).named("error").named("translation");
    }

    /** A file that is being written. */
    static final class Rows implements Part {
        private final MessageType schema;
        private final ParquetWriter<Group> parquet;

        Rows(OutputStream out, MessageType schema) throws IOException {
            this.schema = schema;
            this.parquet = ExampleParquetWriter.builder(new Stream(out)).withConf(new Configuration(false)).withType(schema)
                    .withCompressionCodec(CompressionCodecName.UNCOMPRESSED).withDictionaryEncoding(false)
                    .withRowGroupSize((long) ROW_GROUP_BYTES)
                    // rows are large: what is held is looked at after each
                    .withMinRowCountForPageSizeCheck(1).withMaxRowCountForPageSizeCheck(1)
                    .withPageWriteChecksumEnabled(true).build();
        }

        @Override
        public void add(MadeTranslation made) throws IOException {
            Group row = new SimpleGroup(schema).append("path", made.planned().image().path())
                    .append("translation", Binary.fromConstantByteArray(made.encoded().image()));
            made.encoded().heatmap().ifPresent(heatmap -> row.append("heatmap", Binary.fromConstantByteArray(heatmap)));
            parquet.write(row);
        }

        /** Appends an image that has no translation. */
        void addError(String path, String error) throws IOException {
            parquet.write(new SimpleGroup(schema).append("path", path).append("error", error));
        }

        @Override
        public long length() {
            return parquet.getDataSize();
        }

        @Override
        public void finish() throws IOException {
            parquet.close();
        }
    }

    /** A stream that somebody else closes. */
    private record Stream(OutputStream out) implements OutputFile {
        @Override
        public PositionOutputStream create(long blockSize) {
            return new PositionOutputStream() {
                private long position;

                @Override
                public long getPos() {
                    return position;
                }

                @Override
                public void write(int value) throws IOException {
                    out.write(value);
                    position++;
                }

                @Override
                public void write(byte[] bytes, int from, int count) throws IOException {
                    out.write(bytes, from, count);
                    position += count;
                }

                @Override
                public void flush() throws IOException {
                    out.flush();
                }

                @Override
                public void close() throws IOException {
                    out.flush();
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSize) {
            return create(blockSize);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
