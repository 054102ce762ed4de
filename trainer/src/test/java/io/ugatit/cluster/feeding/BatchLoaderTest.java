package io.ugatit.cluster.feeding;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.cluster.SmallTraining;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Split;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.api.MultiDataSet;

class BatchLoaderTest {
    @TempDir
    private static Path folder;
    private static String data;

    @BeforeAll
    static void prepare() throws Exception {
        try (SparkSession spark = SmallTraining.session("local[2]")) {
            data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
        }
    }

    private static BatchLoader loader(Feed feed) {
        return new BatchLoader(ImageDataset.open(data, new Configuration()), new Configuration(), feed, 1);
    }

    private static MultiDataSet load(BatchLoader loader, long step, int worker) {
        return loader.load(WorkOrder.source(new WorkOrder(step, worker).path()));
    }

    /** The centre of every image of a domain, as training sees it without augmentation. */
    private static List<float[]> centres(Domain domain) throws Exception {
        ImageDataset dataset = ImageDataset.open(data, new Configuration());
        ImageSequence sequence = new ImageSequence(dataset.count(domain, Split.TRAIN), SmallTraining.SIZE, ImageOrder.SEQUENTIAL, false, 0);
        List<float[]> centres = new ArrayList<>();
        try (ImageReader reader = dataset.reader(domain, Split.TRAIN, new Configuration(), 0)) {
            for (long i = 0; i < reader.count(); i++) {
                float[] centre = new float[3 * SmallTraining.SIZE * SmallTraining.SIZE];
                sequence.write(reader.read(i), 0, centre, 0);
                centres.add(centre);
            }
        }
        return centres;
    }

    @Test
    void aStepTakesItsImagesByNameOverAndOver() throws Exception {
        BatchLoader loader = loader(new Feed(ImageOrder.SEQUENTIAL, false, 1, 1, 1, SmallTraining.SIZE));
        List<float[]> a = centres(Domain.A);
        List<float[]> b = centres(Domain.B);
        for (int step = 1; step <= 15; step++) {
            MultiDataSet batch = load(loader, step, 0);
            assertThat(batch.getFeatures(0).shape()).containsExactly(1, 3, SmallTraining.SIZE, SmallTraining.SIZE);
            assertThat(batch.getFeatures(0).ravel().toFloatVector()).isEqualTo(a.get((step - 1) % 5));
            assertThat(batch.getFeatures(1).ravel().toFloatVector()).isEqualTo(b.get((step - 1) % 7));
        }
    }

    @Test
    void workersShareTheImagesOfAnEpochAndBatchesHoldNeighbours() throws Exception {
        BatchLoader loader = loader(new Feed(ImageOrder.SEQUENTIAL, false, 1, 2, 3, SmallTraining.SIZE));
        List<float[]> b = centres(Domain.B);
        int position = 0;
        for (int step = 1; step <= 3; step++) {
            for (int worker = 0; worker < 2; worker++) {
                MultiDataSet batch = load(loader, step, worker);
                assertThat(batch.getFeatures(1).shape()).containsExactly(3, 3, SmallTraining.SIZE, SmallTraining.SIZE);
                for (int i = 0; i < 3; i++, position++) {
                    assertThat(batch.getFeatures(1).slice(i).ravel().toFloatVector()).isEqualTo(b.get(position % 7));
                }
            }
        }
    }

    @Test
    void whatAWorkOrderGivesDependsOnSeedStepAndWorkerOnly() throws Exception {
        BatchLoader loader = loader(new Feed(ImageOrder.SHUFFLED, true, 1, 2, 1, SmallTraining.SIZE));
        MultiDataSet first = load(loader, 4, 1);
        load(loader, 9, 0);
        assertThat(load(loader, 4, 1).getFeatures(0)).isEqualTo(first.getFeatures(0));
        assertThat(load(sent(loader), 4, 1).getFeatures(1)).isEqualTo(first.getFeatures(1));
        assertThat(load(loader(new Feed(ImageOrder.SHUFFLED, true, 2, 2, 1, SmallTraining.SIZE)), 4, 1).getFeatures(0)).isNotEqualTo(first.getFeatures(0));
        assertThat(load(loader, 4, 0).getFeatures(0)).isNotEqualTo(first.getFeatures(0));
    }

    /** As an executor gets it. */
    private static BatchLoader sent(BatchLoader loader) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(loader);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (BatchLoader) in.readObject();
        }
    }
}
