package io.ugatit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.ugatit.job.Host;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JvmCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM of its own takes the lock and waits, for the end of its input or for SIGKILL. */
class OutputLockOfKilledJvmTest {
    @TempDir
    private Path folder;

    private OutputLock take() {
        return OutputLock.inside(new Configuration(), output(), "translate", "--output", line -> fail("it waits: " + line));
    }

    private org.apache.hadoop.fs.Path output() {
        return new org.apache.hadoop.fs.Path(folder.toUri().toString(), "output");
    }

    private Process holder() throws IOException {
        Process process = new ProcessBuilder(JvmCommand.of(List.of("-Xmx256m"), Holder.class, output().toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String line = said.readLine(); // null if it dies
        while (line != null && !line.equals("held")) {
            line = said.readLine();
        }
        assertThat(line).as("the holder has ended").isEqualTo("held");
        return process;
    }

    @Test
    void whileItLivesItIsNamedAndOnceItIsKilledItsLockIsFreeAtOnce() throws Exception {
        Process holder = holder();
        try {
            assertThatThrownBy(this::take).isInstanceOf(InvalidRequestException.class).message()
                    .matches("--output is file:" + folder + "/output: the train job that process " + holder.pid() + " on host "
                            + Host.name() + " \\(user " + System.getProperty("user.name") + "\\) began at \\d{4}-\\d\\d-\\d\\d "
                            + "\\d\\d:\\d\\d:\\d\\d UTC is writing it; wait for it or choose another --output");
        } finally {
            holder.destroyForcibly();
        }
        assertThat(holder.waitFor()).isEqualTo(128 + 9);
        assertThat(folder.resolve("output/.ugatit-lock")).isNotEmptyDirectory();
        try (OutputLock lock = take()) {
            lock.requireHeld();
        }
        assertThat(folder.resolve("output")).isEmptyDirectory();
    }

    @Test
    void aJvmThatEndsLeavesNothing() throws Exception {
        Process holder = holder();
        holder.getOutputStream().close();
        assertThat(holder.waitFor()).isZero();
        assertThat(folder).isEmptyDirectory();
        take().close();
        assertThat(folder).isEmptyDirectory();
    }

    /** The other JVM. */
    static final class Holder {
        private Holder() { }

        public static void main(String[] args) throws IOException {
            try (OutputLock lock = OutputLock.inside(new Configuration(), new org.apache.hadoop.fs.Path(args[0]), "train", "--run",
                    System.out::println)) {
                System.out.println("held");
                System.in.read();
                lock.requireHeld();
            }
        }
    }
}
