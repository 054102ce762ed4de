package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A night was killed between its verdict and the record that it was carried out. */
@Tag("slow")
class CutPromotionTest extends Nights {
    private RetrainResult second;
    private byte[] record;

    @BeforeEach
    void twoNights() throws IOException {
        night();
        newImages(2);
        second = night();
        record = Files.readAllBytes(workspace.resolve("cycles/0002.json"));
        assertThat(promoted()).isEqualTo("0002\n");
    }

    private void cutWhile(String promoted) throws IOException {
        Files.write(workspace.resolve("cycles/0002.json"),
                JSON.writeValueAsBytes(((ObjectNode) JSON.readTree(record)).put("outcome", "promoting")));
        Files.writeString(workspace.resolve("PROMOTED"), promoted + "\n");
    }

    private String rollback() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        new RollbackJob(new Configuration(), new RollbackOptions(workspace.toString(), null),
                new PrintStream(said, true, StandardCharsets.UTF_8)).run();
        return said.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void theNextNightPromotesWhateverItIsAskedForThen() throws IOException {
        newImages(3);
        training().put("lr", 2e-6);
        conf.put("tolerance", 0).put("extractor", "inception");
        for (String promoted : new String[] {"0001", "0002"}) {
            cutWhile(promoted);
            RetrainResult third = night();
            assertThat(said()).contains("cycle 0002 was judged, but its promotion was cut short: run 0002 is promoted now");
            assertThat(third.outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
            assertThat(third.cycle()).isEqualTo("0002");
            assertThat(third.kid()).isEqualTo(second.kid());
            assertThat(promoted()).isEqualTo("0002\n");
            assertThat(Files.readAllBytes(workspace.resolve("cycles/0002.json"))).isEqualTo(record);
        }
        assertThat(beginnings).as("nothing is trained").hasSize(2);
        conf.put("tolerance", 1).put("extractor", "random-conv");
        assertThat(night().cycle()).isEqualTo("0003");
        assertThat(cycle("0003").path("start").textValue()).isEqualTo("0002");
    }

    @Test
    void aRollbackFinishesItFirstAndStands() throws IOException {
        for (String promoted : new String[] {"0001", "0002"}) {
            cutWhile(promoted);
            assertThat(rollback()).isEqualTo("cycle 0002 was judged, but its promotion was cut short: run 0002 is promoted now");
            assertThat(promoted()).isEqualTo("0001\n");
            assertThat(Files.readAllBytes(workspace.resolve("cycles/0002.json"))).isEqualTo(record);
            assertThat(night().reason()).startsWith("nothing new: run 0001 was promoted by hand");
            assertThat(promoted()).isEqualTo("0001\n");
        }
    }
}
