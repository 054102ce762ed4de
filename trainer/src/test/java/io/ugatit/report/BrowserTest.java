package io.ugatit.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.report.markup.Html;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser makes of the pages, where Chromium is installed: on a phone's, a laptop's and a very wide screen, light and dark. */
@Tag("slow")
class BrowserTest {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final int[] WIDTHS = {360, 1280, 2560};
    /** A page in a frame of each width; what it looks like, and what its switch and its slider do, as JSON in the document. */
    private static final String LOOK = """
            <script>
            function look(frame) {
              var page = frame.contentDocument, view = frame.contentWindow, shown = {width: frame.clientWidth};
              function display(selector) {
                var found = page.querySelector(selector);
                return found ? view.getComputedStyle(found).display : 'absent';
              }
              shown.scrollWidth = page.documentElement.scrollWidth;
              shown.background = view.getComputedStyle(page.body).backgroundColor;
              shown.chartsAcross = Array.from(page.querySelectorAll('#losses ~ .charts figure')).filter(function (one, i, all) {
                return one.getBoundingClientRect().top === all[0].getBoundingClientRect().top; }).length;
              page.getElementById('losses-linear').click();
              shown.linear = [display('.charts svg.linear'), display('.charts svg.logarithmic')];
              page.getElementById('losses-logarithmic').click();
              shown.logarithmic = [display('.charts svg.linear'), display('.charts svg.logarithmic')];
              var slider = page.querySelector('.wipe input');
              if (slider) {
                slider.value = 25;
                slider.dispatchEvent(new view.Event('input'));
                shown.images = page.querySelectorAll('.wipe .pane')[0].querySelectorAll('img').length;
                shown.cut = view.getComputedStyle(page.querySelector('.pane img + img')).clipPath;
                shown.name = page.querySelector('.shown').textContent;
                page.querySelector('.next').click();
                shown.next = page.querySelector('.shown').textContent;
                page.querySelectorAll('.sheet tbody')[0].click();
                shown.clicked = page.querySelector('.shown').textContent;
              }
              return shown;
            }
            onload = function () {
              var found = Array.from(document.querySelectorAll('iframe')).map(look);
              document.body.innerHTML = '';
              document.body.appendChild(document.createElement('pre')).textContent = JSON.stringify(found);
            };
            </script>
            """;

    @TempDir
    Path folder;

    private Path browser;
    private String console;

    @BeforeEach
    void findChromium() {
        Optional<Path> found = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name))).filter(Files::isExecutable).findFirst();
        Assumptions.assumeTrue(found.isPresent(), "no Chromium on the PATH");
        browser = found.get();
    }

    private Path report() throws IOException {
        Path run = ShownRun.write(folder.resolve("a-run-with-quite-a-long-name-of-its-own"), 1e-3);
        new ReportJob(new Configuration(), ReportOptions.of(run.toString())).run();
        return run.resolve("report.html");
    }

    private Path comparison() throws IOException {
        Path one = ShownRun.write(folder.resolve("one"), 1e-3);
        Path two = ShownRun.write(folder.resolve("two"), 1e-4);
        new CompareJob(new Configuration(), new ReportOptions(null, List.of(one.toString(), two.toString()), null)).run();
        return one.resolve("comparison.html");
    }

    @Test
    void theReportFitsEveryScreenAndItsSwitchAndSliderWork() throws Exception {
        JsonNode looks = look(report());

        assertThat(looks).hasSize(WIDTHS.length).allSatisfy(look -> {
            fits(look);
            assertThat(look.path("images").asInt()).as("source and translation").isEqualTo(2);
            assertThat(look.path("cut").asText()).isEqualTo("inset(0px 0px 0px 25%)");
            assertThat(look.path("name").asText()).isEqualTo("cat.jpg");
            assertThat(look.path("next").asText()).isEqualTo("folder-of-cats/another-cat-with-a-long-name.jpg");
            assertThat(look.path("clicked").asText()).isEqualTo("cat.jpg");
        });
        assertThat(looks).extracting(look -> look.path("chartsAcross").asInt()).as("charts side by side").containsExactly(1, 3, 6);
    }

    @Test
    void theComparisonFitsEveryScreenAndItsSwitchWorks() throws Exception {
        assertThat(look(comparison())).hasSize(WIDTHS.length).allSatisfy(BrowserTest::fits);
    }

    @Test
    void aDarkScreenGetsADarkPage() throws Exception {
        Path page = report();
        assertThat(look(page).get(0).path("background").asText()).isEqualTo("rgb(251, 250, 247)");
        assertThat(look(page, "--blink-settings=preferredColorScheme=0").get(0).path("background").asText()).isEqualTo("rgb(19, 20, 22)");
    }

    private static void fits(JsonNode look) {
        assertThat(look.path("scrollWidth").asInt()).as("no scrolling sideways").isEqualTo(look.path("width").asInt());
        assertThat(look.path("linear").toString()).isEqualTo("[\"block\",\"none\"]");
        assertThat(look.path("logarithmic").toString()).isEqualTo("[\"none\",\"block\"]");
    }

    private JsonNode look(Path page, String... more) throws Exception {
        StringBuilder frames = new StringBuilder("<!DOCTYPE html><body>");
        for (int width : WIDTHS) {
            frames.append("<iframe style=\"border:0;height:800px;width:").append(width).append("px\" srcdoc=\"")
                    .append(Html.escape(Files.readString(page))).append("\"></iframe>\n");
        }
        Path frame = Files.writeString(folder.resolve("frames.html"), frames + LOOK + "</body>");
        String dom = chromium(Stream.concat(Stream.of("--dump-dom", frame.toUri().toString()), Stream.of(more)).toList());
        Matcher found = Pattern.compile("<pre>(.*)</pre>", Pattern.DOTALL).matcher(dom);
        assertThat(found.find()).as("the page's answer in " + dom.substring(0, Math.min(2000, dom.length())) + console).isTrue();
        assertThat(console).as("no script fails and nothing is refused").doesNotContain("CONSOLE");
        return new ObjectMapper().readTree(found.group(1).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"));
    }

    private String chromium(List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(browser.toString(), "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-dev-shm-usage", "--hide-scrollbars", "--enable-logging=stderr", "--virtual-time-budget=10000",
                "--user-data-dir=" + folder.resolve("profile")));
        command.addAll(words);
        Path errors = folder.resolve("console");
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("exit status of " + browser).isZero();
        console = Files.readString(errors);
        return out;
    }
}
