package io.ugatit.retrain;

import io.ugatit.job.InvalidRequestException;
import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.Option;

/**
 * Who is told what a night came to. None of them can fail it.
 *
 * @param url where the night's JSON is posted; null for nowhere
 * @param command what is run by {@code sh}, with the night's JSON on its standard input; null for none
 */
public record NotifyOptions(
        @Option(names = "--notify-url", paramLabel = "URL",
                description = "http or https address to which what the night came to is posted as JSON; must answer within "
                        + NotifyOptions.PATIENCE_SECONDS + " s; none unless given") String url,
        @Option(names = "--notify-command", paramLabel = "COMMAND",
                description = "command that sh runs with what the night came to as JSON on its standard input, when the workspace is free"
                        + " again; stopped after " + NotifyOptions.PATIENCE_SECONDS + " s; none unless given")
        String command) {
    static final int PATIENCE_SECONDS = 60;
    private static final int MOST_PORT = 65_535;
    /** Nobody is told. */
    public static final NotifyOptions NOBODY = new NotifyOptions(null, null);

    /** @throws InvalidRequestException if there is an address that is none, or an empty command */
    public NotifyOptions {
        if (url != null) {
            requireWeb(url);
        }
        if (command != null && command.isBlank()) {
            throw new InvalidRequestException("--notify-command is empty: must be a command");
        }
    }

    private static void requireWeb(String url) {
        String named = "--notify-url is '" + url + "': ";
        try {
            URI uri = new URI(url);
            if (!("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme())) || uri.getHost() == null) {
                throw new InvalidRequestException(named + "must be an address that begins with http:// or https://");
            }
            if (uri.getPort() == 0 || uri.getPort() > MOST_PORT) {
                throw new InvalidRequestException(named + "its port must be from 1 to " + MOST_PORT);
            }
        } catch (URISyntaxException e) {
            throw new InvalidRequestException(named + "must be an address that begins with http:// or https://", e);
        }
    }
}
