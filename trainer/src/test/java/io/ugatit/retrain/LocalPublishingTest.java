package io.ugatit.retrain;

import io.ugatit.storage.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class LocalPublishingTest extends PublishingContract {
    @TempDir
    private java.nio.file.Path disk;
    private final Configuration configuration = new Configuration(false);

    LocalPublishingTest() {
        FaultyDisk.register(configuration);
    }

    @Override
    Configuration configuration() {
        return configuration;
    }

    @Override
    Path folder() throws IOException {
        return new Path("faulty:" + Files.createTempDirectory(disk, "f"));
    }
}
