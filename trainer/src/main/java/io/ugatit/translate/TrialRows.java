package io.ugatit.translate;

import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormat;
import io.ugatit.job.Packed;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/** The trial on rows of an image's bytes and its name: says what became of them. */
final class TrialRows implements FlatMapFunction<Iterator<Row>, Packed<Trial.Outcome>> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final Trial trial;

    TrialRows(Broadcast<SerializableConfiguration> hadoop, Trial trial) {
        this.hadoop = hadoop;
        this.trial = trial;
    }

    @Override
    public Iterator<Packed<Trial.Outcome>> call(Iterator<Row> rows) throws IOException {
        return List.of(Packed.of(trial.of(hadoop.value().value(), new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public ImageFile next() {
                return file(rows.next());
            }
        }))).iterator();
    }

    private static ImageFile file(Row row) {
        byte[] image = row.getAs(0);
        String name = row.getString(1);
        return new ImageFile(name, image.length, () -> {
            ImageFormat.requireImage(image, name);
            return image;
        });
    }
}
