package io.ugatit.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.prep.PrepOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class NameEncodingTest {
    @Test
    void withoutALocaleLocalFilesAndWordsThatMayHaveLostCharactersAreRefused() throws Exception {
        String loss = "this process reads names as ANSI_X3.4-1968, in which others than ASCII's get lost: ";
        List<String> said = inLocale("POSIX");

        assertThat(said.subList(0, 5)).containsExactly(
                "InvalidRequestException --input is file:/data/photos: " + loss
                        + "set LC_ALL=C.UTF-8 or another UTF-8 locale, and for executors --conf spark.executorEnv.LC_ALL=C.UTF-8",
                "JobFailedException the executor on " + Host.name() + " cannot work in file:/data/photos: " + loss
                        + "give --conf spark.executorEnv.LC_ALL=C.UTF-8",
                "elsewhere: fine", "elsewhere in a task: fine", "ASCII: fine");
        assertThat(said.get(5)).startsWith("InvalidRequestException --output is 'f")
                .endsWith("': " + loss + "set LC_ALL=C.UTF-8 or another UTF-8 locale");
    }

    @Test
    void inAUtf8LocaleAllIsFine() throws Exception {
        assertThat(inLocale("C.UTF-8")).containsExactly("local: fine", "local in a task: fine", "elsewhere: fine", "elsewhere in a task: fine",
                "ASCII: fine", "not ASCII: fine");
    }

    /** What {@link #main} says in a process of its own. */
    private static List<String> inLocale(String locale) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(JvmCommand.of(List.of("-Xmx256m",
                "-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile")), NameEncodingTest.class, "five", "f\u00fcnf"))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", locale);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().toList();
    }

    /**
     * The process: asks for a local file system and another one, then reads an option.
     *
     * @param args two words, the second not in ASCII
     */
    public static void main(String[] args) throws IOException {
        Configuration conf = new Configuration();
        conf.setClass("fs.elsewhere.impl", Elsewhere.class, FileSystem.class);
        for (String scheme : List.of("file", "elsewhere")) {
            org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(scheme + ":/data/photos");
            String label = scheme.equals("file") ? "local" : scheme;
            say(label, () -> NameEncoding.require("--input", path));
            say(label + " in a task", () -> NameEncoding.requireInTask(conf, path.toString()));
        }
        say("ASCII", () -> Options.parse(PrepOptions.class, "--input", "in", "--output", args[0]));
        say("not ASCII", () -> Options.parse(PrepOptions.class, "--input", "in", "--output", args[1]));
    }

    /** Something that may be refused. */
    @FunctionalInterface
    private interface Asked {
        void run() throws IOException;
    }

    private static void say(String what, Asked asked) throws IOException {
        try {
            asked.run();
            System.out.println(what + ": fine");
        } catch (InvalidRequestException | JobFailedException e) {
            System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    /** A file system that is not this machine's. */
    public static final class Elsewhere extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("elsewhere:///");
        }

        @Override
        public String getScheme() {
            return "elsewhere";
        }
    }
}
