package io.ugatit.report.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SheetLayoutTest {
    @Test
    void aSheetHasAsManyRowsAsAreReadAgain() {
        assertThat(SheetLayout.mostRows(256, 256)).isGreaterThan(64);
        assertThat(SheetLayout.mostRows(1024, 1024)).isEqualTo(9);
        assertThat(SheetLayout.mostRows(2048, 2048)).isEqualTo(2);
        SheetLayout two = new SheetLayout(2, 2048, 2048);
        SheetLayout three = new SheetLayout(3, 2048, 2048);
        assertThat((long) two.width() * two.height()).isLessThan(40_000_000);
        assertThat((long) three.width() * three.height()).isGreaterThan(40_000_000);
        assertThat(SheetLayout.mostRows(8192, 8192)).as("one that is larger is better than none").isEqualTo(1);
    }

    @Test
    void smallImagesCountAsTheyAreDrawn() {
        assertThat(SheetLayout.mostRows(64, 64)).isEqualTo(SheetLayout.mostRows(192, 192));
    }
}
