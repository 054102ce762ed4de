package io.ugatit.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.OutputLock;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a run at step 0 of parameters that were trained elsewhere: to translate with, or to train on. Takes the memory of one model. The
 * run's configuration is written last, so that an import that was killed is no run.
 */
public final class ImportJob {
    private static final Logger LOG = LoggerFactory.getLogger(ImportJob.class);
    private final Configuration configuration;
    private final ImportOptions options;

    /** @param configuration finds the file systems of the weights and the run */
    public ImportJob(Configuration configuration, ImportOptions options) {
        this.configuration = configuration;
        this.options = options;
    }

    /**
     * Imports the weights.
     *
     * @throws InvalidRequestException if the weights are not those of six networks that go together, or the run exists or
     *     another job is writing it; nothing was written
     * @throws JobFailedException if a file system fails
     */
    public ImportResult run() {
        RunDirectory run = new RunDirectory(configuration, path("--run", options.run()));
        try (OutputLock lock = OutputLock.inside(configuration, run.path(), "import", "--run", LOG::warn)) {
            return run(run, lock);
        }
    }

    private ImportResult run(RunDirectory run, OutputLock lock) {
        requireNew(run);
        try (WeightsFile weights = WeightsFile.open(configuration, path("--weights", options.weights()))) {
            NetworkOptions network = weights.allNetworks(options.size());
            UgatitGraph graph = UgatitGraph.create(network, 0);
            weights.read(graph.namedParameters());
            lock.requireHeld();
            new CheckpointStore(run).publish(0, graph.namedParameters(), Map.of(), JsonNodeFactory.instance.objectNode().put("step", 0));
            run.publishConfig(RunConfig.of(network));
            return new ImportResult(options.run(), network, graph.params().length());
        } catch (IOException e) {
            throw new JobFailedException("cannot read " + options.weights() + ": " + Publishing.reason(e) + "; no run was made", e);
        }
    }

    private static Path path(String option, String value) {
        try {
            return new Path(value);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(option + " is " + value + ": " + Publishing.reason(e), e);
        }
    }

    private void requireNew(RunDirectory run) {
        try {
            FileSystem fileSystem = Publishing.fileSystem(configuration, run.path());
            FileStatus[] content = Publishing.list(fileSystem, run.path());
            if (!Arrays.stream(content).map(FileStatus::getPath).map(Path::getName).allMatch(OutputLock::isLock)) {
                throw new InvalidRequestException("--run is " + options.run() + ": exists already; delete it or choose another --run");
            }
        } catch (IOException e) {
            throw new JobFailedException("cannot look for the run " + options.run() + ": " + Publishing.reason(e), e);
        }
    }
}
