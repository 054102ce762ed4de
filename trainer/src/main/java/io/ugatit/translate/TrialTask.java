package io.ugatit.translate;

import io.ugatit.image.ImageFile;
import io.ugatit.job.Packed;
import io.ugatit.translate.output.PlannedImage;
import io.ugatit.translate.source.SourceImages;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** The trial on files: says what became of them. */
final class TrialTask implements FlatMapFunction<Packed<List<PlannedImage>>, Packed<Trial.Outcome>> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final String input;
    private final Trial trial;

    /** @param input what the places of images are relative to */
    TrialTask(Broadcast<SerializableConfiguration> hadoop, Path input, Trial trial) {
        this.hadoop = hadoop;
        this.input = input.toString();
        this.trial = trial;
    }

    @Override
    public Iterator<Packed<Trial.Outcome>> call(Packed<List<PlannedImage>> tried) throws IOException {
        Configuration configuration = hadoop.value().value();
        try (SourceImages images = new SourceImages(configuration, new Path(input))) {
            Iterator<ImageFile> files = tried.get().stream().map(planned -> images.file(planned.image())).iterator();
            return List.of(Packed.of(trial.of(configuration, files, input))).iterator();
        }
    }
}
