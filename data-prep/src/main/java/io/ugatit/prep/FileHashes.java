package io.ugatit.prep;

import io.ugatit.image.ImageFile;
import io.ugatit.input.SourceReader;
import io.ugatit.input.UnusableFileException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.Packed;
import io.ugatit.job.Progress;
import io.ugatit.job.WatchedJob;
import io.ugatit.prep.source.ImageHash;
import io.ugatit.prep.source.SourceFile;
import io.ugatit.prep.version.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/** Hashes files on the cluster, those that may be the same as another. */
final class FileHashes {
    private static final int FILES_PER_TASK = 256;

    private FileHashes() {}

    /** Is told what was found. */
    @FunctionalInterface
    interface Found {
        /**
         * @param number of the file, from 0
         * @param digest of its bytes
         */
        void digest(int number, FileDigest digest);
    }

    /**
     * Reads files.
     *
     * @param files what to read
     * @param input the input folder, fully qualified
     * @param seconds how long reading a file may take
     * @param out where progress lines go
     * @param found is told the hashes of image files, in order; not of those that are empty, too long, take too long or
     *     may not be read, which are going to be rejected one by one
     * @throws JobFailedException if a file cannot be read
     */
    static void of(List<SourceFile> files, Path input, int seconds, JavaSparkContext spark, Broadcast<SerializableConfiguration> conf,
            PrintStream out, Found found) {
        if (files.isEmpty()) {
            return;
        }
        List<Packed<List<SourceFile>>> batches = new ArrayList<>();
        for (int from = 0; from < files.size(); from += FILES_PER_TASK) {
            batches.add(Packed.of(new ArrayList<>(files.subList(from, Math.min(from + FILES_PER_TASK, files.size())))));
        }
        List<byte[]> hashes = WatchedJob.collect(spark, new Progress("find duplicates", files.size(), "files", out, System::nanoTime),
                "nothing was published",
                done -> spark.parallelize(batches, batches.size()).map(new Hash(conf, input.toString(), seconds, done)));
        for (int batch = 0; batch < hashes.size(); batch++) {
            ByteBuffer digests = ByteBuffer.wrap(hashes.get(batch));
            for (int number = batch * FILES_PER_TASK; digests.hasRemaining(); number++) {
                if (digests.get() != 0) {
                    found.digest(number, FileDigest.of(digests));
                } else {
                    digests.position(digests.position() + FileDigest.BYTES);
                }
            }
        }
    }

    /** The task: of each file a byte that says whether it was hashed, and 32 bytes of hash: a list of texts would be four times as long. */
    private record Hash(Broadcast<SerializableConfiguration> conf, String input, int seconds, LongAccumulator done)
            implements Function<Packed<List<SourceFile>>, byte[]> {
        @Override
        public byte[] call(Packed<List<SourceFile>> packed) throws IOException {
            NameEncoding.requireInTask(conf.value().value(), input);
            List<SourceFile> files = packed.get();
            ByteBuffer hashes = ByteBuffer.allocate(files.size() * (1 + FileDigest.BYTES));
            try (TimedReading timed = new TimedReading(seconds, conf.value().value(), new Path(input))) {
                for (SourceFile file : files) {
                    String hash = hash(file, timed);
                    if (hash == null) {
                        hashes.put(new byte[1 + FileDigest.BYTES]);
                    } else {
                        hashes.put((byte) 1).put(HexFormat.of().parseHex(hash));
                    }
                    done.add(1);
                }
            }
            return hashes.array();
        }

        /** Null for a file that is not hashed. */
        private static String hash(SourceFile file, TimedReading timed) {
            if (file.isLookedAt()) {
                return file.sha256();
            }
            if (file.length() > ImageFile.MAX_LENGTH) {
                return null;
            }
            try {
                return timed.run(file, (reader, clock) -> {
                    clock.start();
                    return hash(file, reader);
                });
            } catch (TimedReading.TooLongException e) {
                return null;
            } catch (ExecutionException e) {
                throw file.unreadable(e.getCause());
            }
        }

        private static String hash(SourceFile file, SourceReader reader) throws IOException {
            try (InputStream in = file.open(reader)) {
                return ImageHash.of(in, file.source());
            } catch (UnusableFileException | AccessDeniedException e) {
                return null;
            } catch (FSError e) {
                throw file.unreadable(e);
            }
        }
    }
}
