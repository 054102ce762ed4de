package io.ugatit.report.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.RgbImage;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleSheetTest {
    @Test
    void tilesStandInFourColumnsWithTransparentGutters() {
        BufferedImage sheet = SampleSheet.compose(Samples.rows(100, "x", "y"));

        assertThat(sheet.getWidth()).isEqualTo(4 * 100 + 3 * 8);
        assertThat(sheet.getHeight()).isEqualTo(2 * 100 + 8);
        for (int top : new int[] {0, 108}) {
            for (int offset : new int[] {0, 99}) {
                assertThat(sheet.getRGB(offset, top + offset)).isEqualTo(0xffff0000);
                assertThat(sheet.getRGB(216 + offset, top + offset)).isEqualTo(0xff00ff00);
                assertThat(sheet.getRGB(324 + offset, top + offset)).isEqualTo(0xff0000ff);
            }
        }
        for (int gutter : new int[] {100, 107, 208, 215, 316, 323}) {
            assertThat(sheet.getRGB(gutter, 50)).as("column %d", gutter).isZero();
        }
        assertThat(sheet.getRGB(50, 100)).isZero();
        assertThat(sheet.getRGB(50, 107)).isZero();
    }

    @Test
    void evenAttentionTintsTheSourceWithTheLowestColour() {
        BufferedImage sheet = SampleSheet.compose(Samples.rows(100, "x"));

        // (ff0000 + 30123b) / 2, rounded up
        assertThat(sheet.getRGB(108, 0)).isEqualTo(0xff98091e);
        assertThat(sheet.getRGB(207, 99)).isEqualTo(0xff98091e);
    }

    @Test
    void smallImagesAreEnlargedByAWholeFactorWithoutBlending() {
        byte[] pixels = new byte[3 * 64 * 64];
        pixels[3] = (byte) 200; // the second pixel of the first row
        RgbImage dot = new RgbImage(64, 64, pixels);
        BufferedImage sheet = SampleSheet.compose(List.of(new SampleRow("x", dot, new Heatmap(1, 1, new float[1]), dot, dot)));

        assertThat(sheet.getWidth()).isEqualTo(4 * 192 + 3 * 8);
        assertThat(sheet.getHeight()).isEqualTo(192);
        for (int y = 0; y < 5; y++) {
            for (int x = 0; x < 9; x++) {
                int expected = x >= 3 && x < 6 && y < 3 ? 0xffc80000 : 0xff000000;
                assertThat(sheet.getRGB(x, y)).as("pixel %d, %d", x, y).isEqualTo(expected);
            }
        }
        assertThat(SheetLayout.enlargement(32, 32)).isEqualTo(6);
        assertThat(SheetLayout.enlargement(96, 64)).isEqualTo(2);
        assertThat(SheetLayout.enlargement(256, 256)).isEqualTo(1);
    }

    @Test
    void imagesOfDifferentSizesAreRefused() {
        List<SampleRow> rows = new ArrayList<>(Samples.rows(64, "x"));
        rows.add(Samples.row("odd", 32));

        assertThatThrownBy(() -> SampleSheet.compose(rows)).hasMessage("Sample odd is 32 x 32 but the sheet's first is 64 x 64");
        assertThatThrownBy(() -> SampleSheet.compose(List.of())).hasMessage("A sample sheet needs at least one row");
        assertThatThrownBy(() -> new SampleRow("x", Samples.plain(2, 2, 0), new Heatmap(1, 1, new float[1]), Samples.plain(2, 3, 0),
                Samples.plain(2, 2, 0))).hasMessage("Sample x: source, translation and back-translation must have one size");
    }
}
