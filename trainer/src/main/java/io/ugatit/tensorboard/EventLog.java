package io.ugatit.tensorboard;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.publish.Publishing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A run's event files, in {@code RUN/tensorboard}: they appear whole, one for the rounds up to a checkpoint and one each for its samples and
 * its evaluation, so that no kill leaves half of one. Names begin with the time when the training was started, then the step: TensorBoard
 * reads files in the order of their names, and those of a resumed training come after all before. What was written after the step that a
 * training resumes from is deleted, and the first event of every start tells a TensorBoard that has read it already to forget it. Of the
 * hyperparameters it takes the first ones, so those of a start that came to nothing, which binds nobody to its options, are deleted too. One
 * process writes at a time; {@link #scalars} and {@link #publish} are for one thread, the others for any.
 */
public final class EventLog {
    private static final Pattern FILE = Pattern.compile("events\\.out\\.tfevents\\.(\\d{10,18})\\.step-(\\d{8,18})\\.(\\d)");

    /** Some 20 MB of memory with many rho. */
    private static final int MOST_WAITING = 10_000;
    private final RunDirectory run;
    private final LongSupplier clock;
    private final int mostWaiting;
    private final List<Waiting> waiting = new ArrayList<>();
    private volatile long started;

    private record Waiting(long step, byte[] event) { }

    /** What a file holds, in the order in which those of one step are written. */
    private enum Kind { START, ROUNDS, SAMPLES, EVALUATION }

    /** @param run the run; need not exist yet */
    public EventLog(RunDirectory run) {
        this(run, System::currentTimeMillis, MOST_WAITING);
    }

    /**
     * @param clock milliseconds since 1970
     * @param mostWaiting rounds whose numbers are kept in memory
     */
    EventLog(RunDirectory run, LongSupplier clock, int mostWaiting) {
        this.run = run;
        this.clock = clock;
        this.mostWaiting = mostWaiting;
    }

    /**
     * Begins to write: deletes what there is of later steps, and says that the training goes on.
     *
     * @param step that the training goes on after; 0 of a new run
     * @param name of the run, on the page HPARAMS
     * @param hyperparameters by their names: Boolean, Number or else text
     * @throws IOException if the file system fails
     */
    public void start(long step, String name, Map<String, Object> hyperparameters) throws IOException {
        FileSystem files = Publishing.fileSystem(run.configuration(), run.tensorboard());
        started = clock.getAsLong() / 1000;
        for (FileStatus status : Publishing.list(files, run.tensorboard())) {
            Matcher file = FILE.matcher(status.getPath().getName());
            if (file.matches()) {
                started = Math.max(started, Long.parseLong(file.group(1)) + 1); // clocks go back
                boolean isVoidStart = step == 0 && Integer.parseInt(file.group(3)) == Kind.START.ordinal();
                if (Long.parseLong(file.group(2)) > step || isVoidStart) {
                    files.delete(status.getPath(), false);
                }
            }
        }
        write(step, Kind.START, List.of(Events.starts(time(), step + 1), Events.hyperparameters(time(), name, hyperparameters)));
    }

    /**
     * Keeps numbers in memory for the next {@link #publish}.
     *
     * @param step later than those before
     */
    public void scalars(long step, Map<String, Double> values) {
        waiting.add(new Waiting(step, Events.scalars(time(), step, values)));
    }

    /** Whether so many numbers wait that they are to be published at once: whoever goes on from a step before them drops them. */
    public boolean isFull() {
        return waiting.size() >= mostWaiting;
    }

    /**
     * Publishes what waits, if anything does.
     *
     * @param step the last that it is of
     * @throws IOException if the file system fails; it is then lost, so that what cannot be written does not fill the memory
     */
    public void publish(long step) throws IOException {
        if (waiting.isEmpty()) { // published in the middle, right before: a file of that step would be replaced by an empty one
            return;
        }
        List<byte[]> events = waiting.stream().sorted(Comparator.comparingLong(Waiting::step)).map(Waiting::event).toList();
        waiting.clear();
        write(step, Kind.ROUNDS, events);
    }

    /**
     * Publishes pictures of a step.
     *
     * @throws IOException if the file system fails
     */
    public void images(long step, Map<String, EventImage> images) throws IOException {
        write(step, Kind.SAMPLES, List.of(Events.images(time(), step, images)));
    }

    /**
     * Publishes what an evaluation found.
     *
     * @throws IOException if the file system fails
     */
    public void evaluation(long step, Map<String, Double> values) throws IOException {
        write(step, Kind.EVALUATION, List.of(Events.scalars(time(), step, values)));
    }

    private void write(long step, Kind kind, List<byte[]> events) throws IOException {
        RecordFile file = new RecordFile();
        file.add(Events.version(time()));
        events.forEach(file::add);
        String name = String.format(Locale.ROOT, "events.out.tfevents.%010d.step-%08d.%d", started, step, kind.ordinal());
        Publishing.write(run.configuration(), new Path(run.tensorboard(), name), file.toBytes());
    }

    private double time() {
        return clock.getAsLong() / 1e3;
    }
}
