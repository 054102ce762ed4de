package io.ugatit.prep.source;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.image.ImageFile;
import io.ugatit.input.LeftOut;
import io.ugatit.input.PathOrder;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Packed;
import io.ugatit.job.PathOption;
import io.ugatit.job.Progress;
import io.ugatit.job.WatchedJob;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A table with a row for each image. Each job reads all of it once. The images that the data set lacks are copied into files beside the
 * output meanwhile, from which the shards are made as from archives: a table cannot be asked for a row by its place, and the order of its
 * rows is that of the cluster.
 */
final class InputTable {
    private static final String IMAGE = "image";
    private static final String NAME = "name";
    private static final Pattern GLOB = Pattern.compile(".*[\\[\\]{}*?].*");

    private final SparkSession spark;
    private final ImageTableOptions options;
    private final Path path;
    private final Dataset<Row> rows;

    /**
     * Looks at the table's columns.
     *
     * @param spark the session
     * @param options the table
     * @param domainColumn column or expression; null if all images are of domain A
     * @param splitColumn column or expression; null if all images are to train on
     * @throws InvalidRequestException if there is no such table or column
     * @throws IOException if the file system does not answer
     */
    InputTable(SparkSession spark, ImageTableOptions options, String domainColumn, String splitColumn) throws IOException {
        this.spark = spark;
        this.options = options;
        this.path = path();
        Dataset<Row> table = table();
        Column name = options.name() == null ? fileAndRow(table) : column(table, "--name-column", options.name());
        Column domain = domainColumn == null ? functions.lit(Domain.A.name()) : column(table, "--domain-column", domainColumn);
        Column split = splitColumn == null ? functions.lit(Split.TRAIN.label()) : column(table, "--split-column", splitColumn);
        rows = rows(table, image(table).as(IMAGE), name.cast("string").as(NAME), domain.cast("string"), split.cast("string"));
    }

    /** Each of the columns is one; together they may not be, as two that make several rows of one. */
    private Dataset<Row> rows(Dataset<Row> table, Column... columns) {
        try {
            return table.select(columns);
        } catch (Exception e) { // Spark throws AnalysisException undeclared
            if (e instanceof AnalysisException) {
                throw new InvalidRequestException(this + ": the columns of image, name, domain and split cannot be read together: "
                        + FileFailure.reason(e), e);
            }
            throw e;
        }
    }

    /** The table's path, whose files it is; null if it is one of the catalog. */
    private Path path() throws IOException {
        if (options.table().indexOf('/') < 0 && isInCatalog()) {
            return null;
        }
        Path given = PathOption.qualified(spark.sparkContext().hadoopConfiguration(), "--input-table", options.table());
        FileStatus[] found = given.getFileSystem(spark.sparkContext().hadoopConfiguration()).globStatus(given);
        if (found == null || found.length == 0) {
            throw new InvalidRequestException(this + ": there is no such folder or file"
                    + (options.table().indexOf('/') < 0 ? ", nor a table of this name in Spark's catalog" : ""));
        }
        return given;
    }

    private boolean isInCatalog() {
        try {
            return spark.catalog().tableExists(options.table());
        } catch (Exception e) { // Spark throws AnalysisException undeclared
            if (e instanceof AnalysisException) {
                return false; // no table can have such a name, as train-00000-of-00001.parquet, but a file can
            }
            throw e;
        }
    }

    private Dataset<Row> table() {
        try {
            return path == null ? spark.table(options.table()) : spark.read().format(options.format()).load(path.toString());
        } catch (Exception e) { // Spark throws AnalysisException undeclared, and what each format has of its own
            throw new InvalidRequestException(this + ": cannot be read as "
                    + (path == null ? "a table" : options.format()) + ": " + FileFailure.reason(e), e);
        }
    }

    private Column column(Dataset<Row> table, String option, String expression) {
        type(table, option, expression);
        return functions.expr(expression);
    }

