package io.ugatit.mlflow;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.exchange.ExportFormat;
import io.ugatit.exchange.ExportJob;
import io.ugatit.exchange.ExportOptions;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.translate.Direction;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Both generators of a run's newest checkpoint as safetensors and ONNX, as {@code export} makes them, one file at a time on the local disk.
 */
final class ModelFiles {
    private static final List<ExportFormat> FORMATS = List.of(ExportFormat.SAFETENSORS, ExportFormat.ONNX);
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    private final RunDirectory run;

    ModelFiles(RunDirectory run) {
        this.run = run;
    }

    /** Takes a file. */
    @FunctionalInterface
    interface Receiver {
        /** @param name such as {@code a2b.onnx} */
        void take(String name, Path file) throws IOException, InterruptedException;
    }

    /**
     * Makes every file, gives it away, and deletes it.
     *
     * @throws IOException if a file cannot be made, or from who takes it
     */
    void forEach(Receiver receiver) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("ugatit-mlflow-");
        try {
            for (Direction direction : Direction.values()) {
                for (ExportFormat format : FORMATS) {
                    String name = (direction + "." + format).toLowerCase(Locale.ROOT);
                    Path file = folder.resolve(name);
                    try {
                        export(direction, format, file);
                        receiver.take(name, file);
                    } finally {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } finally {
            delete(folder);
        }
    }

    private void export(Direction direction, ExportFormat format, Path file) throws IOException {
        try {
            new ExportJob(run.configuration(), new ExportOptions(run.path().toString(), file.toUri().toString(), format, direction, null, null,
                    null), NOWHERE).run();
        } catch (InvalidRequestException | JobFailedException e) {
            throw new IOException(FileFailure.reason(e), e);
        }
    }

    /** With what else the file system has put beside them, checksums say. */
    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
