package io.ugatit.prep;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Sha256;
import io.ugatit.dataset.Split;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Packed;
import io.ugatit.job.Progress;
import io.ugatit.job.WatchedJob;
import java.io.IOException;
import java.io.PrintStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
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

/**
 * Finds files of one domain and split with the same bytes. Only files whose length another one shares are read, on the cluster; the
 * first by name is the one that counts. Empty files are left to be rejected one by one.
 */
final class Duplicates {
    private static final int FILES_PER_TASK = 256;

    private Duplicates() {}

    /**
     * Finds the duplicates.
     *
     * @param files of any domains and splits, ordered by source in each
     * @param out where progress lines go
     * @return the files that repeat an earlier one of their domain and split, in the order of {@code files}
     * @throws JobFailedException if a file cannot be read
     */
    static List<LeftOut> in(
            List<SourceFile> files, Path input, JavaSparkContext spark, Broadcast<SerializableConfiguration> conf, PrintStream out) {
        Map<Likeness, Integer> sameLength = new HashMap<>();
        files.forEach(file -> sameLength.merge(Likeness.of(file, file.length()), 1, Integer::sum));
        List<SourceFile> suspects = files.stream()
                .filter(file -> file.length() > 0 && sameLength.get(Likeness.of(file, file.length())) > 1)
                .toList();
        if (suspects.isEmpty()) {
            return List.of();
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
        Map<Likeness, SourceFile> first = new HashMap<>();
        List<LeftOut> duplicates = new ArrayList<>();
        for (int i = 0; i < hashes.size(); i++) {
            SourceFile file = suspects.get(i);
            SourceFile earlier = first.putIfAbsent(Likeness.of(file, hashes.get(i)), file);
            if (earlier != null) {
                duplicates.add(new LeftOut(file, LeftOut.Kind.DUPLICATE, "the same bytes as " + earlier.name()));
            }
        }
        return duplicates;
    }

    /** What two files of one domain and split share: their length, or their hash. */
    private record Likeness(Domain domain, Split split, Object shared) {
        static Likeness of(SourceFile file, Object shared) {
            return new Likeness(file.domain(), file.split(), shared);
        }
    }

    /** The task: the hash of each file. */
    private record Hash(Broadcast<SerializableConfiguration> conf, String input, LongAccumulator done)
            implements FlatMapFunction<Packed<List<SourceFile>>, String> {
        @Override
        public Iterator<String> call(Packed<List<SourceFile>> files) {
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
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    digest.update(buffer, 0, n);
                }
            } catch (IOException | FSError e) {
                throw file.unreadable(e);
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