    /** The type of a column, beside all others: it must have one value for each row, which sums and counts do not. */
    private DataType type(Dataset<Row> table, String option, String expression) {
        try {
            StructType all = table.selectExpr("*", expression).schema();
            int count = all.length() - table.columns().length;
            if (count != 1) {
                throw new InvalidRequestException(option + " is " + expression + ": is " + count + " columns, must be one");
            }
            return all.apply(all.length() - 1).dataType();
        } catch (Exception e) { // Spark throws AnalysisException undeclared
            if (e instanceof AnalysisException) {
                throw new InvalidRequestException(option + " is " + expression + ": no column or expression of --input-table, which has "
                        + String.join(", ", table.columns()) + " (" + FileFailure.reason(e) + ")", e);
            }
            throw e;
        }
    }

    private Column image(Dataset<Row> table) {
        DataType type = type(table, "--image-column", options.image());
        if (type instanceof BinaryType) {
            return functions.expr(options.image());
        }
        if (type instanceof StructType struct && List.of(struct.fieldNames()).contains("bytes")
                && struct.apply("bytes").dataType() instanceof BinaryType) {
            return functions.expr(options.image()).getField("bytes");
        }
        throw new InvalidRequestException("--image-column is " + options.image() + ": of type " + type.simpleString()
                + ", must be binary or a structure with a binary field bytes");
    }

    /** The file's path relative to the table and the row's number in it, so that the order of names is that of the rows. */
    private Column fileAndRow(Dataset<Row> table) {
        try {
            table.select("_metadata.file_path", "_metadata.row_index");
        } catch (Exception e) { // Spark throws AnalysisException undeclared
            if (e instanceof AnalysisException) {
                throw new InvalidRequestException(
                        "--name-column is missing: only rows of Parquet files have a file and a number to be named by", e);
            }
            throw e;
        }
        Path base = path;
        while (GLOB.matcher(base.toUri().getPath()).matches()) {
            base = base.getParent();
        }
        return functions.udf(new FileAndRow(base.toUri().getPath()), DataTypes.StringType)
                .apply(functions.col("_metadata.file_path"), functions.col("_metadata.row_index"));
    }

    private record FileAndRow(String base) implements UDF2<String, Long, String> {
        @Override
        public String call(String file, Long row) {
            String path = URI.create(file).getPath();
            String relative = path.startsWith(base + "/") ? path.substring(base.length() + 1) : path.substring(path.lastIndexOf('/') + 1);
            return String.format(Locale.ROOT, "%s/%09d", relative, row);
        }
    }

    /**
     * Makes sure that nothing is written into the table.
     *
     * @throws InvalidRequestException if the output is in it
     */
    void requireOutside(Path output, String what) {
        if (path != null && PathOption.isInside(output, path)) {
            throw new InvalidRequestException(what + " is " + output + ": must be outside " + path + ", which is read");
        }
    }

    /**
     * What became of rows.
     *
     * @param files images, of one name one
     * @param leftOut what is no image, with the folder of its domain and split in front of its name
     */
    record Copied(List<SourceFile> files, List<LeftOut> leftOut) {}

    /** All names that there are, in order, each once. */
    List<String> names() {
        return read(() -> rows.select(NAME).na().drop().distinct().as(Encoders.STRING()).collectAsList()).stream()
                .sorted(PathOrder.BY_CODE_POINT).toList();
    }

    /** What Spark finds in the table. @throws JobFailedException if a file of it is damaged or gone */
    private <T> T read(Supplier<T> found) {
        try {
            return found.get();
        } catch (Exception e) { // Spark throws SparkException undeclared
            if (e instanceof SparkException) {
                Throwable first = e;
                while (first.getCause() != null) {
                    first = first.getCause();
                }
                throw new JobFailedException("cannot read the table of --input-table " + options.table() + ": " + FileFailure.reason(first)
                        + "; nothing was published", e);
            }
            throw e;
        }
    }

    /** Some rows with an image, of a length that is read; no more of the table is read than they take. */
    JavaRDD<Row> few(int count, int tasks) {
        Column image = functions.col(IMAGE);
        return rows.where(image.isNotNull().and(functions.length(image).leq(ImageFile.MAX_LENGTH)).and(functions.col(NAME).isNotNull()))
                .limit(count).repartition(tasks).javaRDD();
    }

