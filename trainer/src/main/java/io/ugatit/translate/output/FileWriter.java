package io.ugatit.translate.output;

import io.ugatit.input.LeftOut;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.publish.Publishing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsDirectoryException;

/**
 * Translations as files by themselves: each is published in one piece and then logged.
 *
 * @param log of the output
 */
record FileWriter(ProvenanceLog log) implements TranslationWriter {
    /** So many translations of a task that is killed are made again. */
    private static final int LOGGED_AT_ONCE = 16;
    /** What local disks and HDFS allow. */
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_PATH = 4095;

    @Override
    public void write(int task, Iterator<MadeTranslation> made, Consumer<LeftOut> failed) {
        List<Provenance> lines = new ArrayList<>();
        while (made.hasNext()) {
            MadeTranslation next = made.next();
            Optional<String> reason = publish(next);
            if (reason.isPresent()) {
                failed.accept(new LeftOut(next.planned().image().path(), LeftOut.Kind.REJECTED, reason.get()));
                continue;
            }
            lines.add(next.planned().provenance());
            if (lines.size() % LOGGED_AT_ONCE == 0) {
                log(task, lines);
            }
        }
        log(task, lines);
    }

    private void log(int task, List<Provenance> lines) {
        try {
            log.write(task, lines);
        } catch (IOException e) {
            throw new JobFailedException("cannot write " + log.output().file(log.name()) + " (" + FileFailure.reason(e) + "); " + SAFE, e);
        }
    }

    /**
     * The heatmap first: whoever finds a translation need not look for it.
     *
     * @return why it never can be written; empty if it is
     */
    private Optional<String> publish(MadeTranslation made) {
        Folder to = log.output();
        String translated = made.planned().translation();
        EncodedTranslation files = made.encoded();
        Path file = to.file(translated);
        Path longest = files.heatmap().isPresent() ? to.file(Plan.heatmap(translated)) : file;
        try {
            if (files.heatmap().isPresent()) {
                Publishing.write(to.configuration(), longest, files.heatmap().get());
            }
            Publishing.write(to.configuration(), file, files.image());
            return Optional.empty();
        } catch (PathIsDirectoryException e) {
            return Optional.of("a folder is where its translation would be: " + e.getPath());
        } catch (FileAlreadyExistsException | ParentNotDirectoryException e) {
            return Optional.of("a file is where the folder of its translation would be: " + file.getParent());
        } catch (IllegalArgumentException e) { // of HDFS, which has no colons in names, and of stores of objects
            return Optional.of("the file system allows no such name: " + e.getMessage());
        } catch (IOException e) {
            return tooLong(longest).or(() -> {
                throw new JobFailedException("cannot write " + file + " (" + FileFailure.reason(e) + "); " + SAFE, e);
            });
        }
    }

    /** Asked only when writing failed: some file systems allow longer names. */
    private static Optional<String> tooLong(Path file) {
        for (Path part = file; !part.isRoot(); part = part.getParent()) {
            int name = part.getName().getBytes(StandardCharsets.UTF_8).length;
            if (name > LONGEST_NAME) {
                return Optional.of("the name " + part.getName() + " has " + name + " bytes, the file system allows " + LONGEST_NAME);
            }
        }
        int path = file.toUri().getPath().getBytes(StandardCharsets.UTF_8).length;
        return path > LONGEST_PATH
                ? Optional.of("the path of its translation has " + path + " bytes, the file system allows " + LONGEST_PATH) : Optional.empty();
    }
}
