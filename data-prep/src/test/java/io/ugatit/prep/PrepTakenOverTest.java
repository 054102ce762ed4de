package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Split;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import io.ugatit.lock.OutputLock;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two jobs for one data set. */
@Tag("slow")
class PrepTakenOverTest extends VersionsFixture {
    /** Lets another job take a lock over and publish, as soon as a job warns of something. */
    private final class Interposed extends PrintStream {
        private boolean done;

        Interposed() {
            super(printed, true, StandardCharsets.UTF_8);
        }

        @Override
        public void println(String line) {
            super.println(line);
            if (line.startsWith("warning: ") && !done) {
                done = true;
                try (Stream<Path> locks = Files.list(folder)) {
                    for (Path lock : locks.filter(path -> OutputLock.isLock(path.getFileName().toString())).toList()) {
                        deleteAll(lock);
                    }
                    prepWith();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    @Test
    void aJobThatLostItsLockWhileItLookedAtTheInputLeavesWhatTheOtherPublished() throws IOException {
        prepWith();
        draw("trainB/new.png", 502, 30, 30);
        Files.copy(input.resolve("testA/x:y%20z.png"), input.resolve("trainA/of the test.png"));
        PrepOptions options = Options.parse(PrepOptions.class, "--input", input.toString(), "--output", output.toString(), "--size", "32");

        assertThatThrownBy(() -> new PrepJob(spark, options, new Interposed()).run()).isInstanceOf(JobFailedException.class)
                .hasMessageContaining("this job has lost its lock").hasMessageEndingWith("nothing more was published");

        ImageDataset published = ImageDataset.open(output.toString(), conf);
        assertThat(published.manifest().version()).isEqualTo(2);
        assertThat(sourcesOf(published, Domain.B, Split.TRAIN)).hasSize(8).contains("new.png");
        assertThat(siblingsOfOutput()).containsExactlyInAnyOrder("da ta", "in put ü");
    }

    @Test
    void aDataSetBehindALinkIsLockedAndMadeWhereItIs() throws IOException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Path real = disk.resolve("moved");
        prepTo(real);
        Files.createSymbolicLink(output, real);
        draw("trainB/new.png", 502, 30, 30);

        try (OutputLock lock = OutputLock.beside(conf, new org.apache.hadoop.fs.Path(real.toString()), "prep", "--output", line -> { })) {
            assertThatThrownBy(this::prepWith).isInstanceOf(InvalidRequestException.class).hasMessageContaining("is writing it");
            lock.requireHeld();
        }
        PrepResult second = prepWith();

        assertThat(second.version()).isEqualTo(2);
        assertThat(ImageDataset.open(real.toString(), conf).count(Domain.B, Split.TRAIN)).isEqualTo(8);
        assertThat(output).isSymbolicLink();
        try (Stream<Path> beside = Files.list(disk)) {
            assertThat(beside.toList()).isEqualTo(List.of(real));
        }
    }
}
