package io.ugatit.retrain;

import org.junit.jupiter.api.Tag;

/** On a store of objects whose listing comes late. */
@Tag("slow")
class LaggingShopPublishingTest extends ShopPublishingTest {
    @Override
    int lag() {
        return 25;
    }

    @Override
    boolean listsAtOnce() {
        return false;
    }

    @Override
    int mostOfJobs() {
        return 8;
    }
}
