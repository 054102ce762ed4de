package io.ugatit.evaluate;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import org.junit.jupiter.api.Test;

class FeatureRoomTest {
    private static final long GIGABYTE = 1L << 30;

    @Test
    void featuresThatTheDriverHasNoRoomForAreRefusedBeforeTheyAreComputed() {
        assertThatThrownBy(() -> new FeatureRoom(2 * GIGABYTE, GIGABYTE).require(200_000, 2048)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("the features of 200000 images and their translations are 3276 MB: take fewer by --max-images, or give"
                        + " --driver-memory 7g or more before the command, which has 2147 MB");
        assertThatThrownBy(() -> new FeatureRoom(7 * GIGABYTE, GIGABYTE).require(200_000, 2048)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("the features of 200000 images and their translations are 3276 MB: take fewer by --max-images, or give"
                        + " --conf spark.driver.maxResultSize=0 before the command");
    }

    @Test
    void whatIsAskedForUsuallyHasRoom() {
        assertThatCode(() -> new FeatureRoom(2 * GIGABYTE, GIGABYTE).require(20_000, 2048)).doesNotThrowAnyException();
        assertThatCode(() -> new FeatureRoom(7 * GIGABYTE, 0).require(200_000, 2048)).doesNotThrowAnyException();
    }
}
