package io.ugatit.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.exchange.ExportJob;
import io.ugatit.exchange.ExportOptions;
import io.ugatit.publish.Publishing;
import io.ugatit.safetensors.SafetensorsFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** All networks into a safetensors file, and a generator into a folder for a hub; what is there by now is not exported again. */
final class Exporting implements Job {
    private static final String FILE = "model.safetensors";
    private static final String HUB = "hub";

    @Override
    public void prepare(Place place) {
        Runs.publish(place);
    }

    @Override
    public void run(Place place) throws IOException {
        export(place, FILE, "--output", "@" + FILE, "--format", "safetensors");
        export(place, "model.onnx", "--output", "@model.onnx", "--format", "onnx");
        export(place, "model.zip", "--output", "@model.zip", "--format", "dl4j", "--direction", "a2b");
        export(place, HUB, "--hub", "@" + HUB);
    }

    private static void export(Place place, String name, String... words) throws IOException {
        if (!Publishing.exists(place.configuration(), place.hadoop(name))) {
            String[] all = new String[words.length + 2];
            System.arraycopy(words, 0, all, 2, words.length);
            all[0] = "--run";
            all[1] = "@run";
            new ExportJob(place.configuration(), place.options(ExportOptions.class, all), Place.NOWHERE).run();
        }
    }

    @Override
    public void read(Place place) throws IOException {
        Runs.requireWhole(place);
        if (Publishing.exists(place.configuration(), place.hadoop(FILE))) {
            SafetensorsFile.open(place.configuration(), place.hadoop(FILE)).close();
        }
        if (Publishing.exists(place.configuration(), place.hadoop(HUB))) {
            assertThat(Publishing.list(Publishing.fileSystem(place.configuration(), place.hadoop(HUB)), place.hadoop(HUB)))
                    .extracting(file -> file.getPath().getName()).contains("README.md", "config.json");
        }
    }

    /** DL4J's archives hold the times of their entries, and in their configuration what DL4J draws. */
    @Override
    public void add(String name, byte[] content, Contents made) throws IOException {
        if (!name.endsWith(".zip")) {
            made.add(name, content);
            return;
        }
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                made.add(name + "/" + entry.getName(), entry.getName().equals("configuration.json") ? new byte[0] : zip.readAllBytes());
            }
        }
    }
}
