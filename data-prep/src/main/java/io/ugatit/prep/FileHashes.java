package io.ugatit.prep;

import io.ugatit.dataset.Sha256;
import io.ugatit.image.ImageFormat;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.Packed;
import io.ugatit.job.Progress;
import io.ugatit.job.WatchedJob;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/** Hashes the files that may be the same as another: only those whose length another one shares are read, on the cluster. */
final class FileHashes {
    private static final int FILES_PER_TASK = 256;
    private static final String NONE = "";

    private FileHashes() {}

    /**
     * Reads what must be read.
     *
     * @param files of all domains and splits
     * @param input the input folder, fully qualified
     * @param out where progress lines go
     * @return the hashes of image files that share their length with another, in the order of {@code files}; without those that are empty
     *     or may not be read, which are going to be rejected one by one
     * @throws JobFailedException if a file cannot be read
     */
    static Map<SourceFile, String> of(
            List<SourceFile> files, Path input, JavaSparkContext spark, Broadcast<SerializableConfiguration> conf, PrintStream out) {
        Map<Long, Integer> sameLength = new HashMap<>();
        files.forEach(file -> sameLength.merge(file.length(), 1, Integer::sum));
        List<SourceFile> suspects = files.stream().filter(file -> file.length() > 0 && sameLength.get(file.length()) > 1).toList();
        Map<SourceFile, String> known = new LinkedHashMap<>();
        if (suspects.isEmpty()) {
            return known;
        }
        List<Packed<List<SourceFile>>> batches = new ArrayList<>();
        for (int from = 0; from < suspects.size(); from += FILES_PER_TASK) {
            batches.add(Packed.of(new ArrayList<>(suspects.subList(from, Math.min(from + FILES_PER_TASK, suspects.size())))));
        }
        LongAccumulator done = spark.sc().longAccumulator("files compared");
        List<String> hashes = WatchedJob.await(
                spark.parallelize(batches, batches.size()).flatMap(new Hash(conf, input.toString(), done)).collectAsync(),
                done,
                new Progress("find duplicates", suspects.size(), "files", out, System::nanoTime),
                "nothing was published");
        for (int i = 0; i < hashes.size(); i++) {
            if (!hashes.get(i).equals(NONE)) {
                known.put(suspects.get(i), hashes.get(i));
            }
        }
        return known;
    }

    /** The task: the hash of each file, or {@link #NONE}. */
    private record Hash(Broadcast<SerializableConfiguration> conf, String input, LongAccumulator done)
            implements FlatMapFunction<Packed<List<SourceFile>>, String> {
        @Override
        public Iterator<String> call(Packed<List<SourceFile>> files) throws IOException {
            NameEncoding.requireInTask(conf.value().value(), input);
            List<String> hashes = new ArrayList<>();
            for (SourceFile file : files.get()) {
                hashes.add(hash(file));
                done.add(1);
            }
            return hashes.iterator();
        }

        private String hash(SourceFile file) {
            MessageDigest digest = Sha256.digest();
            byte[] buffer = new byte[1 << 16];
            try (FSDataInputStream in = file.open(new Path(input), conf.value().value())) {
                byte[] head = in.readNBytes(ImageFormat.MAGIC_LENGTH);
                if (!ImageFormat.isImage(head, file.source())) {
                    return NONE;
                }
                digest.update(head);
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    digest.update(buffer, 0, n);
                }
            } catch (AccessDeniedException e) {
                return NONE;
            } catch (IOException | FSError e) {
                throw file.unreadable(e);
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
