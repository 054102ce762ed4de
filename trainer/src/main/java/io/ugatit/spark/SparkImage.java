package io.ugatit.spark;

import io.ugatit.image.ImageFormatException;
import io.ugatit.image.OpenCvPixels;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What a column of images can be: the bytes of a file, as the source {@code binaryFile} gives them, or pixels in Spark's image schema. */
final class SparkImage {
    private static final StructType SCHEMA = ImageSchema.columnSchema();
    /** OpenCV's numbers for 8 bits a channel are these apart: CV_8UC1 is 0, CV_8UC3 16, CV_8UC4 24. */
    private static final int MODES_A_CHANNEL = 8;

    private SparkImage() { }

    /** Whether a column of this type holds images; whether something may be null does not matter. */
    static boolean isTypeOf(DataType type) {
        return type.equals(DataTypes.BinaryType) || type instanceof StructType struct && isSchema(struct);
    }

    private static boolean isSchema(StructType struct) {
        StructField[] fields = struct.fields();
        StructField[] expected = SCHEMA.fields();
        boolean same = fields.length == expected.length;
        for (int i = 0; same && i < fields.length; i++) {
            same = fields[i].name().equals(expected[i].name()) && fields[i].dataType().equals(expected[i].dataType());
        }
        return same;
    }

    /**
     * The pixels of an image in Spark's schema. The bytes are not copied.
     *
     * @throws ImageFormatException if Spark could not decode the image, or the row holds none of 8 bits a channel
     */
    static OpenCvPixels pixels(Row image) throws ImageFormatException {
        for (StructField field : SCHEMA.fields()) {
            if (!field.name().equals("origin") && image.isNullAt(SCHEMA.fieldIndex(field.name()))) {
                throw new ImageFormatException("the image's " + field.name() + " is null");
            }
        }
        int mode = ImageSchema.getMode(image);
        int channels = ImageSchema.getNChannels(image);
        if (mode < 0) {
            throw new ImageFormatException("Spark could not decode it: its mode is " + ImageSchema.undefinedImageType());
        }
        if (mode != MODES_A_CHANNEL * (channels - 1)) {
            throw new ImageFormatException("mode " + mode + " with " + channels
                    + " channels: must be CV_8UC1 (0), CV_8UC3 (16) or CV_8UC4 (24) with 1, 3 or 4");
        }
        return new OpenCvPixels(ImageSchema.getWidth(image), ImageSchema.getHeight(image), channels, ImageSchema.getData(image));
    }
}
