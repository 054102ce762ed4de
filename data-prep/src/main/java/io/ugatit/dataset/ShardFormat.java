package io.ugatit.dataset;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** The Parquet schema of a shard, and how its rows are grouped. */
final class ShardFormat {
    /** Path relative to the folder of the domain and split, UTF-8. */
    static final String SOURCE = "source";
    /** Hash of the source file, 64 hexadecimal digits. */
    static final String SHA256 = "sha256";
    /** Rows of pixels. */
    static final String HEIGHT = "height";
    /** Columns of pixels. */
    static final String WIDTH = "width";
    /** height * width * 3 unsigned bytes, interleaved R G B. */
    static final String PIXELS = "pixels";

    static final MessageType SCHEMA = Types.buildMessage()
            .required(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType()).named(SOURCE)
            .required(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType()).named(SHA256)
            .required(PrimitiveTypeName.INT32).named(HEIGHT)
            .required(PrimitiveTypeName.INT32).named(WIDTH)
            .required(PrimitiveTypeName.BINARY).named(PIXELS)
            .named("image");

    /** What readers of images need: all but the hash. */
    static final MessageType READ_SCHEMA = new MessageType(
            SCHEMA.getName(), SCHEMA.getFields().stream().filter(field -> !field.getName().equals(SHA256)).toList());

    /** Row groups are read whole; this many bytes of pixels keep both the memory and the seeks of random reading low. */
    private static final long ROW_GROUP_BYTES = 16L << 20;

    private ShardFormat() {}

    static ColumnDescriptor column(String name) {
        return SCHEMA.getColumnDescription(new String[] {name});
    }

    /**
     * How many images of a given side make a row group, part of the format: counted, not measured, so that groups are even however well
     * pixels compress and an image's row group follows from its index.
     */
    static int rowGroupRows(int side) {
        return (int) Math.max(1, ROW_GROUP_BYTES / pixelBytes(side));
    }

    static long pixelBytes(int side) {
        return 3L * side * side;
    }
}
