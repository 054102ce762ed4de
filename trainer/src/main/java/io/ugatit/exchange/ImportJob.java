package io.ugatit.exchange;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.PathOption;
import io.ugatit.lock.OutputLock;
import io.ugatit.model.UgatitGraph;
import io.ugatit.publish.Publishing;
import io.ugatit.publish.Removal;
import io.ugatit.weights.WeightsFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
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
     * @throws JobFailedException if a file system fails; there is no run then, nor a part of one
     */
    public ImportResult run() {
        RunDirectory run = new RunDirectory(configuration, PathOption.folder(configuration, "--run", options.run()));
        Path weights = PathOption.qualified(configuration, "--weights", options.weights());
        try (OutputLock lock = OutputLock.inside(configuration, run.path(), "import", "--run", LOG::warn)) {
            return run(run, weights, lock);
        }
    }

    private ImportResult run(RunDirectory run, Path weights, OutputLock lock) {
        requireNew(run);
        Read read = read(weights);
        UgatitGraph graph = read.graph();
        lock.requireHeld();
        removeKilledImport(run);
        try {
            new CheckpointStore(run).publish(0, graph.namedParameters(), Map.of(), JsonNodeFactory.instance.objectNode().put("step", 0));
            run.publishConfig(RunConfig.of(graph.options()));
        } catch (JobFailedException e) {
            remove(run, e);
            throw new JobFailedException(e.getMessage() + "; no run was made", e);
        }
        return new ImportResult(options.run(), graph.options(), graph.params().length(), read.others());
    }

    /** The networks, and what else was in the file. */
    private record Read(UgatitGraph graph, Set<String> others) { }

    private Read read(Path file) {
        try (WeightsFile weights = WeightsFile.open(configuration, file)) {
            UgatitGraph graph = UgatitGraph.create(weights.allNetworks(options.size()), 0);
            weights.read(graph.namedParameters());
            return new Read(graph, weights.others());
        } catch (IOException e) {
            throw new JobFailedException("cannot read " + file + ": " + FileFailure.reason(e) + "; no run was made", e);
        }
    }

    /** What was written before the failure: no run is made of it. */
    private void remove(RunDirectory run, JobFailedException failure) {
        try {
            removeCheckpoint(run);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void removeKilledImport(RunDirectory run) {
        try {
            removeCheckpoint(run);
            Removal.asFarAsPossible(() -> Removal.removeStale(configuration, run.path()));
        } catch (IOException e) {
            throw new JobFailedException("cannot delete what a killed import left in " + run.path() + ": " + FileFailure.reason(e)
                    + "; no run was made", e);
        }
    }

    private void removeCheckpoint(RunDirectory run) throws IOException {
        FileSystem fileSystem = Publishing.fileSystem(configuration, run.path());
        fileSystem.delete(run.checkpoints(), true);
        fileSystem.delete(run.latest(), false);
    }

    /** Nothing, or what a killed import leaves: a checkpoint of step 0, whole or in part, and no configuration. */
    private void requireNew(RunDirectory run) {
        try {
            Set<String> ofImport = Set.of(run.checkpoints().getName(), run.latest().getName());
            if (!names(run.path()).allMatch(name -> OutputLock.isLock(name) || ofImport.contains(name) || isUnfinished(name))
                    || !names(run.checkpoints()).allMatch(name -> name.equals(run.checkpoint(0).getName()) || isUnfinished(name))) {
                throw new InvalidRequestException("--run is " + options.run() + ": exists already; delete it or choose another --run");
            }
        } catch (IOException e) {
            throw new JobFailedException("cannot look for the run " + options.run() + ": " + FileFailure.reason(e), e);
        }
    }

    private Stream<String> names(Path folder) throws IOException {
        return Arrays.stream(Publishing.list(Publishing.fileSystem(configuration, folder), folder)).map(status -> status.getPath().getName());
    }

    private static boolean isUnfinished(String name) {
        return name.startsWith(Publishing.TEMPORARY_PREFIX);
    }
}
