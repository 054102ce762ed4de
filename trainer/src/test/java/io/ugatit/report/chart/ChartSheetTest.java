package io.ugatit.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class ChartSheetTest {
    private static final Curve FALLING = new Curve(new double[] {10, 20}, new double[] {4, 0});
    private static final Curve NONE = new Curve(new double[0], new double[0]);

    @Test
    void chartsStandSideBySideWithTitlesAndLegends() throws Exception {
        LineChart chart = new LineChart("Loss <1>", "what is & was", List.of(new LineChart.Series("run \"a\"", "a", FALLING, false)));
        Element svg = parse(new ChartSheet(List.of(chart, chart, chart), 2).svg());

        // 400 and two margins of 14; 62 above and 14 below the 220
        assertThat(svg.getAttribute("width")).isEqualTo("856");
        assertThat(svg.getAttribute("height")).isEqualTo("592");
        assertThat(svg.getElementsByTagName("text").item(0).getTextContent()).isEqualTo("Loss <1>");
        assertThat(svg.getElementsByTagName("text").item(1).getTextContent()).isEqualTo("what is & was");
        assertThat(svg.getElementsByTagName("text").item(2).getTextContent()).contains("run \"a\"").endsWith("0");
        assertThat(svg.getElementsByTagName("clipPath").getLength()).isEqualTo(3);
        assertThat(((Element) svg.getElementsByTagName("clipPath").item(2)).getAttribute("id")).isEqualTo("clip-2");
    }

    @Test
    void chartsWithoutValuesAreLeftOutAndASheetOfNoneSaysSo() throws Exception {
        LineChart full = new LineChart("full", "", List.of(new LineChart.Series("x", "a", FALLING, false)));
        LineChart empty = new LineChart("empty", "", List.of(new LineChart.Series("x", "a", NONE, true)));

        assertThat(new ChartSheet(List.of(empty, full), 2).svg()).contains("full").doesNotContain("empty");
        assertThat(parse(new ChartSheet(List.of(empty), 2).svg()).getTextContent()).contains("No values yet.");
        assertThat(new ChartSheet(List.of(empty), 2).html()).contains("alt=\"no values yet\"");
        assertThatThrownBy(() -> new ChartSheet(List.of(), 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void inHtmlItIsOneImageWithAllInItAndADescription() {
        LineChart chart = new LineChart("\"Loss\"", "", List.of(new LineChart.Series("x", "a", FALLING, false)));
        ChartSheet sheet = new ChartSheet(List.of(chart), 3);

        assertThat(sheet.html()).isEqualTo("<img width=\"428\" alt=\"&quot;Loss&quot;; x from 4 to 0, least 0\""
                + " src=\"data:image/svg+xml;base64,"
                + Base64.getEncoder().encodeToString(sheet.svg().getBytes(StandardCharsets.UTF_8)) + "\"/>");
    }

    @Test
    void theMeanOfTwoCurvesIsTakenWhereBothHaveValues() {
        Curve mean = Curve.mean(new Curve(new double[] {1, 2, 4}, new double[] {1, 2, 4}),
                new Curve(new double[] {2, 3, 4}, new double[] {6, 0, 8}));

        assertThat(mean.steps()).containsExactly(2, 4);
        assertThat(mean.values()).containsExactly(4, 6);
        assertThat(Curve.mean(FALLING, NONE).isEmpty()).isTrue();
    }

    private static Element parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8))).getDocumentElement();
    }
}
