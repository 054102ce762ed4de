package io.ugatit.mlflow;

import io.ugatit.job.InvalidRequestException;
import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.Option;

/**
 * Which MLflow server is told of a training.
 *
 * @param uri of its web page, http or https; null for none
 * @param experiment that the run belongs to, which is made if it is not there; null becomes {@code ugatit-spark}
 */
public record MlflowOptions(
        @Option(names = "--mlflow", paramLabel = "URI",
                description = "http or https address of an MLflow server that is told parameters, metrics and at the end the models; none"
                        + " unless given. User and password, or token, are taken from MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD,"
                        + " or MLFLOW_TRACKING_TOKEN") String uri,
        @Option(names = "--mlflow-experiment", paramLabel = "NAME",
                description = "with --mlflow: the experiment that the run belongs to; made if it is not there (default: "
                        + MlflowOptions.EXPERIMENT + ")")
        String experiment) {
    private static final String EXPERIMENT = "ugatit-spark";

    /** Nobody is told. */
    public static final MlflowOptions NONE = new MlflowOptions(null, null);

    /** @throws InvalidRequestException if there is an address that is none of a server, or an experiment without a name */
    public MlflowOptions {
        if (uri != null && !isServer(uri)) {
            throw new InvalidRequestException("--mlflow is '" + uri.replaceFirst("//[^/]*@", "//...@")
                    + "': must be the address of an MLflow server's page, such as http://localhost:5000;"
                    + " user and password go by MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD");
        }
        if (experiment != null && experiment.isBlank()) {
            throw new InvalidRequestException("--mlflow-experiment is empty: must be a name");
        }
        if (experiment != null && uri == null) {
            throw new InvalidRequestException("--mlflow-experiment is " + experiment + ": is of a server, give --mlflow URI too");
        }
        experiment = experiment == null ? EXPERIMENT : experiment;
    }

    private static boolean isServer(String address) {
        try {
            URI server = new URI(address);
            return ("http".equalsIgnoreCase(server.getScheme()) || "https".equalsIgnoreCase(server.getScheme())) && server.getHost() != null
                    && server.getRawUserInfo() == null && server.getRawQuery() == null && server.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Whether anybody is told. */
    public boolean isOn() {
        return uri != null;
    }
}
