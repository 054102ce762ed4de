package io.ugatit.translate.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.ugatit.image.ImageEncoder;
import io.ugatit.job.InvalidRequestException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {

    @Test
    void aTranslationHasTheFormatsExtensionInPlaceOfTheImages() {
        assertThat(Plan.of(List.of("a/x.JPEG", "b/x.webp", "no-extension", "v1.2"), ImageEncoder.JPEG, false)).containsExactly(
                entry("a/x.JPEG", "a/x.jpg"), entry("b/x.webp", "b/x.jpg"), entry("no-extension", "no-extension.jpg"),
                entry("v1.2", "v1.2.jpg"));
    }

    @Test
    void imagesThatDifferInTheExtensionOnlyKeepIt() {
        assertThat(Plan.of(List.of("x.jpg", "x.png", "y.png"), ImageEncoder.PNG, false)).containsExactly(
                entry("x.jpg", "x.jpg.png"), entry("x.png", "x.png.png"), entry("y.png", "y.png"));
    }

    @Test
    void anImageWhoseTranslationWouldBeNamedLikeAFolderKeepsItsExtension() {
        assertThat(Plan.of(List.of("a/z.webp", "a/z.png/b/in.png"), ImageEncoder.PNG, false)).containsExactly(
                entry("a/z.webp", "a/z.webp.png"), entry("a/z.png/b/in.png", "a/z.png/b/in.png"));
        assertThat(Plan.of(List.of("z.webp", "z.heatmap.png/in.png"), ImageEncoder.PNG, true)).containsEntry("z.webp", "z.webp.png");
        assertThat(Plan.of(List.of("z.webp", "z.heatmap.png/in.png"), ImageEncoder.PNG, false)).containsEntry("z.webp", "z.png");
        assertThatThrownBy(() -> Plan.of(List.of("z.webp", "z.png/in.png", "z.webp.png/in.png"), ImageEncoder.PNG, false))
                .isInstanceOf(InvalidRequestException.class).hasMessage("the input holds the folder z.webp.png and z.webp, which would become"
                        + " z.webp.png too: rename one of them");
    }

    @Test
    void keysOfShardsHaveNoDotsInTheirLastName() {
        assertThat(Plan.inShards(List.of("a.b/x.jpg", "v1.2.png", "y.gif", "y.png"), ImageEncoder.JPEG)).containsExactly(
                entry("a.b/x.jpg", "a.b/x.jpg"), entry("v1.2.png", "v1_2.jpg"), entry("y.gif", "y_gif.jpg"), entry("y.png", "y_png.jpg"));
        assertThat(Plan.inShards(List.of("y.gif", "y.png", "y_png", "a/v.1.jpg", "a/v_1.jpg"), ImageEncoder.PNG)).containsExactly(
                entry("y.gif", "y_gif.png"), entry("y.png", "y_png-bf22b214ef7f.png"), entry("y_png", "y_png-6963583c1f4c.png"),
                entry("a/v.1.jpg", "a/v_1_jpg-b00cbc8f22da.png"), entry("a/v_1.jpg", "a/v_1_jpg-f10a2fef8a73.png"));
    }

    @Test
    void imagesThatWouldStillBecomeTheSameFileAreRefused() {
        assertThatThrownBy(() -> Plan.of(List.of("x.jpg", "x.jpg.gif", "x.png"), ImageEncoder.PNG, false))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("the input holds x.jpg and x.jpg.gif, which would both become x.jpg.png: rename one of them");
    }

    @Test
    void anImageNamedLikeAnothersHeatmapIsRefused() {
        assertThatThrownBy(() -> Plan.of(List.of("rejected.jsonl/x.gif"), ImageEncoder.PNG, false)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("the input holds a folder rejected.jsonl, as the list of images is called that could not be translated: rename it");
        assertThatThrownBy(() -> Plan.of(List.of("x.gif", "x.heatmap.gif"), ImageEncoder.PNG, true))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("the input holds x.gif and x.heatmap.gif, which would both become x.heatmap.png: rename one of them");
    }
}
