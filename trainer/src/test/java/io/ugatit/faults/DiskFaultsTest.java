package io.ugatit.faults;

import io.ugatit.storage.FaultyDisk;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;

/** On a local disk. */
@Tag("slow")
class DiskFaultsTest extends JobFaults {
    @Override
    void register(Configuration configuration) {
        FaultyDisk.register(configuration);
    }

    @Override
    String scheme() {
        return "faulty";
    }
}
