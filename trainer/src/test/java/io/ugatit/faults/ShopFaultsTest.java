package io.ugatit.faults;

import io.ugatit.storage.ShopFileSystem;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;

/** On a store of objects. */
@Tag("slow")
class ShopFaultsTest extends JobFaults {
    @Override
    void register(Configuration configuration) {
        ShopFileSystem.register(configuration, true, 0, 42);
    }

    @Override
    String scheme() {
        return "shop";
    }
}
