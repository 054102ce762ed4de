package io.ugatit.prep.source;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Sha256;
import io.ugatit.dataset.Split;
import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormat;
import io.ugatit.image.ImageFormatException;
import io.ugatit.input.LeftOut;
import io.ugatit.input.Member;
import io.ugatit.input.Packing;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.Packed;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The task: copies the images of some rows, but for those that are known, one after the other into a file of its own, where shards can be
 * made of them in any order. Rows are image, name, domain, split.
 */
final class CopyRows implements FlatMapFunction<Iterator<Row>, Packed<CopyRows.Copied>> {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_NAME = 4095;

    private final Broadcast<SerializableConfiguration> conf;
    private final String folder;
    private final Broadcast<KnownRows> known;
    private final LongAccumulator done;

    /**
     * What became of some rows.
     *
     * @param file an image; null if the row was left out
     * @param leftOut why it was
     */
    record Copied(SourceFile[] file, LeftOut[] leftOut) implements Serializable {}

    /**
     * @param conf the Hadoop configuration
     * @param folder where copies go
     * @param known rows that are not copied
     * @param done counts rows for the progress line
     */
    CopyRows(Broadcast<SerializableConfiguration> conf, Path folder, Broadcast<KnownRows> known, LongAccumulator done) {
        this.conf = conf;
        this.folder = folder.toString();
        this.known = known;
        this.done = done;
    }

    @Override
    public Iterator<Packed<Copied>> call(Iterator<Row> rows) throws IOException {
        Configuration hadoop = conf.value().value();
        NameEncoding.requireInTask(hadoop, folder);
        Path path = new Path(folder, UUID.randomUUID().toString()); // another attempt makes another
        List<SourceFile> files = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        try (Copy copy = new Copy(path, hadoop)) {
            while (rows.hasNext()) {
                Row row = rows.next();
                if (!leaveOut(row, leftOut)) {
                    files.add(copy(row, copy));
                }
            }
        } catch (FSError e) {
            throw new JobFailedException("cannot write " + path + " (" + FileFailure.reason(e) + "); nothing was published", e);
        }
        return List.of(Packed.of(new Copied(files.toArray(new SourceFile[0]), leftOut.toArray(new LeftOut[0])))).iterator();
    }

    private boolean leaveOut(Row row, List<LeftOut> leftOut) {
        done.add(1);
        String wrong = wrong(row);
        if (wrong != null) {
            Domain domain = domain(row) == null ? Domain.A : domain(row);
            Split split = split(row) == null ? Split.TRAIN : split(row);
            leftOut.add(new LeftOut(SourceFile.folder(domain, split) + "/" + row.getString(1), LeftOut.Kind.REJECTED, wrong));
        }
        return wrong != null;
    }

    private static String wrong(Row row) {
        String name = row.getString(1);
        if (name == null || name.isEmpty() || name.length() > LONGEST_NAME || name.indexOf('\0') >= 0) {
            return "a row whose name is null, empty, longer than " + LONGEST_NAME + " characters or has a zero in it";
        }
        if (domain(row) == null) {
            return "a row whose domain is " + row.getString(2) + ": must be A or B, or 0 or 1";
        }
        if (split(row) == null) {
            return "a row whose split is " + row.getString(3) + ": must be train or test";
        }
        byte[] image = row.getAs(0);
        if (image == null) {
            return "a row without an image";
        }
        try {
            ImageFile.requireLength(image.length);
            return null;
        } catch (ImageFormatException e) {
            return e.getMessage();
        }
    }

    private SourceFile copy(Row row, Copy copy) throws IOException {
        byte[] image = row.getAs(0);
        String name = row.getString(1);
        String sha256 = Sha256.hex(image);
        long bytesDecideIt = Long.parseLong(sha256.substring(0, 15), 16);
        byte[] head = Arrays.copyOf(image, Math.min(image.length, ImageFormat.MAGIC_LENGTH));
        Member member = new Member("", Packing.ROW, 0, image.length, 0, ImageFormat.isImage(head, name) ? sha256 : null);
        SourceFile file = new SourceFile(domain(row), split(row), name, image.length, bytesDecideIt, member);
        return known.value().has(file) ? file : file.at(copy.append(image, member));
    }

    /** A task's file of copies, made with the first. */
    private static final class Copy implements Closeable {
        private final Path path;
        /** One text for all rows: the driver holds them all. */
        private final String name;
        private final Configuration conf;
        private FSDataOutputStream out;

        Copy(Path path, Configuration conf) {
            this.path = path;
            this.name = path.getName();
            this.conf = conf;
        }

        /** Writes an image, and says where it is. */
        Member append(byte[] image, Member row) throws IOException {
            if (out == null) {
                out = path.getFileSystem(conf).createFile(path).overwrite(true).build();
            }
            Member at = new Member(name, row.packing(), out.getPos(), row.stored(), row.crc32(), row.sha256());
            out.write(image);
            return at;
        }

        @Override
        public void close() throws IOException {
            if (out != null) {
                out.close();
            }
        }
    }

    private static Domain domain(Row row) {
        return switch (word(row, 2)) {
            case "a", "0" -> Domain.A;
            case "b", "1" -> Domain.B;
            default -> null;
        };
    }

    private static Split split(Row row) {
        return switch (word(row, 3)) {
            case "train" -> Split.TRAIN;
            case "test" -> Split.TEST;
            default -> null;
        };
    }

    private static String word(Row row, int column) {
        return row.isNullAt(column) ? "" : row.getString(column).toLowerCase(Locale.ROOT);
    }
}
