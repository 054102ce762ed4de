package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.cli.Ugatit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The nights' commands as schedulers and people give them: their statuses, and the lines that are read by others. */
@Tag("slow")
class NightCommandsTest extends Nights {
    private int status;

    private List<String> run(String... words) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        status = Ugatit.run(words, out, out);
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<String> retrain() throws IOException {
        return run("retrain", "--conf", Files.writeString(folder.resolve("conf.json"), conf.toString()).toString(), "--status-when-kept", "7");
    }

    @Test
    void everyNightEndsWithTheRunToTranslateWithAndTheStatusThatItsOutcomeHas() throws IOException {
        String runs = "file:" + workspace.resolve("runs") + "/";
        assertThat(retrain()).last().isEqualTo("promoted " + runs + "0001");
        assertThat(status).isZero();

        assertThat(retrain()).last().isEqualTo("still promoted " + runs + "0001");
        assertThat(status).as("nothing new").isZero();

        newImages(2);
        conf.put("tolerance", 0);
        training().put("lr", 1).put("steps", 4);
        assertThat(retrain()).last().isEqualTo("still promoted " + runs + "0001");
        assertThat(status).as("not promoted").isEqualTo(7);

        String there = workspace.toString();
        assertThat(run("history", "--workspace", there, "--output", folder.resolve("nights.html").toString()))
                .anyMatch(line -> line.startsWith(" 0001 ")).anyMatch(line -> line.startsWith(" 0002 ") && line.contains(" kept "))
                .contains("promoted: run 0001").last().isEqualTo("page " + folder.resolve("nights.html"));
        assertThat(status).isZero();
        assertThat(folder.resolve("nights.html")).content().contains("0002", "kept");

        assertThat(run("rollback", "--workspace", there, "--to", "0002")).containsExactly("promoted " + runs + "0002");
        assertThat(promoted()).isEqualTo("0002\n");
        assertThat(run("rollback", "--workspace", there, "--to", "0002"))
                .containsExactly("run 0002 is promoted already", "promoted " + runs + "0002");
        assertThat(run("rollback", "--workspace", there, "--to", "0009")).singleElement().asString().startsWith("--to is 0009: ");
        assertThat(status).isEqualTo(2);

        assertThat(run("prune", "--workspace", there, "--keep", "1")).containsExactly("nothing to delete");
        assertThat(names("runs")).as("the promoted run and the one it began with").containsExactly("0001", "0002");
    }

    @Test
    void aRunIsExportedAndADryRunOfItTellsWhatThereIsToDo() throws IOException {
        retrain();
        String run = workspace.resolve("runs/0001").toString();
        String file = folder.resolve("a2b.safetensors").toString();
        assertThat(run("export", "--run", run, "--output", file, "--format", "safetensors", "--direction", "a2b"))
                .containsExactly("exported genA2B at step 2", "file file:" + file);
        assertThat(status).isZero();

        String images = input.resolve("testA").toString();
        String output = folder.resolve("translations").toString();
        String[] words = {"translate", "--weights", file, "--direction", "a2b", "--input", images, "--output", output};
        List<String> dry = run("translate", "--weights", file, "--direction", "a2b", "--input", images, "--output", output, "--dry-run");
        assertThat(dry).contains("found 4 images and 0 other files; 4 are wanted, 0 translated before, 4 to do")
                .anyMatch(line -> line.matches("takes about .*: [0-9.e-]+ s an image and 1 at a time, measured on \\d"))
                .last().isEqualTo("wrote nothing; translations would be in file:" + output);
        Files.createDirectories(folder.resolve("broken"));
        Files.writeString(folder.resolve("broken/x.png"), "no image");
        String broken = folder.resolve("broken").toString();
        assertThat(run("translate", "--weights", file, "--direction", "a2b", "--input", broken, "--output", output, "--dry-run")).contains(
                "how long it takes is not known: none of the images that were tried could be translated; the first is x.png (not a JPEG, PNG,"
                        + " GIF, BMP, WebP or TIFF image)");
        assertThat(folder.resolve("translations")).doesNotExist();

        assertThat(run(words)).anyMatch(line -> line.startsWith("translated 4 images in "))
                .contains("left out 0 translated before, 0 that cannot be read or translated, 0 that are no images");
        assertThat(run(words)).contains("left out 4 translated before, 0 that cannot be read or translated, 0 that are no images");
    }
}
