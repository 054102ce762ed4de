package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.image.ImageEncoder;
import io.ugatit.image.ImageFormat;
import io.ugatit.image.metadata.Orientation;
import io.ugatit.image.metadata.OrientationMetadata;
import io.ugatit.job.Options;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class TranslateMetadataTest extends TranslateFixture {
    private static final String DESCRIPTION = "a cat on a wall";

    private TranslateOptions to(String name, String... more) {
        return Options.parse(TranslateOptions.class, Stream.concat(Stream.of("--weights", weights, "--size", String.valueOf(SIZE), "--direction",
                "a2b", "--input", input().toString(), "--output", folder.resolve(name).toString()), Stream.of(more)).toArray(String[]::new));
    }

    /** A JPEG that lies on its side, with a description. */
    private static byte[] turned(int describedBytes) {
        ByteBuffer exif = ByteBuffer.allocate(6 + 8 + 2 + 24 + 4 + describedBytes);
        exif.put("Exif\0\0MM\0*".getBytes(StandardCharsets.ISO_8859_1)).putInt(8).putShort((short) 2);
        exif.putShort((short) 270).putShort((short) 2).putInt(describedBytes).putInt(38);
        exif.putShort((short) 274).putShort((short) 3).putInt(1).putShort((short) 6).putShort((short) 0).putInt(0);
        exif.put((DESCRIPTION + " ".repeat(describedBytes - DESCRIPTION.length())).getBytes(StandardCharsets.ISO_8859_1));
        byte[] plain = ImageEncoder.JPEG.encode(noise(1));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(plain, 0, 2);
        file.writeBytes(ByteBuffer.allocate(4).putShort((short) 0xffe1).putShort((short) (2 + exif.capacity())).array());
        file.writeBytes(exif.array());
        file.write(plain, 2, plain.length - 2);
        return file.toByteArray();
    }

    @Test
    void metadataIsKeptInEveryShapeAndFormatAndTheTranslationIsUpright() throws Exception {
        Files.createDirectories(input());
        Files.write(input().resolve("x.jpg"), turned(60));
        assertThat(OrientationMetadata.ofJpeg(turned(60))).isEqualTo(Orientation.TURNED_90);
        translate(to("without"));
        for (String[] options : List.of(new String[] {"--keep-metadata"}, new String[] {"--keep-metadata", "--keep-size"},
                new String[] {"--keep-metadata", "--tile"}, new String[] {"--keep-metadata", "--format", "jpeg"},
                new String[] {"--keep-metadata", "--alpha", "keep"})) {
            String name = String.join("", options);
            TranslateResult result = translate(to(name, options));
            assertThat(result.metadataCut()).isZero();
            Path made = folder.resolve(name).resolve(name.contains("jpeg") ? "x.jpg" : "x.png");
            byte[] file = Files.readAllBytes(made);
            assertThat(new String(file, StandardCharsets.ISO_8859_1)).contains(DESCRIPTION);
            assertThat(name.contains("jpeg") ? OrientationMetadata.ofJpeg(file) : OrientationMetadata.ofPng(file)).isEqualTo(Orientation.UPRIGHT);
            assertThat(ImageIO.read(new ByteArrayInputStream(file)).getWidth()).isEqualTo(SIZE);
            if (options.length == 1) {
                assertThat(decode(made).pixels()).isEqualTo(decode(folder.resolve("without/x.png")).pixels());
            }
        }
        assertThat(ImageFormat.PNG.metadata(Files.readAllBytes(folder.resolve("without/x.png"))).isCut()).isFalse();
        assertThat(Files.readString(folder.resolve("without/x.png"), StandardCharsets.ISO_8859_1)).doesNotContain(DESCRIPTION);
    }

    @Test
    void metadataThatIsTooLongIsCountedAndTheImageTranslatedAllTheSame() throws Exception {
        addImages(1);
        Files.write(input().resolve("long.jpg"), turned(65_000));
        TranslateResult result = translate(to("out", "--keep-metadata"));
        assertThat(List.of(result.translated(), result.rejected(), result.metadataCut())).containsExactly(2L, 0L, 1L);
        assertThat(Files.readString(output().resolve("long.png"), StandardCharsets.ISO_8859_1)).doesNotContain(DESCRIPTION);
        assertRefused(to("out"), "--output is file:" + output() + ": its translations were made with metadata true, not false; choose another"
                + " --output, or --overwrite to translate all again");
    }
}
