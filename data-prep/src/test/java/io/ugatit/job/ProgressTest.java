package io.ugatit.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void aLineSaysDoneRateTimeLeftAndDetail() {
        Progress progress = new Progress("train", 400, "steps", out, nanos::get);
        seconds(37.5);
        progress.advance(120, "d 1.23 g 14.5");

        assertThat(lines()).containsExactly("train 120/400 steps, 3.2/s, 1 min 28 s left, d 1.23 g 14.5");
    }

    @Test
    void aSlowJobSaysSecondsEach() {
        Progress progress = new Progress("train", 100, "steps", out, nanos::get);
        seconds(54);
        progress.advance(10);

        assertThat(lines()).containsExactly("train 10/100 steps, 5.4 s each, 8 min 6 s left");
    }

    @Test
    void thereIsOneLineAnIntervalAndTheLastIsAlwaysPrinted() {
        Progress progress = new Progress("prep", 10, "files", out, nanos::get);
        for (int i = 1; i <= 10; i++) {
            seconds(2);
            progress.advance(1);
        }
        progress.finish("");

        assertThat(lines()).containsExactly(
                "prep 3/10 files, 2.0 s each, 14 s left",
                "prep 6/10 files, 2.0 s each, 8 s left",
                "prep 9/10 files, 2.0 s each, 2 s left",
                "prep 10/10 files, 2.0 s each, took 20 s");
    }

    @Test
    void stepsOfAnEarlierRunDoNotCountInTheRate() {
        Progress progress = new Progress("train", 200, 400, "steps", out, nanos::get, Duration.ZERO);
        seconds(10);
        progress.advance(100);

        assertThat(lines()).containsExactly("train 300/400 steps, 10/s, 10 s left");
    }

    @Test
    void nothingDoneYetHasNoRate() {
        Progress progress = new Progress("prep", 10, "files", out, nanos::get);
        seconds(6);
        progress.reach(0, "");

        assertThat(lines()).containsExactly("prep 0/10 files");
    }

    @Test
    void timesUseTheirTwoLargestUnits() {
        assertThat(Progress.time(59.6)).isEqualTo("1 min 0 s");
        assertThat(Progress.time(0.2)).isEqualTo("0 s");
        assertThat(Progress.time(7500)).isEqualTo("2 h 5 min");
        assertThat(Progress.time(273_600)).isEqualTo("3 d 4 h");
    }

    @Test
    void threadsCountTogether() {
        Progress progress = new Progress("prep", 1000, "files", out, nanos::get);
        IntStream.range(0, 1000).parallel().forEach(i -> progress.advance(1));

        assertThat(lines()).containsExactly("prep 1000/1000 files, took 0 s");
    }

    @Test
    void aStartBeyondTheTotalIsRefused() {
        assertThatThrownBy(() -> new Progress("x", 5, 4, "steps", out, nanos::get, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("progress from 5 to 4 is not possible");
    }

    private void seconds(double more) {
        nanos.addAndGet((long) (more * 1e9));
    }

    private String[] lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toArray(String[]::new);
    }
}
