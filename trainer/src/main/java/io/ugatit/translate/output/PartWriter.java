package io.ugatit.translate.output;

import io.ugatit.input.LeftOut;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.publish.Publishing;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Many translations a file. A file's lines are logged before the file gets its name: so every file that is seen is logged, and lines of one
 * that was never finished count for nothing. Holds the translation at hand and what the format holds.
 */
final class PartWriter implements TranslationWriter {
    /** A file that has so many bytes gets no more: tar readers and object stores like files of a gigabyte or less. */
    static final long FULL = 1L << 30;

    private final ProvenanceLog log;
    private final OutputKind kind;
    private final PartFormat format;
    private final int most;

    /**
     * @param log of the output
     * @param most translations a file, at least 1
     */
    PartWriter(ProvenanceLog log, OutputKind kind, PartFormat format, int most) {
        this.log = log;
        this.kind = kind;
        this.format = format;
        this.most = most;
    }

    @Override
    public void write(int task, Iterator<MadeTranslation> made, Consumer<LeftOut> failed) {
        List<Provenance> lines = new ArrayList<>();
        for (int number = 0; made.hasNext(); number++) {
            String name = kind.part(log.name(), task, number);
            Folder to = log.output();
            try {
                Publishing.write(to.configuration(), to.file(name), out -> fill(out, name, task, made, lines));
            } catch (IOException e) {
                throw new JobFailedException("cannot write " + to.file(name) + " (" + FileFailure.reason(e) + "); " + SAFE, e);
            }
        }
    }

    private void fill(OutputStream out, String name, int task, Iterator<MadeTranslation> made, List<Provenance> lines) throws IOException {
        PartFormat.Part part = format.begin(out);
        int count = 0;
        while (count < most && part.length() < FULL && made.hasNext()) {
            MadeTranslation next = made.next();
            part.add(next);
            lines.add(next.planned().provenance().in(name));
            count++;
        }
        part.finish();
        log.write(task, lines);
    }
}
