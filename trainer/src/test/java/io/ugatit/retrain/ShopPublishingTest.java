package io.ugatit.retrain;

import io.ugatit.storage.ShopFileSystem;
import java.util.UUID;
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

    @Override
    Path folder() {
        return new Path("shop:" + disk.resolve(UUID.randomUUID().toString()));
    }
}
