package io.ugatit.retrain;

import io.ugatit.dataset.Sha256;
import io.ugatit.storage.ShopFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** On a store of objects whose listing tells what is there. */
@Tag("slow")
class ShopPublishingTest extends PublishingContract {
    @TempDir
    private java.nio.file.Path disk;
    private final Configuration configuration = new Configuration(false);

    @BeforeEach
    void open() {
        ShopFileSystem.register(configuration, true, lag(), 42);
    }

    int lag() {
        return 0;
    }

    @Override
    int mostOfJobs() {
        return 30;
    }

    @Override
    Configuration configuration() {
        return configuration;
    }

    /** What is really there. */
    @Override
    Map<String, String> bytes(Path folder) throws IOException {
        Map<String, String> bytes = new TreeMap<>();
        java.nio.file.Path root = java.nio.file.Path.of(folder.toUri().getPath());
        if (Files.isDirectory(root)) {
            try (Stream<java.nio.file.Path> files = Files.walk(root)) {
                for (java.nio.file.Path file : files.filter(Files::isRegularFile).toList()) {
                    bytes.put("/" + root.relativize(file), Sha256.hex(Files.readAllBytes(file)));
                }
            }
        }
        return bytes;
    }

    @Override
    Path folder() {
        return new Path("shop:" + disk.resolve(UUID.randomUUID().toString()));
    }
}
