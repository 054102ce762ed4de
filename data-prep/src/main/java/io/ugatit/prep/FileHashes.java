package io.ugatit.prep;

import io.ugatit.dataset.Sha256;
import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormat;
import io.ugatit.input.SourceReader;
import io.ugatit.input.UnusableFileException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.Packed;
import io.ugatit.job.Progress;
import io.ugatit.job.WatchedJob;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.concurrent.ExecutionException;
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
     * @param seconds how long reading a file may take
     * @param out where progress lines go
     * @return the hashes of image files that share their length with another, in the order of {@code files}; without those that are empty,
     *     too long, take too long or may not be read, which are going to be rejected one by one
     * @throws JobFailedException if a file cannot be read
     */
    static Map<SourceFile, String> of(List<SourceFile> files, Path input, int seconds, JavaSparkContext spark,
            Broadcast<SerializableConfiguration> conf, PrintStream out) {
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
                spark.parallelize(batches, batches.size()).flatMap(new Hash(conf, input.toString(), seconds, done)).collectAsync(),
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
    private record Hash(Broadcast<SerializableConfiguration> conf, String input, int seconds, LongAccumulator done)
            implements FlatMapFunction<Packed<List<SourceFile>>, String> {
        @Override
        public Iterator<String> call(Packed<List<SourceFile>> files) throws IOException {
            NameEncoding.requireInTask(conf.value().value(), input);
            List<String> hashes = new ArrayList<>();
            try (TimedReading timed = new TimedReading(seconds, conf.value().value(), new Path(input))) {
                for (SourceFile file : files.get()) {
                    hashes.add(hash(file, timed));
                    done.add(1);
                }
            }
            return hashes.iterator();
        }

        private static String hash(SourceFile file, TimedReading timed) {
            if (file.isLookedAt()) {
                return file.sha256() == null ? NONE : file.sha256();
            }
            if (file.length() > ImageFile.MAX_LENGTH) {
                return NONE;
            }
            try {
                return timed.run(file, (reader, clock) -> {
                    clock.start();
                    return hash(file, reader);
                });
            } catch (TimedReading.TooLongException e) {
                return NONE;
            } catch (ExecutionException e) {
                throw file.unreadable(e.getCause());
            }
        }

        private static String hash(SourceFile file, SourceReader reader) throws IOException {
            try (InputStream in = file.open(reader)) {
                String hash = ofImage(in, file.source());
                return hash == null ? NONE : hash;
            } catch (UnusableFileException | AccessDeniedException e) {
                return NONE;
            } catch (FSError e) {
                throw file.unreadable(e);
            }
        }
    }

    /**
     * Hashes a file if it is an image.
     *
     * @param in the file's bytes
     * @param name its name or path
     * @return 64 hexadecimal digits; null if neither the first bytes nor the name are those of an image
     * @throws IOException if it cannot be read
     */
    static String ofImage(InputStream in, String name) throws IOException {
        byte[] head = in.readNBytes(ImageFormat.MAGIC_LENGTH);
        if (!ImageFormat.isImage(head, name)) {
            return null;
        }
        MessageDigest digest = Sha256.digest();
        digest.update(head);
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
