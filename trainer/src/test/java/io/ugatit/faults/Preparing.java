package io.ugatit.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Split;
import io.ugatit.evaluate.TinyImages;
import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** The second version of a data set, of images in the same file system. */
final class Preparing implements Job {
    private static final int FEW = 2;
    private static final int MORE = 3;

    @Override
    public void prepare(Place place) throws IOException {
        images(place, FEW);
        run(place);
        images(place, MORE);
    }

    /** So many images for training and for test, of each domain. */
    static void images(Place place, int count) throws IOException {
        Path folder = place.disk().resolve("images");
        TinyImages.write(folder, count, 1);
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
            }
        }
    }

    @Override
    public void run(Place place) {
        PrepOptions options = place.options(PrepOptions.class, "--input", "@images", "--output", "@data", "--size",
                String.valueOf(TinyImages.SIDE));
        new PrepJob(place.spark(), options, Place.NOWHERE).run();
    }

    @Override
    public void read(Place place) throws IOException {
        ImageDataset dataset = ImageDataset.open(place.path("data"), place.configuration());
        int version = dataset.manifest().version();
        assertThat(version).isBetween(1, 2);
        assertHolds(place, dataset, version == 1 ? FEW : MORE);
        assertHolds(place, ImageDataset.open(place.path("data"), 1, place.configuration()), FEW);
    }

    private static void assertHolds(Place place, ImageDataset dataset, int count) throws IOException {
        for (Domain domain : Domain.values()) {
            for (Split split : Split.values()) {
                try (ImageReader reader = dataset.reader(domain, split, place.configuration(), 0)) {
                    assertThat(reader.count()).isEqualTo(count);
                    for (int i = 0; i < count; i++) {
                        assertThat(reader.read(i).source()).isEqualTo(i + ".png");
                    }
                }
            }
        }
    }
}
