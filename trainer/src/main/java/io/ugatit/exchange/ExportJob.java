package io.ugatit.exchange;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.exchange.onnx.OnnxModel;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.PathOption;
import io.ugatit.lock.OutputLock;
import io.ugatit.model.Network;
import io.ugatit.publish.Publishing;
import io.ugatit.publish.Publishing.Content;
import io.ugatit.translate.Direction;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Writes a checkpoint of a run for other programs. The run is only read, and may go on training meanwhile. Weights are streamed from the
 * checkpoint's file, so that the memory taken does not depend on the networks; DL4J's format takes the memory of the parameters.
 */
public final class ExportJob {
    private final Configuration configuration;
    private final ExportOptions options;
    private final PrintStream out;

    /**
     * @param configuration finds the file systems of the run and of what is written
     * @param out where warnings go: of damaged checkpoints, or of a lock that has to be watched
     */
    public ExportJob(Configuration configuration, ExportOptions options, PrintStream out) {
        this.configuration = configuration;
        this.options = options;
        this.out = out;
    }

    /**
     * Exports.
     *
     * @throws InvalidRequestException if there is no such run or checkpoint, the output exists already, another job is writing it, or the
     *     networks are too large for the format; nothing was written
     * @throws JobFailedException if a file system fails, the checkpoint was pruned meanwhile, or {@code --hub} cannot be made after
     *     {@code --output}, which is whole then
     */
    public ExportResult run() {
        RunDirectory run = RunDirectory.open(options.run(), configuration);
        Path output = free("--output", options.output(), run);
        Path hub = free("--hub", options.hub(), run);
        if (output != null && hub != null && (PathOption.isInside(output, hub) || PathOption.isInside(hub, output))) {
            throw new InvalidRequestException("--output is " + options.output() + ": must be outside --hub " + options.hub()
                    + " and not around it");
        }
        ExportSource source = ExportSource.find(run, options.checkpoint(), out::println);
        boolean written = false;
        try (CheckpointWeights weights = CheckpointWeights.open(source)) {
            Content file = output == null ? null : file(source, weights);
            Map<String, Content> folder = hub == null ? null
                    : new HubFolder(source, out::println).files(hub.getName(), options.license(), weights);
            try (OutputLock fileLock = lock("--output", options.output(), output);
                    OutputLock folderLock = lock("--hub", options.hub(), hub)) {
                if (output != null) {
                    Publishing.writeNew(configuration, output, held(file, fileLock));
                    written = true;
                }
                if (hub != null) {
                    Publishing.writeNew(configuration, hub, held(folder, folderLock));
                }
            }
        } catch (InvalidRequestException | IOException e) {
            throw failure(source, written, e);
        }
        return new ExportResult(source.step(), output == null ? List.of() : networks(), output == null ? null : output.toString(),
                hub == null ? null : hub.toString());
    }

    /** What ends the job. @param written whether the output is published already */
    private RuntimeException failure(ExportSource source, boolean written, Exception e) {
        String safe = written ? "; --output " + options.output() + " was written and is whole" : "; nothing was written";
        if (source.checkpoint().isPruned(e)) {
            return new JobFailedException("cannot export " + options.run() + ": " + source.checkpoint() + " was pruned meanwhile: start again"
                    + safe, e);
        }
        if (e instanceof InvalidRequestException refusal) {
            return written ? new JobFailedException(e.getMessage() + safe, e) : refusal;
        }
        return new JobFailedException("cannot export " + options.run() + ": " + FileFailure.reason(e)
                + "; the run is untouched, and what was published is whole", e);
    }

    /** What a user names to be made; null if he does not. */
    private Path free(String option, String value, RunDirectory run) {
        if (value == null) {
            return null;
        }
        Path path = PathOption.qualified(configuration, option, value);
        if (PathOption.isInside(path, run.path())) {
            throw new InvalidRequestException(option + " is " + value + ": must be outside --run " + options.run() + ", which is only read");
        }
        requireFree(option, value, path);
        return PathOption.folder(configuration, option, value); // looks at the folders around it
    }

    private void requireFree(String option, String value, Path path) {
        try {
            if (Publishing.exists(configuration, path)) {
                throw new InvalidRequestException(option + " is " + value + ": exists already; delete it or choose another " + option);
            }
        } catch (IOException e) {
            throw new JobFailedException(option + " is " + value + ": cannot look for it: " + FileFailure.reason(e) + "; nothing was written", e);
        }
    }

    private List<Network> networks() {
        if (options.direction() != null) {
            return List.of(options.direction().generator());
        }
        return options.format() == ExportFormat.ONNX ? List.of(Network.GEN_A2B) : List.of(Network.values());
    }

    private Content file(ExportSource source, CheckpointWeights weights) {
        Direction direction = options.direction();
        return switch (options.format()) {
            case SAFETENSORS -> {
                SafetensorsModel model = direction == null ? SafetensorsModel.all(source.network(), source.metadata())
                        : SafetensorsModel.one(direction.generator(), source.network(), source.metadata());
                yield stream -> model.write(stream, weights);
            }
            case ONNX -> {
                OnnxModel model = OnnxModel.of(networks().get(0), source.network(), source.step(), source.metadata());
                yield stream -> model.write(stream, weights::copy);
            }
            case DL4J -> {
                Dl4jModel model = Dl4jModel.of(source.network(), direction);
                yield stream -> model.write(stream, configuration, source);
            }
        };
    }

    /** Of what is to be made, which is not there yet; null for nothing. */
    private OutputLock lock(String option, String value, Path path) {
        if (path == null) {
            return null;
        }
        OutputLock lock = OutputLock.beside(configuration, path, "export", option, out::println);
        try {
            requireFree(option, value, path);
            return lock;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Makes sure, before it is published, that no other job has taken the output over. */
    private static Content held(Content content, OutputLock lock) {
        return stream -> {
            content.writeTo(stream);
            lock.requireHeld();
        };
    }

    private static Map<String, Content> held(Map<String, Content> files, OutputLock lock) {
        Map<String, Content> held = new LinkedHashMap<>();
        files.forEach((name, content) -> held.put(name, held(content, lock)));
        return held;
    }
}
