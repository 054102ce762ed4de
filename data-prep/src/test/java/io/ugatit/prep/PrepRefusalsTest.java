package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What prep refuses before it writes anything. */
class PrepRefusalsTest extends PrepFixture {
    @Test
    void aTrainFolderThatIsItsTestFolderIsRefused() throws IOException {
        for (String file : sourcesOnDisk("trainB")) {
            Files.createDirectories(input.resolve("testB"));
            Files.copy(input.resolve("trainB").resolve(file), input.resolve("testB").resolve(file));
        }

        assertInvalid("--input holds the same images in trainB and testB, byte for byte: "
                + "no image must be both learnt from and judged by; take those of trainB out of testB");
    }

    @Test
    void pathsThatAreNoneAreNamedWithTheirOption() {
        assertThatThrownBy(() -> prep(input.toString(), Path.of("a:b"), 0)).hasMessage(
                "--output is a:b: what stands before a colon counts as a scheme; if it is a name, write ./a:b or the whole path");
        Path file = input.resolve("trainA/a1.png");
        assertThatThrownBy(() -> prep(input.toString(), file.resolve("data"), 0)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--output is " + file + "/data: file:" + file + " is a file, must be a folder");
    }

    @Test
    void anOutputThatExistsIsRefusedAndLeftAsItIs() throws IOException {
        Files.createDirectories(output);

        assertInvalid("--output is file:" + output + ": exists already; delete it or choose another --output");
        assertThat(output).isEmptyDirectory();
    }

    @Test
    void anOutputAmongTheImagesIsRefusedAndOneBesideTheirFoldersIsNot() throws IOException {
        output = input.resolve("trainA/nested/dataset");
        assertInvalid("--output is file:" + output + ": must be outside file:" + input.resolve("trainA") + ", whose images are read");

        output = input.resolve("dataset");
        assertThat(prep().trainA()).isEqualTo(40);
    }

    @Test
    void aMissingInputIsNamed() throws IOException {
        input = folder.resolve("nowhere");

        assertInvalid("--input is file:" + input + ": there is no such folder");
    }

    @Test
    void aMissingTrainFolderIsNamed() throws IOException {
        Files.move(input.resolve("trainB"), input.resolve("other"));

        assertInvalid("--input is file:" + input + ": trainB is missing; trainA and trainB are needed, testA and testB are welcome");
    }

    @Test
    void aTestFolderThatIsALinkToNothingIsNotTakenForMissing() throws IOException {
        Files.createSymbolicLink(input.resolve("testB"), Path.of("gone"));

        assertInvalid("--input is file:" + input + ": testB is a link to nothing");
    }

    @Test
    void aTrainFolderThatIsAFileIsNamed() throws IOException {
        Files.move(input.resolve("trainB"), input.resolve("other"));
        Files.writeString(input.resolve("trainB"), "a file");

        assertInvalid("--input is file:" + input + ": trainB is not a folder");
    }

    @Test
    void aTrainFolderWithoutImagesIsNamed() throws IOException {
        for (String file : sourcesOnDisk("trainB")) {
            Files.delete(input.resolve("trainB").resolve(file));
        }
        Files.writeString(input.resolve("trainB/README.txt"), "soon");

        assertInvalid("--input is file:" + input + ": trainB holds no images (JPEG, PNG, GIF, BMP, WebP, TIFF)");
    }

    @Test
    void aTrainFolderOfHiddenFilesSaysSo() throws IOException {
        for (String file : sourcesOnDisk("trainB")) {
            Files.move(input.resolve("trainB").resolve(file), input.resolve("trainB/." + file));
        }

        assertInvalid("--input is file:" + input + ": trainB holds no images (JPEG, PNG, GIF, BMP, WebP, TIFF); left out are "
                + "trainB/.ßü 日本 😀 0.jpg (hidden: its name begins with a dot), trainB/.ßü 日本 😀 1.jpg (hidden: its name begins with a dot), "
                + "trainB/.ßü 日本 😀 2.jpg (hidden: its name begins with a dot) and others");
    }

    @Test
    void anUnknownFileSystemIsNamed() {
        PrepOptions options = new PrepOptions("nosuch://host/in", output.toString(), 32, null, null, 0);

        assertThatThrownBy(() -> new PrepJob(spark, options).run())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("--input is nosuch://host/in: no file system is known for it");
    }
}
