package io.ugatit.spark;

import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Program;
import io.ugatit.tensor.choice.KernelKind;
import io.ugatit.tensor.choice.KernelOptions;
import io.ugatit.tensor.cuda.Precision;
import io.ugatit.translate.Direction;
import io.ugatit.translate.GeneratorRequest;
import io.ugatit.translate.generator.GeneratorSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Translates a column of images: a stage of Spark ML. The column holds bytes of image files, as the source {@code binaryFile} gives them, or
 * Spark's image schema; its type decides. Appended are a column of translations, of heatmaps if {@link #heatmapCol} is set, and of errors:
 * one line where a row has no translation, else null. An image that is missing, damaged, too large or none at all never fails the job.
 * Translations have the network's size and are those of the job {@code translate}, byte for byte. All other columns stay.
 *
 * <p>{@link #transform} finds the model and fixes it: a run's newest whole or best checkpoint of that moment, for all tasks and for as long as the
 * result is used. Nothing is translated before the result is. An executor holds the generator's parameters once for all its tasks, and the
 * activations of one image for each slot. A saved pipeline holds the params only: the path of the run, not its parameters.
 */
public class ImageTranslator extends ImageTranslatorParams implements DefaultParamsWritable {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ImageTranslator.class);

    /** A translator of which nothing is set yet: it needs {@link #setDirection}, and {@link #setRun} or {@link #setWeights}. */
    public ImageTranslator() {
        this(Identifiable$.MODULE$.randomUID("imageTranslator"));
    }

    /** @param uid tells instances apart; by this constructor Spark ML makes copies, and those that it reads */
    public ImageTranslator(String uid) {
        super(uid);
    }

    /** Reads translators that were saved. */
    public static MLReader<ImageTranslator> read() {
        return new DefaultParamsReader<>();
    }

    /** Reads a translator that was saved. @param path a folder, on any Hadoop file system */
    public static ImageTranslator load(String path) {
        return read().load(path);
    }

    @Override
    public ImageTranslator copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /**
     * The columns that {@link #transform} gives for those of a schema.
     *
     * @throws IllegalArgumentException if there is no column of images, or one of those to be made is there; one line that names the param
     */
    @Override
    public StructType transformSchema(StructType schema) {
        inputIndex(schema);
        StructType result = schema;
        for (StructField made : made()) {
            for (String name : result.fieldNames()) {
                if (SQLConf.get().resolver().apply(name, made.name()).equals(true)) {
                    throw new InvalidRequestException("a column " + name + " is there already: set outputCol, heatmapCol and errorCol to names"
                            + " that are free, all different");
                }
            }
            result = result.add(made);
        }
        return result;
    }

    private List<StructField> made() {
        List<StructField> made = new ArrayList<>();
        made.add(column(outputCol(), DataTypes.BinaryType));
        if (isDefined(heatmapCol())) {
            made.add(column(heatmapCol(), DataTypes.BinaryType));
        }
        made.add(column(errorCol(), DataTypes.StringType));
        return made;
    }

    private StructField column(Param<String> name, DataType type) {
        return new StructField(getOrDefault(name), type, true, Metadata.empty());
    }

    private int inputIndex(StructType schema) {
        String name = getInputCol();
        int index = Arrays.asList(schema.fieldNames()).indexOf(name);
        if (index < 0) {
            throw new InvalidRequestException("inputCol is " + name + ": there is no such column, only "
                    + String.join(", ", schema.fieldNames()));
        }
        DataType type = schema.fields()[index].dataType();
        if (!SparkImage.isTypeOf(type)) {
            throw new InvalidRequestException("inputCol is " + name + ": must be binary, as of the source binaryFile, or Spark's image schema,"
                    + " not " + type.catalogString());
        }
        return index;
    }

    /**
     * Translates a column. Finds the model now, and does everything else when the result is used; works on streams too.
     *
     * @throws IllegalArgumentException as {@link #transformSchema}, or if there is no such model; one line that names the param or file
     * @throws JobFailedException if the model's file system fails
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema());
        TranslateRows rows = new TranslateRows(settings(dataset.sparkSession()), inputIndex(dataset.schema()), isDefined(heatmapCol()));
        return withMetadata(dataset.toDF().mapPartitions(rows, Encoders.row(schema)), schema);
    }

    /** Rows do not carry the columns' metadata, which hold what Spark ML says of features, and the watermark of a stream. */
    private static Dataset<Row> withMetadata(Dataset<Row> rows, StructType schema) {
        if (Arrays.stream(schema.fields()).allMatch(field -> field.metadata().equals(Metadata.empty()))) {
            return rows;
        }
        return rows.select(Arrays.stream(schema.fields())
                .map(field -> rows.col("`" + field.name().replace("`", "``") + "`").as(field.name(), field.metadata()))
                .toArray(Column[]::new));
    }

    /**
     * Makes a function of SQL that translates as this does: an image, of either type, in; a struct of {@code translation} and
     * {@code heatmap}, both binary, and {@code error}, a string, out. Finds the model and fixes it for as long as the function is used.
     *
     * @param spark the session whose queries may use the function, until it ends
     * @param name the function's
     * @return the function, for columns
     * @throws IllegalArgumentException if there is no such model; one line that names the param or file
     * @throws JobFailedException if the model's file system fails
     */
    public UserDefinedFunction registerUdf(SparkSession spark, String name) {
        return spark.udf().register(name, TranslateImage.function(settings(spark)));
    }

    TranslationSettings settings(SparkSession spark) {
        try {
            KernelOptions kernels = new KernelOptions(value(kernels(), KernelKind.class), value(precision(), Precision.class));
            if (spark.sparkContext().isLocal()) {
                kernels.requireHere();
            }
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            GeneratorSource generator = request().find(hadoop, LOG::warn);
            kernels.requireReach(generator.options().largestMapBytes(1));
            return new TranslationSettings(Program.build(), new SerializableConfiguration(hadoop), generator, kernels,
                    value(resize(), Fit.class), getMaxPixels(), value(format(), ImageEncoder.class));
        } catch (InvalidRequestException e) {
            throw OptionNames.asParams(e);
        } catch (IOException e) {
            throw new JobFailedException("cannot find the model: " + FileFailure.reason(e), e);
        }
    }

    private GeneratorRequest request() {
        if (isDefined(run()) == isDefined(weights())) {
            throw new InvalidRequestException(isDefined(run()) ? "run and weights exclude each other: clear one of them"
                    : "run is missing: set the folder of a run, or weights to a safetensors file or a PyTorch checkpoint");
        }
        if (isDefined(size()) && isDefined(run())) {
            throw new InvalidRequestException("size is for weights only: a run has a size of its own");
        }
        if (isDefined(weights()) && isSet(checkpoint())) {
            throw new InvalidRequestException("checkpoint is for run only: weights names the file itself");
        }
        if (!isDefined(direction())) {
            throw new InvalidRequestException("direction is missing: must be a2b or b2a");
        }
        return new GeneratorRequest(isDefined(run()) ? getRun() : null, isDefined(weights()) ? getWeights() : null,
                isDefined(size()) ? getSize() : null, value(direction(), Direction.class), choice());
    }

    /** Sets {@link #run}. @throws IllegalArgumentException if the value is wrong; one line that says what would be right */
    public ImageTranslator setRun(String value) {
        set(run(), value);
        return this;
    }

    /** Sets {@link #checkpoint}. @throws IllegalArgumentException if the value is wrong; one line that says what would be right */
    public ImageTranslator setCheckpoint(String value) {
        set(checkpoint(), value);
        return this;
    }

    /** Sets {@link #weights}. @throws IllegalArgumentException if the value is wrong; one line that says what would be right */
    public ImageTranslator setWeights(String value) {
        set(weights(), value);
        return this;
    }

    /** Sets {@link #size}. @throws IllegalArgumentException if the value is wrong; one line that says what would be right */
    public ImageTranslator setSize(int value) {
        set(size(), value);
        return this;
    }

    /** Sets {@link #direction}. @throws IllegalArgumentException if the value is wrong; one line that says what would be right */
    public ImageTranslator setDirection(String value) {
        set(direction(), value);
        return this;
    }

    /** Sets {@link #inputCol}. @throws IllegalArgumentException if the value is wrong; one line that says what would be right */
    public ImageTranslator setInputCol(String value) {
        set(inputCol(), value);
        return this;
    }

    /** Sets {@link #outputCol}. @throws IllegalArgumentException if the value is wrong; one line that says what would be right */
    public ImageTranslator setOutputCol(String value) {
        set(outputCol(), value);
        return this;
    }

    /** Sets {@link #heatmapCol}. @throws IllegalArgumentException if the value is wrong; one line that says what would be right */
    public ImageTranslator setHeatmapCol(String value) {
        set(heatmapCol(), value);
        return this;
    }

    /** Sets {@link #errorCol}. @throws IllegalArgumentException if the value is wrong; one line that says what would be right */
    public ImageTranslator setErrorCol(String value) {
        set(errorCol(), value);
        return this;
    }

    /** Sets {@link #resize}. @throws IllegalArgumentException if the value is wrong; one line that says what would be right */
    public ImageTranslator setResize(String value) {
        set(resize(), value);
        return this;
    }

    /** Sets {@link #maxPixels}. @throws IllegalArgumentException if the value is wrong; one line that says what would be right */
    public ImageTranslator setMaxPixels(long value) {
        set(maxPixels(), value);
        return this;
    }

    /** Sets {@link #format}. @throws IllegalArgumentException if the value is wrong; one line that says what would be right */
    public ImageTranslator setFormat(String value) {
        set(format(), value);
        return this;
    }

    /** Sets {@link #kernels}. @throws IllegalArgumentException if the value is wrong; one line that says what would be right */
    public ImageTranslator setKernels(String value) {
        set(kernels(), value);
        return this;
    }

    /** Sets {@link #precision}. @throws IllegalArgumentException if the value is wrong; one line that says what would be right */
    public ImageTranslator setPrecision(String value) {
        set(precision(), value);
        return this;
    }
}
