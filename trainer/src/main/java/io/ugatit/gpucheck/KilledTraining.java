package io.ugatit.gpucheck;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.job.JobFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Trains once undisturbed and once killed in the middle and resumed, and compares the bits of the ends. */
final class KilledTraining {
    private final WorkerProcess worker;
    private final Extent extent;

    KilledTraining(WorkerProcess worker, Extent extent) {
        this.worker = worker;
        this.extent = extent;
    }

    /** What a training has told. */
    private static final class End {
        private long from = -1;
        private long step;
        private String sha256 = "";
    }

    Finding run(double seconds) {
        try {
            Path folder = Files.createTempDirectory("ugatit-gpu-check");
            try {
                return run(seconds, folder);
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new JobFailedException("cannot keep checkpoints in Java's folder for temporary files: " + e.getMessage(), e);
        }
    }

    private Finding run(double seconds, Path folder) throws IOException {
        // between two checkpoints, so that steps are made again
        long killAt = extent.trainedSteps() / 2 + 1;
        End whole = train(seconds / 2, Files.createDirectory(folder.resolve("whole")), Long.MAX_VALUE);
        Path killed = Files.createDirectory(folder.resolve("killed"));
        End first = train(seconds / 4, killed, killAt);
        End second = train(seconds / 4, killed, Long.MAX_VALUE);
        boolean resumed = first.sha256.isEmpty() && second.from > 0 && second.from < extent.trainedSteps();
        boolean same = !whole.sha256.isEmpty() && whole.sha256.equals(second.sha256);
        String figure = (same ? "the same bits" : "OTHER BITS") + ": killed after step " + first.step + ", resumed from step " + second.from
                + (resumed ? "" : ", which is no resumption") + ", sha256 "
                + second.sha256.substring(0, Math.min(12, second.sha256.length()));
        return new Finding(extent.trainedSteps() + " steps of " + extent.trained().size() + "/" + extent.trained().ch(), figure,
                resumed && same,
                JsonNodeFactory.instance.objectNode().put("sha256", whole.sha256).put("resumed_sha256", second.sha256)
                        .put("killed_after", first.step).put("resumed_from", second.from));
    }

    private End train(double seconds, Path folder, long killAt) {
        End end = new End();
        worker.run("train", seconds, Map.of(), folder.toString(), line -> hear(end, line, killAt));
        return end;
    }

    private static boolean hear(End end, JsonNode line, long killAt) {
        end.from = line.path("from").asLong(end.from);
        end.step = line.path("step").asLong(end.step);
        end.sha256 = line.path("sha256").asText(end.sha256);
        return end.step < killAt;
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
