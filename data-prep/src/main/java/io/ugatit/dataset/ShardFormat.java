package io.ugatit.dataset;

import java.util.List;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** The Parquet schemas of a shard, and how its rows are grouped. */
final class ShardFormat {
    /** Path relative to the folder of the domain and split, UTF-8. */
    static final String SOURCE = "source";
    /** Hash of the source file, 64 hexadecimal digits. */
    static final String SHA256 = "sha256";
    /** Rows of pixels. */
    static final String HEIGHT = "height";
    /** Columns of pixels. */
    static final String WIDTH = "width";
    /** Format of the source file, as people write it: {@code JPEG}. */
    static final String SOURCE_FORMAT = "source_format";
    /** Kind of the source's pixels, as Pillow calls it: {@code RGB}. */
    static final String SOURCE_MODE = "source_mode";
    /** Columns of the upright source. */
    static final String SOURCE_WIDTH = "source_width";
    /** Rows of the upright source. */
    static final String SOURCE_HEIGHT = "source_height";
    /** Mean of the stored image's reds, 0 to 255. */
    static final String RED = "red";
    /** Mean of its greens. */
    static final String GREEN = "green";
    /** Mean of its blues. */
    static final String BLUE = "blue";
    /** Standard deviation of its luma. */
    static final String CONTRAST = "contrast";
    /** As {@link Store} says: height * width * 3 unsigned bytes, interleaved R G B, or an image file. The largest column is the last. */
    static final String PIXELS = "pixels";

    /** What this program writes, the second format. */
    static final MessageType SCHEMA = schema(text(SOURCE), text(SHA256), number(HEIGHT), number(WIDTH), text(SOURCE_FORMAT),
            text(SOURCE_MODE), number(SOURCE_WIDTH), number(SOURCE_HEIGHT), real(RED), real(GREEN), real(BLUE), real(CONTRAST), pixels());

    /** What programs before it wrote, raw pixels always. */
    static final MessageType FIRST_SCHEMA = schema(text(SOURCE), text(SHA256), number(HEIGHT), number(WIDTH), pixels());

    /** What readers of images need of either. */
    static final MessageType READ_SCHEMA = schema(text(SOURCE), number(HEIGHT), number(WIDTH), pixels());

    /** What {@link ImageFacts} are read of. */
    static final MessageType FACTS_SCHEMA = schema(text(SOURCE_FORMAT), text(SOURCE_MODE), number(SOURCE_WIDTH), number(SOURCE_HEIGHT),
            real(RED), real(GREEN), real(BLUE), real(CONTRAST));

    /** The files' paths alone. */
    static final MessageType SOURCES_SCHEMA = schema(text(SOURCE));

    /** Columns whose values may be as long as a path. */
    static final Set<String> TEXTS = Set.of(SOURCE, SHA256, SOURCE_FORMAT, SOURCE_MODE);

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

    private static MessageType schema(PrimitiveType... columns) {
        return new MessageType("image", List.of(columns));
    }

    private static PrimitiveType text(String name) {
        return Types.required(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType()).named(name);
    }

    private static PrimitiveType number(String name) {
        return Types.required(PrimitiveTypeName.INT32).named(name);
    }

    private static PrimitiveType real(String name) {
        return Types.required(PrimitiveTypeName.FLOAT).named(name);
    }

    private static PrimitiveType pixels() {
        return Types.required(PrimitiveTypeName.BINARY).named(PIXELS);
    }
}
