package io.ugatit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ugatit.job.InvalidRequestException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LazySessionTest {
    @BeforeEach
    void askForACluster() {
        SparkSession.clearDefaultSession();
        System.setProperty("spark.master", "spark://nowhere.invalid:7077");
        System.setProperty("spark.authenticate", "true");
    }

    @AfterEach
    void askForNone() {
        System.clearProperty("spark.master");
        System.clearProperty("spark.authenticate");
    }

    @Test
    void aClusterThatRefusesIsToldAlone() {
        Throwable thrown = catchThrowable(() -> {
            try (LazySession spark = new LazySession("ugatit test")) {
                spark.get();
            }
        });
        assertThat(thrown).isInstanceOf(InvalidRequestException.class).hasMessageStartingWith("spark.authenticate is on, but there is no ");
        assertThat(thrown.getSuppressed()).isEmpty();
    }
}
