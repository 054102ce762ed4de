package io.ugatit.soak;

import io.ugatit.process.JavaProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A training whose driver is started again until it is done, whoever ended it, and whose rounds are heard of as they end. */
final class SupervisedTraining implements AutoCloseable {
    /** A training that gives up so often and does nothing in between would do so for ever. */
    private static final int VAIN_STARTS = 10;
    private static final long LOOK_MILLIS = 10;

    private final Starter starter;
    private final Thread supervisor = new Thread(this::supervise, "soak-supervisor");
    private final List<Round> rounds = new ArrayList<>();
    private final List<String> gaveUp = new ArrayList<>();
    private JavaProcess driver;
    private int life;
    private boolean killed;
    private boolean ended;
    private String failure;

    /** The end of a round: in which driver's life, which step, and when. */
    record Round(int life, long step, long nanos) { }

    /** Starts drivers. */
    interface Starter {
        /** @param life which one it is, from 1 */
        JavaProcess start(int life) throws IOException;

        /** What that driver says. */
        Path log(int life);
    }

    SupervisedTraining(Starter starter) {
        this.starter = starter;
        supervisor.setDaemon(true);
        supervisor.start();
    }

    private void supervise() {
        try {
            int vain = 0;
            while (true) {
                int before = rounds().size();
                JavaProcess started = starter.start(life + 1);
                synchronized (this) {
                    life++;
                    killed = false;
                    driver = started;
                }
                follow(started);
                int status = started.await();
                vain = rounds().size() > before ? 0 : vain + 1;
                if (status == 0 || vain == VAIN_STARTS || !note(status)) {
                    end(status == 0 ? null : "the training was started " + vain + " times and came no further");
                    return;
                }
            }
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            end("the training is not watched any more: " + e);
        }
    }

    /** Writes down why a driver has ended that nobody has killed. Returns whether it is to be started again. */
    private synchronized boolean note(int status) throws IOException {
        if (!killed) {
            gaveUp.add("start " + life + ", status " + status + ": " + driver.said().lines()
                    .filter(line -> line.startsWith(SoakDriver.FAILED)).findFirst().orElse("no word"));
        }
        return !ended;
    }

    private synchronized void end(String why) {
        ended = true;
        failure = why;
    }

    private void follow(JavaProcess process) throws IOException, InterruptedException {
        try (RandomAccessFile log = new RandomAccessFile(starter.log(life).toFile(), "r")) {
            StringBuilder line = new StringBuilder();
            for (boolean alive = true; alive;) {
                alive = process.isAlive(); // before reading: what it has said last counts too
                read(log, line);
                if (alive) {
                    TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                }
            }
        }
    }

    private void read(RandomAccessFile log, StringBuilder line) throws IOException {
        byte[] bytes = new byte[1 << 16];
        for (int count = log.read(bytes); count > 0; count = log.read(bytes)) {
            line.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
            for (int end = line.indexOf("\n"); end >= 0; end = line.indexOf("\n")) {
                hear(line.substring(0, end));
                line.delete(0, end + 1);
            }
        }
    }

    private synchronized void hear(String line) {
        if (line.matches(SoakListener.ROUND + "\\d+")) {
            rounds.add(new Round(life, Long.parseLong(line.substring(SoakListener.ROUND.length())), System.nanoTime()));
        }
    }

    /** All rounds that were heard of, also those that a killed driver did in vain. */
    synchronized List<Round> rounds() {
        return List.copyOf(rounds);
    }

    /** The driver, if it has ended a round since it was started and is there to be harmed; else null. */
    synchronized JavaProcess trainingDriver() {
        return !ended && !killed && driver != null && driver.isAlive() && !rounds.isEmpty()
                && rounds.get(rounds.size() - 1).life() == life ? driver : null;
    }

    /** SIGKILL for the driver that was given out, unless another has taken its place. */
    synchronized boolean kill(JavaProcess which) {
        if (which != driver || !which.isAlive()) {
            return false;
        }
        killed = true;
        which.close();
        return true;
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    /** Why it has ended without being done; null if it is done, or goes on. */
    synchronized String failure() {
        return failure;
    }

    /** How often a driver was started. */
    synchronized int starts() {
        return life;
    }

    /** What drivers said that ended before the training was done and were not killed. */
    synchronized List<String> gaveUp() {
        return List.copyOf(gaveUp);
    }

    /** Ends it for good. */
    @Override
    public void close() {
        synchronized (this) {
            ended = true;
            if (driver != null) {
                driver.close();
            }
        }
    }
}