    /**
     * Copies the rows' images, but for those that are known.
     *
     * @param names of the rows that are wanted; null for all
     * @param folder where copies go; is made
     * @param known rows whose images need not be copied
     * @param conf the Hadoop configuration, for tasks
     * @param out where progress lines go
     * @throws IOException if the folder cannot be made
     */
    Copied copy(List<String> names, Path folder, KnownRows known, Broadcast<SerializableConfiguration> conf, PrintStream out)
            throws IOException {
        folder.getFileSystem(conf.value().value()).mkdirs(folder);
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Dataset<Row> wanted = names == null ? rows
                : rows.join(functions.broadcast(spark.createDataset(names, Encoders.STRING()).toDF("wanted")),
                        functions.col(NAME).equalTo(functions.col("wanted")), "leftsemi");
        long count = names == null ? read(rows::count) : names.size();
        Broadcast<KnownRows> toSkip = context.broadcast(known);
        Deque<Packed<CopyRows.Copied>> copied;
        try {
            copied = new ArrayDeque<>(WatchedJob.collect(context, new Progress("copy rows", count, "rows", out, System::nanoTime),
                    "nothing was published",
                    done -> wanted.javaRDD().mapPartitions(new CopyRows(conf, folder, toSkip, done))));
        } finally {
            toSkip.destroy();
        }
        List<SourceFile> files = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        while (!copied.isEmpty()) { // each is dropped when it is unpacked, so that not all are held twice
            CopyRows.Copied some = copied.remove().get();
            files.addAll(List.of(some.file()));
            leftOut.addAll(List.of(some.leftOut()));
        }
        return new Copied(once(files, leftOut), leftOut);
    }

    /**
     * Copies the rows' images, but for those that are known, and lists them.
     *
     * @param folder where copies go; is made
     * @param known rows whose images the data set has
     * @param conf the Hadoop configuration, for tasks
     * @param out where progress lines go
     * @return what there is for each domain and split, in order
     * @throws IOException if the folder cannot be made
     */
    List<Listing> list(Path folder, KnownRows known, Broadcast<SerializableConfiguration> conf, PrintStream out) throws IOException {
        Copied copied = copy(null, folder, known, conf, out);
        long skipped = copied.files().stream().filter(file -> !file.isRowCopied()).count();
        if (skipped > 0) {
            out.println("copied the images of " + (copied.files().size() - skipped) + " rows; the data set has those of " + skipped
                    + " others");
        }
        List<Listing> folders = new ArrayList<>();
        for (Domain domain : Domain.values()) {
            for (Split split : Split.values()) {
                String prefix = SourceFile.folder(domain, split) + "/";
                List<SourceFile> own = copied.files().stream().filter(file -> file.domain() == domain && file.split() == split).toList();
                if (own.isEmpty() && split == Split.TRAIN) {
                    throw new InvalidRequestException(this + ": no row is of domain " + domain
                            + " and split train");
                }
                folders.add(new Listing(domain, split, own,
                        copied.leftOut().stream().filter(file -> file.source().startsWith(prefix)).toList()));
            }
        }
        return folders;
    }

    /** For messages. */
    @Override
    public String toString() {
        return "--input-table is " + options.table();
    }

    /** Of rows of one name the first by hash, whatever order they came in. */
    private static List<SourceFile> once(List<SourceFile> files, List<LeftOut> leftOut) {
        files.sort(Comparator.comparing(SourceFile::modified)); // which the bytes decide
        Map<String, Set<String>> names = new HashMap<>(); // by folder, so that no longer names are made
        List<SourceFile> once = new ArrayList<>();
        for (SourceFile file : files) {
            String folder = SourceFile.folder(file.domain(), file.split());
            if (names.computeIfAbsent(folder, other -> new HashSet<>()).add(file.source())) {
                once.add(file);
            } else {
                leftOut.add(new LeftOut(file.name(), LeftOut.Kind.REJECTED,
                        "another row has the same name: --name-column must tell rows apart"));
            }
        }
        return once;
    }
}
