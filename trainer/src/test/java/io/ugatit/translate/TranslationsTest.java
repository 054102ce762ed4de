package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.translate.Translations.Translation;
import io.ugatit.translate.output.TranslationRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class TranslationsTest extends TranslateFixture {
    @Test
    void aFolderTellsWhatItsTranslationsAreOf() throws IOException {
        addImage("b/two.png", noise(2));
        addImage("one.png", noise(1));
        translate(options(true, false));

        List<Translation> translations = list(output());

        assertThat(translations).extracting(Translation::name).containsExactly("b/two.png", "one.png");
        Translation one = translations.get(1);
        assertThat(Path.of(one.source().toUri())).isEqualTo(input().resolve("one.png"));
        assertThat(Path.of(one.translation().toUri())).isEqualTo(output().resolve("one.png"));
        assertThat(Path.of(one.heatmap().orElseThrow().toUri())).isEqualTo(output().resolve("one.heatmap.png")).exists();
    }

    @Test
    void withoutHeatmapsThereAreNone() throws IOException {
        addImages(1);
        translate();

        assertThat(list(output())).singleElement().extracting(Translation::heatmap).isEqualTo(Optional.empty());
    }

    @Test
    void aFolderThatHoldsNoTranslationsIsRefused() throws IOException {
        assertThatThrownBy(() -> list(folder)).isInstanceOf(InvalidRequestException.class)
                .hasMessage(folder + " holds no translations: translate's --output makes such a folder");
        Files.writeString(folder.resolve(TranslationRecord.FILE), "{");
        assertThatThrownBy(() -> list(folder)).isInstanceOf(InvalidRequestException.class)
                .hasMessage(folder + ": _translation.json is damaged: translate again with --overwrite");
        Files.writeString(folder.resolve(TranslationRecord.FILE), "{\"input\":\"file:/x\",\"sources\":\"../elsewhere\"}");
        assertThatThrownBy(() -> list(folder)).isInstanceOf(InvalidRequestException.class).hasMessageContaining("is damaged, it names no log");
    }

    private static List<Translation> list(Path folder) {
        return Translations.in(folder.toString(), new Configuration());
    }
}
