package io.ugatit.report.dataset;

import io.ugatit.dataset.DatasetImage;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Split;
import io.ugatit.image.RgbImage;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.report.markup.ImageTable;
import io.ugatit.report.markup.ImageTable.Tile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Some images of a data set at one glance, as they are stored and as networks will see them. */
public final class ContactSheet {
    private ContactSheet() {}

    /**
     * Images of one domain and split, spread evenly over all of them.
     *
     * @param dataset the data set
     * @param domain which images
     * @param split which images
     * @param columns images a row, at least 1
     * @param rows at most, at least 1
     * @param configuration finds the file system
     * @return with fewer images if there are not as many, and no rows if there are none
     * @throws JobFailedException if a shard is gone or damaged; the message names it
     */
    public static ImageTable of(ImageDataset dataset, Domain domain, Split split, int columns, int rows, Configuration configuration) {
        List<List<Tile>> tiles = new ArrayList<>();
        try (ImageReader reader = dataset.reader(domain, split, configuration, 0)) {
            long shown = Math.min((long) columns * rows, reader.count());
            for (long i = 0; i < shown; i++) {
                if (i % columns == 0) {
                    tiles.add(new ArrayList<>());
                }
                DatasetImage image = reader.read(i * reader.count() / shown);
                tiles.get(tiles.size() - 1).add(Tile.of(new RgbImage(image.width(), image.height(), image.pixels()), image.source()));
            }
        } catch (IOException e) {
            throw new JobFailedException("cannot read the data set " + dataset.path() + ": " + FileFailure.reason(e), e);
        }
        return new ImageTable(List.of(), tiles);
    }
}
