package io.ugatit.report.markup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.RgbImage;
import io.ugatit.report.markup.ImageTable.Tile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class TablesTest {
    @Test
    void columnsOfNumbersAreAlignedToTheRightAndTextIsEscaped() {
        assertThat(new ValueTable(List.of("a <b>", "n"), List.of(List.of("x&y", "1,234"), List.of("z", ""))).html()).isEqualTo("""
                <table>
                <thead><tr><th style="text-align:left">a &lt;b&gt;</th><th style="text-align:right">n</th></tr>
                </thead>
                <tbody>
                <tr><td style="text-align:left">x&amp;y</td><td style="text-align:right">1,234</td></tr>
                <tr><td style="text-align:left">z</td><td style="text-align:right"></td></tr>
                </tbody>
                </table>
                """);
        assertThatThrownBy(() -> new ValueTable(List.of("a", "b"), List.of(List.of("x")))).hasMessageContaining("1 values, not 2: [x]");
    }

    @Test
    void imagesAreStoredNoLargerThanTheyAreShown() throws IOException {
        RgbImage large = new RgbImage(100, 50, new byte[3 * 100 * 50]);
        String html = new ImageTable(List.of("here"),
                List.of(List.of(Tile.of(large, "\"black\"")), List.of(Tile.none("none <drawn>")))).html(40);

        assertThat(html).contains("<th style=\"text-align:center\">here</th>", "width=\"40\" height=\"20\" alt=\"&quot;black&quot;\"",
                "<i>none &lt;drawn&gt;</i>");
        BufferedImage stored = stored(html);
        assertThat(List.of(stored.getWidth(), stored.getHeight(), stored.getRGB(20, 10))).containsExactly(40, 20, 0xff000000);
    }

    @Test
    void smallImagesAreEnlargedByWhoShowsThem() throws IOException {
        String html = new ImageTable(List.of(), List.of(List.of(Tile.of(new RgbImage(8, 8, new byte[3 * 8 * 8]), "")))).html(64);

        assertThat(html).contains("width=\"64\" height=\"64\"").doesNotContain("<th");
        assertThat(stored(html).getWidth()).isEqualTo(8);
    }

    private static BufferedImage stored(String html) throws IOException {
        String data = html.replaceAll("(?s).*base64,([^\"]+)\".*", "$1");
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(data)));
    }

    @Test
    void whatATerminalObeysIsNoPartOfATable() {
        assertThat(new ValueTable(List.of("file"), List.of(List.of("a\nb\u001b[31m\u009b0m\u2028.png"))).lines())
                .containsExactly("file", "a?b?[31m?0m?.png");
    }

    @Test
    void aTableOfTextAlignsNumbersToTheRight() {
        ValueTable table = new ValueTable(List.of("part", "images"), List.of(List.of("trainA", "7"), List.of("b", "1,234")));

        assertThat(table.lines()).containsExactly("part    images", "trainA       7", "b        1,234");
    }
}
