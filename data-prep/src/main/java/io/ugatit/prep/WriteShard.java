package io.ugatit.prep;

import io.ugatit.dataset.DatasetImage;
import io.ugatit.dataset.Sha256;
import io.ugatit.dataset.Shard;
import io.ugatit.dataset.ShardWriter;
import io.ugatit.dataset.Store;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageFormatException;
import io.ugatit.image.ImageHeader;
import io.ugatit.image.NotAnImageException;
import io.ugatit.image.PerceptualHash;
import io.ugatit.image.RgbImage;
import io.ugatit.input.LeftOut;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.Packed;
import io.ugatit.prep.source.SourceFile;
import io.ugatit.prep.version.FileDigest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The task: reads, decodes and fits the files of a plan and writes its shard. A task that runs twice, by retry or speculation, gives the same
 * bytes, so that it does not matter whose become the shard. A task makes no folders: one that goes on when its job has failed must not bring
 * back those that the job has removed.
 */
final class WriteShard implements Function<Packed<ShardPlan>, Packed<ShardOutcome>> {
    private static final long serialVersionUID = 1L;

    private final Broadcast<SerializableConfiguration> conf;
    private final String input;
    private final ShardPlace place;
    private final Fit fit;
    private final Store store;
    private final long maxPixels;
    private final int fileSeconds;
    private final LongAccumulator done;

    /**
     * @param conf the Hadoop configuration
     * @param input the input folder, fully qualified
     * @param publication where shards go until all are there
     * @param fit how images become squares
     * @param store how pixels are stored
     * @param maxPixels the most pixels an image may have
     * @param fileSeconds how long reading, decoding and fitting a file may take
     * @param done counts files for the progress line
     */
    WriteShard(Broadcast<SerializableConfiguration> conf, Path input, Publication publication, Fit fit, Store store, long maxPixels,
            int fileSeconds, LongAccumulator done) {
        this.conf = conf;
        this.input = input.toString();
        this.place = publication.shards();
        this.fit = fit;
        this.store = store;
        this.maxPixels = maxPixels;
        this.fileSeconds = fileSeconds;
        this.done = done;
    }

    @Override
    public Packed<ShardOutcome> call(Packed<ShardPlan> packed) throws IOException {
        ShardPlan plan = packed.get();
        Configuration hadoop = conf.value().value();
        NameEncoding.requireInTask(hadoop, input, place.folder());
        Path file = place.attempt(plan);
        FileSystem out = Publication.fileSystem(file, hadoop);
        try {
            List<WrittenImage> images = new ArrayList<>();
            List<LeftOut> leftOut = new ArrayList<>();
            Shard shard = write(plan, out, file, images, leftOut);
            if (shard != null) {
                place.take(out, file, plan);
            }
            done.add(plan.files().size());
            return Packed.of(new ShardOutcome(shard, images, leftOut));
        } finally {
            place.clear(out, file);
        }
    }

    private Shard write(ShardPlan plan, FileSystem out, Path file, List<WrittenImage> images, List<LeftOut> leftOut) {
        Shard shard = null;
        try (TimedDecoding files = new TimedDecoding(new ImageDecoder(maxPixels),
                        new TimedReading(fileSeconds, conf.value().value(), new Path(input)));
                ShardWriter writer = new ShardWriter(out, file, plan.fileName(), plan.side(), store)) {
            for (SourceFile source : plan.files()) {
                try {
                    Row row = files.decode(source, fit, plan.side(), (square, bytes) -> Row.of(square, bytes, source.source()));
                    RgbImage image = row.image();
                    writer.write(new DatasetImage(source.source(), image.height(), image.width(), image.pixels()), row.sha256(),
                            row.header());
                    images.add(new WrittenImage(FileDigest.parse(row.sha256()), PerceptualHash.of(image)));
                } catch (NotAnImageException e) {
                    leftOut.add(new LeftOut(source.name(), LeftOut.Kind.NOT_AN_IMAGE, e.getMessage()));
                } catch (ImageFormatException e) {
                    leftOut.add(new LeftOut(source.name(), LeftOut.Kind.REJECTED, e.getMessage()));
                }
            }
            if (!images.isEmpty()) {
                place.requireOwned(out);
                shard = writer.finish();
            }
        } catch (IOException | FSError e) { // no space left, say
            throw new JobFailedException("cannot write " + file + " (" + FileFailure.reason(e) + "); nothing was published", e);
        }
        return shard;
    }

    /**
     * What is stored of a file.
     *
     * @param image its square
     * @param sha256 of its bytes
     * @param header what it says of itself
     */
    private record Row(RgbImage image, String sha256, ImageHeader header) {
        static Row of(RgbImage square, byte[] file, String name) throws ImageFormatException {
            return new Row(square, Sha256.hex(file), ImageHeader.of(file, name));
        }
    }
}
