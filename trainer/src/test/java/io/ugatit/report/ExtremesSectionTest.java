package io.ugatit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.RgbImage;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.report.markup.Html;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtremesSectionTest {
    private static final String JPEG = Base64.getEncoder().encodeToString(ImageEncoder.JPEG.encode(new RgbImage(8, 4, new byte[96])));

    @TempDir
    Path run;

    private String html() throws IOException {
        StringWriter page = new StringWriter();
        new ExtremesSection(new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(run.toUri()))).write(new Html(page));
        return page.toString();
    }

    private void write(String name, String... lines) throws IOException {
        Files.createDirectories(run.resolve("evaluation"));
        Files.writeString(run.resolve("evaluation").resolve(name), String.join("\n", lines) + "\n");
    }

    private static String line(String direction, boolean worst, String image, double realism) {
        return "{\"direction\":\"" + direction + "\",\"worst\":" + worst + ",\"image\":\"" + image + "\",\"realism\":" + realism
                + ",\"source\":\"" + JPEG + "\",\"translation\":\"" + JPEG + "\"}";
    }

    @Test
    void theWorstAndBestOfTheNewestEvaluationAreShownWithTheirRealism() throws IOException {
        assertThat(html()).isEmpty();
        write("step-00000100-inception-extremes.jsonl", line("a2b", true, "old.png", 1));
        write("step-00001200-thumbnail-extremes.jsonl", line("a2b", true, "thumbnail.png", 1));
        write("step-00001200-inception-extremes.jsonl", line("a2b", true, "<worst>.png", 0.25), line("b2a", false, "best.png", 1.5));

        assertThat(html()).contains("Of the test images that were evaluated after step 1,200, by the realism of inception: from 1 on",
                "<caption>A to B, the least real</caption>", "&lt;worst&gt;.png</th><td>0.25</td>",
                "<caption>B to A, the most real</caption>", "best.png</th><td>1.5</td>",
                "<img width=\"8\" height=\"4\" alt=\"Translation of best.png\" src=\"data:image/jpeg;base64," + JPEG)
                .doesNotContain("old.png", "thumbnail.png", "B to A, the least");
    }

    @Test
    void aDamagedFileIsNamedWithItsLine() throws IOException {
        String name = "step-00000100-inception-extremes.jsonl";
        write(name, line("a2b", true, "x.png", 1), "{\"direction\":");
        refused(name + " is damaged in line 2: ");
        write(name, line("a2b", true, "x.png", -1));
        refused(name + " is damaged in line 1: realism or image is missing or wrong; delete it, or run evaluate again");
        write(name, line("a2b", true, "x.png", 1).replace(JPEG, "AAAA"));
        refused(name + " is damaged in line 1: ");
        write(name, "{}\n".repeat(65).split("(?<=})\n"));
        refused(name + " has 65 lines, at most 64 are right");
    }

    private void refused(String message) {
        assertThatThrownBy(this::html).isInstanceOf(InvalidRequestException.class).hasMessageContaining(message);
    }
}
