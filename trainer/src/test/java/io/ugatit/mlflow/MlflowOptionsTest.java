package io.ugatit.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowOptionsTest {
    @Test
    void nobodyIsToldUnlessAsked() {
        assertThat(MlflowOptions.NONE.isOn()).isFalse();
        assertThat(new MlflowOptions("https://mlflow.example.org/team/", null))
                .isEqualTo(new MlflowOptions("https://mlflow.example.org/team/", "ugatit-spark")).matches(MlflowOptions::isOn);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost:5000", "http:///x", "file:/tmp/mlruns", "databricks", "http://me:secret@host:5000", "http://a b",
        "http://host/#/experiments/0", "http://host?x=1"})
    void anAddressThatIsNoneOfAServerIsRefused(String address) {
        assertThatThrownBy(() -> new MlflowOptions(address, null)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--mlflow is '" + address.replace("me:secret", "...") + "': must be the address of an MLflow server's page, such as http://localhost:5000; user"
                        + " and password go by MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD");
    }

    @Test
    void aTokenThatNoHeaderMayHoldIsRefusedWithoutBeingQuoted() {
        assertThatThrownBy(() -> new MlflowServer("http://localhost", Map.of("MLFLOW_TRACKING_TOKEN", "secret\nof two lines"), Duration.ZERO))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("MLFLOW_TRACKING_TOKEN holds characters that no HTTP header may have: must be printable ASCII");
    }

    @Test
    void anExperimentNeedsAName() {
        assertThatThrownBy(() -> new MlflowOptions(null, " ")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--mlflow-experiment is empty: must be a name");
        assertThatThrownBy(() -> new MlflowOptions(null, "nights")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--mlflow-experiment is nights: is of a server, give --mlflow URI too");
    }
}
