package io.ugatit.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.PathOption;
import io.ugatit.publish.Publishing;
import io.ugatit.publish.Removal;
import java.io.CharConversionException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Where a run keeps what. Making one touches no file.
 *
 * @param configuration finds the file system of the run
 * @param path the run's folder, on any Hadoop file system
 */
public record RunDirectory(Configuration configuration, Path path) {
    private static final int MAX_CONFIG_BYTES = 1 << 24;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * Finds the run that a job's {@code --run} names.
     *
     * @param path the run's folder, or a workspace of {@code retrain}, which stands for the run that is promoted now; on any Hadoop file
     *     system
     * @param configuration finds the file system
     * @return the run, which is there
     * @throws InvalidRequestException if it is no path or neither of the two, or the workspace's promoted run is not there
     * @throws JobFailedException if the file system fails
     */
    public static RunDirectory open(String path, Configuration configuration) {
        return open("--run", path, configuration);
    }

    /**
     * As the other, for another option.
     *
     * @param option that names the run, for messages
     */
    public static RunDirectory open(String option, String path, Configuration configuration) {
        RunDirectory run = new RunDirectory(configuration, PathOption.folder(configuration, option, path));
        if (run.exists()) {
            return run;
        }
        Promotion promotion = new Promotion(configuration, run.path());
        try {
            return promotion.name().map(promotion::run).orElseThrow(() -> new InvalidRequestException(
                    option + " " + path + " has no config.json; it must name the folder of a training run"));
        } catch (IOException e) {
            throw new JobFailedException(option + " " + path + ": cannot read " + promotion.file() + ": " + FileFailure.reason(e), e);
        }
    }

    /** @return the file of every effective option */
    public Path config() {
        return new Path(path, "config.json");
    }

    /** @return the folder of all checkpoints */
    public Path checkpoints() {
        return new Path(path, "checkpoints");
    }

    /**
     * @param step at least 0
     * @return the folder of the checkpoint after that step
     */
    public Path checkpoint(long step) {
        return new Path(checkpoints(), String.format(Locale.ROOT, "step-%08d", step));
    }

    /** @return the one-line file that names the newest checkpoint's folder */
    public Path latest() {
        return new Path(path, "LATEST");
    }

    /** @return the one-line file that names the best checkpoint's folder, if the training was evaluated */
    public Path best() {
        return new Path(path, "BEST");
    }

    /** @return the folder of the losses, and of the evaluations beside the training */
    public Path metrics() {
        return new Path(path, "metrics");
    }

    /** @return the folder of what the rounds took, and of how often the training was started */
    public Path rounds() {
        return new Path(path, "rounds");
    }

    /** @return the folder of TensorBoard's event files */
    public Path tensorboard() {
        return new Path(path, "tensorboard");
    }

    /** @return the folder of sample images */
    public Path samples() {
        return new Path(path, "samples");
    }

    /** @return the folder of evaluation results */
    public Path evaluation() {
        return new Path(path, "evaluation");
    }

    /** @return the folder of the features that evaluations keep of real images */
    public Path features() {
        return new Path(evaluation(), "features");
    }

    /** @return the HTML report */
    public Path report() {
        return new Path(path, "report.html");
    }

    /** The names of the folders that a run has. */
    public Set<String> folders() {
        return Stream.of(checkpoints(), metrics(), rounds(), tensorboard(), samples(), evaluation()).map(Path::getName)
                .collect(Collectors.toSet());
    }

    /**
     * @return whether the folder is a run, which is to say: has a configuration
     * @throws JobFailedException if the file system fails
     */
    public boolean exists() {
        try {
            return Publishing.fileSystem(configuration, path).exists(config());
        } catch (IOException e) {
            throw new JobFailedException("Cannot look for the run " + path + ": " + FileFailure.reason(e), e);
        }
    }

    /**
     * @return every effective option of the run
     * @throws InvalidRequestException if the folder is not a run or its configuration is not a JSON object of the format that this program
     *     writes
     * @throws JobFailedException if the file system fails
     */
    public ObjectNode readConfig() {
        try {
            JsonNode config = JSON.readTree(Publishing.read(configuration, config(), MAX_CONFIG_BYTES));
            if (config instanceof ObjectNode object) {
                RunConfig.requireFormat(object, config());
                return object;
            }
            throw new InvalidRequestException(config() + ": must hold a JSON object");
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException(path + ": is not a run, it has no config.json", e);
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(config() + ": is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (CharConversionException e) {
            throw new InvalidRequestException(config() + ": is not valid JSON: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new JobFailedException("Cannot read the run's configuration: " + FileFailure.reason(e), e);
        }
    }

    /**
     * Publishes the configuration, indented, in place of one that may be there.
     *
     * @param config every effective option, a JSON object
     * @throws JobFailedException if the file system fails; a configuration published before is still there
     */
    public void publishConfig(JsonNode config) {
        try {
            Publishing.write(configuration, config(), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config));
        } catch (IOException e) {
            throw new JobFailedException("Cannot publish " + config() + ": " + FileFailure.reason(e), e);
        }
    }

    /**
     * Deletes what killed writers left unfinished. For the one job that trains the run and holds its lock, as it starts. Reports and
     * evaluations are written without a lock: what lies where they write goes when it is a day old.
     *
     * @throws JobFailedException if the file system fails
     */
    public void removeStale() {
        try {
            for (Path folder : List.of(checkpoints(), metrics(), rounds(), tensorboard(), samples())) {
                Removal.asFarAsPossible(() -> Removal.removeStale(configuration, folder));
            }
            for (Path folder : List.of(path, evaluation(), features())) {
                Removal.asFarAsPossible(() -> Removal.removeAbandoned(configuration, folder));
            }
            new PublishedSteps(this).removeUncommitted();
        } catch (IOException e) {
            throw new JobFailedException("Cannot delete unfinished files in the run " + path + ": " + FileFailure.reason(e), e);
        }
    }
}
