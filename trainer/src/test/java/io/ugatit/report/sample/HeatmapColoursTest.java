package io.ugatit.report.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.RgbImage;
import org.junit.jupiter.api.Test;

class HeatmapColoursTest {
    @Test
    void coloursAreThoseOfTurbo() {
        assertThat(HeatmapColours.colour(0)).isEqualTo(0x30123b);
        assertThat(HeatmapColours.colour(1)).isEqualTo(0x7a0403);
        assertThat(HeatmapColours.colour(1 / 255f)).isEqualTo(0x321543);
        assertThat(HeatmapColours.colour(128 / 255f)).isEqualTo(0xa4fc3c);
        assertThat(HeatmapColours.colour(-5)).isEqualTo(0x30123b);
        assertThat(HeatmapColours.colour(5)).isEqualTo(0x7a0403);
    }

    @Test
    void theScaleOfTheHeatmapDoesNotMatter() {
        RgbImage black = Samples.plain(4, 4, 0);
        RgbImage small = HeatmapColours.overlay(new Heatmap(2, 2, new float[] {0, 1, 2, 3}), black);
        RgbImage large = HeatmapColours.overlay(new Heatmap(2, 2, new float[] {5e5f, 6e5f, 7e5f, 8e5f}), black);

        assertThat(large.pixels()).isEqualTo(small.pixels());
    }

    @Test
    void valuesBetweenTheCellsAreBilinear() {
        float[] ramp = {0, 1};
        RgbImage painted = HeatmapColours.overlay(new Heatmap(1, 2, ramp), Samples.plain(4, 1, 0));

        // pixel centres lie at cells -0.25, 0.25, 0.75, 1.25: the outer ones are held at the ends
        int[] values = {0x30123b, HeatmapColours.colour(0.25f), HeatmapColours.colour(0.75f), 0x7a0403};
        for (int x = 0; x < 4; x++) {
            for (int channel = 0; channel < 3; channel++) {
                int full = values[x] >> 16 - 8 * channel & 0xff;
                assertThat(painted.pixels()[3 * x + channel] & 0xff).isEqualTo((full + 1) / 2);
            }
        }
    }

    @Test
    void theOverlayIsHalfSourceAndHalfColour() {
        RgbImage painted = HeatmapColours.overlay(new Heatmap(1, 1, new float[] {7}), Samples.plain(1, 1, 0xffffff));

        assertThat(painted.pixels()).containsExactly(0x98, 0x89, 0x9d);
    }

    @Test
    void aHeatmapThatIsNotFiniteIsRefused() {
        assertThatThrownBy(() -> new Heatmap(1, 2, new float[] {0, Float.NaN})).hasMessage("A heatmap's values must be finite, one is NaN");
        assertThatThrownBy(() -> new Heatmap(3, 2, new float[5])).hasMessage("A heatmap of 2 x 3 cannot have 5 values");
    }
}
