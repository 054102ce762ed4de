package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.cluster.TrainOptions;
import io.ugatit.cluster.feeding.ImageOrder;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.NetworkOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrainConfTest {
    @TempDir
    Path folder;

    private RetrainConf read(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("conf.json"), json);
        return RetrainConf.read(new Configuration(), file.toString());
    }

    private void refused(String json, String message) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--conf is " + folder.resolve("conf.json") + ": " + message);
    }

    @Test
    void trainsOptionsAreTakenByTheirNames() throws IOException {
        RetrainConf conf = read("{\"input\": \"in\", \"workspace\": \"w\", \"size\": 32, \"tolerance\": 0, \"extractor\": \"thumbnail\","
                + "\"train\": {\"steps\": 7, \"lr\": 2e-4, \"augment\": false, \"order\": \"sequential\", \"ch\": 8, \"full\": false}}");
        TrainOptions training = conf.training("data", "run", 12);
        assertThat(training.data()).isEqualTo("data");
        assertThat(training.run()).isEqualTo("run");
        assertThat(training.steps()).isEqualTo(7);
        assertThat(training.lr()).isEqualTo(2e-4);
        assertThat(training.augment()).isFalse();
        assertThat(training.order()).isEqualTo(ImageOrder.SEQUENTIAL);
        assertThat(training.network().size()).isEqualTo(32);
        assertThat(training.network().ch()).isEqualTo(8);
        assertThat(training.network().full()).isFalse();
        assertThat(training.seed()).as("the number of the cycle").isEqualTo(12);
        assertThat(conf.prep("data").size()).isEqualTo(32);
        assertThat(conf.evaluation("run", "data", "features").extractor()).isEqualTo("thumbnail");
        assertThat(conf.tolerance()).isZero();
    }

    @Test
    void whatIsLeftOutHasADefaultAndAGivenSeedStays() throws IOException {
        RetrainConf conf = read("{\"input\": \"in\", \"workspace\": \"w\", \"train\": {\"seed\": 4}}");
        assertThat(conf.size()).isEqualTo(256);
        assertThat(conf.evaluation("run", "data", "features").extractor()).isEqualTo("inception");
        assertThat(conf.tolerance()).isEqualTo(0.05);
        assertThat(conf.minTestImages()).isEqualTo(50);
        assertThat(conf.keep()).as("a week").isEqualTo(7);
        assertThat(conf.training("data", "run", 12).seed()).isEqualTo(4);
    }

    @Test
    void whatDecidesTheResultIsTheSameInOtherWordsAndNamedWhereItIsNot() throws IOException {
        CycleOptions before = options("{\"steps\": 7, \"lr\": 1, \"keep\": 2}", "");
        assertThat(before.values()).containsEntry("train.lr", "1.0").containsEntry("train.steps", "7").containsEntry("train.ch", "64")
                .containsEntry("train.seed", "the cycle's number").containsEntry("train.order", "shuffled").containsEntry("size", "256")
                .containsEntry("tolerance", "0.05").containsEntry("extractor", "inception")
                .doesNotContainKeys("train.data", "train.run", "train.keep", "train.checkpoint-every", "train.chunk-bytes", "train.resume",
                        "train.mlflow", "train.mlflow-experiment");
        assertThat(options("{\"lr\": 1.0, \"steps\": 7, \"light\": true, \"ch\": 64, \"augment\": true, \"checkpoint-every\": 3}",
                ", \"keep\": 3, \"size\": 256").changesSince(before)).isEmpty();
        CycleOptions now = options("{\"lr\": 0.5, \"steps\": 7, \"seed\": 1}", ", \"tolerance\": 1");
        assertThat(now.changesSince(before)).isEqualTo(
                "tolerance is 1.0, was 0.05; train.lr is 0.5, was 1.0; train.seed is 1, was the cycle's number");
        assertThat(now.ofTheRun().changesSince(before)).isEqualTo("train.lr is 0.5, was 1.0; train.seed is 1, was the cycle's number");
        assertThat(options("{\"full\": true}", "").changesSince(options("{}", ""))).isEqualTo("train.full is true, was false");
        assertThat(options("{\"hours\": 7.5}", "").ofTheRun().changesSince(options("{\"hours\": 2}", ""))).as("goes on").isEmpty();
        assertThat(options("{\"hours\": 7.5}", "").changesSince(options("{}", ""))).isEqualTo("train.hours is 7.5, was 0.0");
        // an option that only one of two versions of the program knows
        assertThat(now.changesSince(new CycleOptions(Map.of("train.momentum", "1", "tolerance", "1.0")))).isEmpty();
    }

    @Test
    void anExtractorThatNobodyNamedIsNoChangeOfOptionsWhenVersionsChooseAnother() throws IOException {
        RetrainConf unnamed = read("{\"input\": \"in\", \"workspace\": \"w\"}");
        RetrainConf named = read("{\"input\": \"in\", \"workspace\": \"w\", \"extractor\": \"inception\"}");
        CycleOptions before = read("{\"input\": \"in\", \"workspace\": \"w\", \"extractor\": \"random-conv\"}").options(NetworkOptions.DEFAULT);
        assertThat(unnamed.named(unnamed.options(NetworkOptions.DEFAULT)).changesSince(before)).isEmpty();
        assertThat(named.named(named.options(NetworkOptions.DEFAULT)).changesSince(before))
                .isEqualTo("extractor is inception, was random-conv");
    }

    private CycleOptions options(String train, String more) throws IOException {
        return read("{\"input\": \"in\", \"workspace\": \"w\", \"train\": " + train + more + "}").options(NetworkOptions.DEFAULT);
    }

    @Test
    void theExtractorOfEvaluationsKeepsItsKeyAndIsRefusedWithoutThem() throws IOException {
        assertThat(options("{}", "").values()).containsEntry("train.evaluate-extractor", "random-conv");
        assertThat(options("{\"evaluate-every\": 3}", "").values()).containsEntry("train.evaluate-extractor", "random-conv");
        assertThat(options("{\"evaluate-every\": 3, \"evaluate-extractor\": \"thumbnail\"}", "").values())
                .containsEntry("train.evaluate-extractor", "thumbnail");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"train\": {\"evaluate-extractor\": \"random-conv\"}}",
                "train: --evaluate-extractor is random-conv: says what evaluations compare, give --evaluate-every ROUNDS too");
    }

    @Test
    void keysThatAreUnknownMissingOrOfTheWrongTypeAreNamed() {
        refused("[]", "must hold a JSON object with the keys extractor, input, keep, min-test-images, size, tolerance, train, workspace");
        refused("{\"inputs\": \"in\"}", "unknown key 'inputs': the keys are extractor, input, keep, min-test-images, size, tolerance, train, workspace");
        refused("{\"workspace\": \"w\"}", "input is missing: must be a string");
        refused("{\"input\": 3, \"workspace\": \"w\"}", "input is 3: must be a string");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"size\": \"32\"}", "size is \"32\": must be a whole number");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"size\": 33}", "--size is 33: must be a multiple of 4 from 16 to 2048");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"keep\": 0}", "keep is 0: must be a whole number from 1");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"keep\": true}", "keep is true: must be a whole number from 1");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"min-test-images\": 1}",
                "min-test-images is 1: must be a whole number from 2");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"tolerance\": 2}", "tolerance is 2: must be a number from 0 to 1");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"extractor\": \"vgg\"}",
                "--extractor is 'vgg': must be one of random-conv, thumbnail, inception");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"train\": [1]}", "train is [1]: must be an object of options of the train command");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"train\": {\"steps\": null}}",
                "train.steps is null: must be a number, a string, true or false");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"train\": {\"step\": 4}}", "train: unknown option '--step': did you mean --steps?");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"train\": {\"steps\": \"many\"}}", "train: --steps is 'many': must be a whole number");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"train\": {\"run\": \"r\"}}",
                "train.run is not to be given here: every cycle has its own");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"train\": {\"step\": false}}",
                "train: unknown option '--step': did you mean --steps?");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"train\": {\"steps\": false}}",
                "train.steps is false: must be a number or a string");
        refused("{\"input\": \"in\", \"workspace\": \"w\", \"train\": {\"steps\": true}}",
                "train.steps is true: must be a number or a string");
    }

    @Test
    void aFlagThatIsOffIsItsOppositeIfThatHasAName() throws IOException {
        assertThat(read("{\"input\": \"in\", \"workspace\": \"w\", \"train\": {\"no-augment\": false}}").train()).isEmpty();
        assertThat(read("{\"input\": \"in\", \"workspace\": \"w\", \"train\": {\"full\": false}}").train()).containsExactly("--light");
        assertThat(read("{\"input\": \"in\", \"workspace\": \"w\", \"train\": {\"light\": false}}").train()).containsExactly("--full");
        assertThat(read("{\"input\": \"in\", \"workspace\": \"w\", \"train\": {\"no-augment\": true, \"full\": true}}").train())
                .containsExactly("--no-augment", "--full");
        assertThat(read("{\"input\": \"in\", \"workspace\": \"w\", \"train\": {\"augment\": false}}").train())
                .containsExactly("--no-augment");
    }

    @Test
    void aFileThatIsNotThereOrNoJsonIsRefused() {
        assertThatThrownBy(() -> RetrainConf.read(new Configuration(), folder.resolve("none.json").toString()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("--conf is " + folder.resolve("none.json") + ": there is no such file");
        assertThatThrownBy(() -> read("{\"input\": \"a\", \"input\": \"b\"}")).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("conf.json: is not JSON: Duplicate field 'input'");
        assertThatThrownBy(() -> read("\0\0\0 {\"input\": \"a\"}")).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("conf.json: is not JSON: Invalid UTF-32 character");
        refused(" ".repeat(1 << 20) + "{}", "is 1048578 bytes long: must be a JSON file of at most 1048576 bytes");
        assertThatThrownBy(() -> RetrainConf.read(new Configuration(), folder.toString())).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--conf is " + folder + ": is a folder: must be a JSON file of at most 1048576 bytes");
    }
}
