package io.ugatit.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

class OptionsTest {
    enum Order { SHUFFLED, SEQUENTIAL, BY_NAME }

    record Network(
            @Option(names = "--ch", defaultValue = "64", description = "Channels.") int ch,
            @Option(names = "--full", description = "The full model.") boolean full) {}

    record Training(
            @Option(names = {"-d", "--data"}, required = true, paramLabel = "DATASET", description = "The data set.") String data,
            @Option(names = "--run", required = true) String run,
            @Option(names = "--steps", defaultValue = "100") int steps,
            @Option(names = "--workers") Integer workers,
            @Option(names = "--seed", defaultValue = "7") long seed,
            @Option(names = "--lr", defaultValue = "1e-4") double rate,
            @Option(names = "--decay") Double decay,
            @Option(names = "--augment", negatable = true, defaultValue = "true", description = "Flip and crop.") boolean augment,
            @Option(names = "--mirror", negatable = true) boolean mirror,
            @Option(names = "--order", defaultValue = "shuffled") Order order,
            @Option(names = "--second-order") Order secondOrder,
            @Mixin Network network) {
        Training {
            if (steps < 1) {
                throw new InvalidRequestException("--steps is " + steps + ": must be at least 1");
            }
        }
    }

    private static Training parse(String... more) {
        String[] args = new String[more.length + 4];
        System.arraycopy(new String[] {"--data", "d", "--run", "r"}, 0, args, 0, 4);
        System.arraycopy(more, 0, args, 4, more.length);
        return Options.parse(Training.class, args);
    }

    @Test
    void optionsThatAreNotGivenHaveTheirDefaults() {
        assertThat(parse()).isEqualTo(new Training("d", "r", 100, null, 7L, 1e-4, null, true, false, Order.SHUFFLED, null,
                new Network(64, false)));
    }

    @Test
    void everyTypeIsRead() {
        assertThat(parse("--steps", "5", "--workers=2", "--seed", "9000000000", "--lr", "0.5", "--decay", "-1e-3", "--mirror",
                "--order", "sequential", "--second-order", "by-name", "--ch", "32", "--full"))
                .isEqualTo(new Training("d", "r", 5, 2, 9_000_000_000L, 0.5, -1e-3, true, true, Order.SEQUENTIAL, Order.BY_NAME,
                        new Network(32, true)));
    }

    @Test
    void aNegativeNumberIsAValue() {
        assertThat(parse("--seed", "-5").seed()).isEqualTo(-5);
    }

    @ParameterizedTest
    @CsvSource({"--augment,true", "--no-augment,false"})
    void aNegatableFlagThatIsOnByDefaultMeansWhatItSays(String flag, boolean expected) {
        assertThat(parse(flag).augment()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"--mirror,true", "--no-mirror,false"})
    void aNegatableFlagThatIsOffByDefaultMeansWhatItSays(String flag, boolean expected) {
        assertThat(parse(flag).mirror()).isEqualTo(expected);
    }

    @Test
    void enumsAreReadInAnyCase() {
        assertThat(parse("--order", "Sequential").order()).isEqualTo(Order.SEQUENTIAL);
    }

    @Test
    void aPathMayBeginWithAnAtSignAndHoldADollar() {
        assertThat(Options.parse(Training.class, "-d", "@daily/${x}", "--run", "r").data()).isEqualTo("@daily/${x}");
    }

    @Test
    void theRecordsOwnRefusalComesThroughUnwrapped() {
        assertThatThrownBy(() -> parse("--steps", "0"))
                .isExactlyInstanceOf(InvalidRequestException.class)
                .hasMessage("--steps is 0: must be at least 1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "--steps x; --steps is 'x': must be a whole number up to 2147483647",
            "--steps 3000000000; --steps is '3000000000': must be a whole number up to 2147483647",
            "--steps; --steps: needs a value, N",
            "--steps --full; --steps: needs a value, N",
            "--steps 1 --steps 2; --steps: given more than once",
            "--seed 1.5; --seed is '1.5': must be a whole number",
            "--lr fast; --lr is 'fast': must be a number",
            "--lr NaN; --lr is 'NaN': must be a number",
            "--augment=maybe; option '--augment' should be specified without 'maybe' parameter",
            "--order random; --order is 'random': must be shuffled or sequential or by-name",
            "--stepz 3; unknown option '--stepz': did you mean --steps?",
            "--steps x --stepz 3; unknown option '--stepz': did you mean --steps?",
            "--steps --worker 3; unknown option '--worker': did you mean --workers?",
            "--order --worker 3; unknown option '--worker': did you mean --workers?",
            "--seeed=3; unknown option '--seeed': did you mean --seed?",
            "--no-augmen; unknown option '--no-augmen': did you mean --no-augment?",
            "--chan 8; unknown option '--chan': did you mean --ch?",
            "--LR 1; unknown option '--LR': did you mean --lr?",
            "--stepz 3 --qqqq; unknown option '--stepz': did you mean --steps?",
            "--qqqq; unknown option '--qqqq': --help lists the options",
            "extra; unexpected word 'extra': --help lists the options",
    })
    void aWrongOptionIsNamedWithWhatWouldBeRight(String args, String message) {
        assertThatThrownBy(() -> parse(args.split(" ")))
                .isExactlyInstanceOf(InvalidRequestException.class)
                .hasMessage(message);
    }

    @Test
    void anUnknownOptionIsNamedBeforeTheOnesThatAreMissing() {
        CommandSpec program = CommandSpec.create().name("program");
        program.addSubcommand("train", Options.spec(Training.class));
        assertThatThrownBy(() -> Options.parse(program, "train", "--data", "d", "--rum", "y"))
                .isExactlyInstanceOf(InvalidRequestException.class)
                .hasMessage("unknown option '--rum': did you mean --run?");
        assertThatThrownBy(() -> Options.parse(program, "train", "--data", "d")).hasMessage("missing option --run RUN");
    }

    @Test
    void missingOptionsAreListed() {
        assertThatThrownBy(() -> Options.parse(Training.class))
                .isExactlyInstanceOf(InvalidRequestException.class)
                .hasMessage("missing option --data DATASET, --run RUN");
        assertThatThrownBy(() -> Options.parse(Training.class, "--data", "d"))
                .hasMessage("missing option --run RUN");
    }

    @Test
    void theUsageTextShowsLabelsValuesAndDefaults() {
        String usage = new CommandLine(Options.spec(Training.class)).getUsageMessage(CommandLine.Help.Ansi.OFF);
        assertThat(usage)
                .contains("--data=DATASET", "The data set.")
                .contains("--[no-]augment", "Default: true")
                .contains("--order=shuffled|sequential|by-name")
                .contains("Default: shuffled", "Default: 64")
                .doesNotContain("Default: false", "null");
    }

    record ThreeWay(@Option(names = "--light", negatable = true) Boolean light) {}

    @Test
    void aBoxedFlagTellsNotGivenFromNo() {
        assertThat(Options.parse(ThreeWay.class).light()).isNull();
        assertThat(Options.parse(ThreeWay.class, "--light").light()).isTrue();
        assertThat(Options.parse(ThreeWay.class, "--no-light").light()).isFalse();
    }

    record Unannotated(int size) {}

    record WithoutDefault(@Option(names = "--size") int size) {}

    record OddType(@Option(names = "--size") Thread size) {}

    @Test
    void aRecordThatCannotBeReadIsAnErrorOfTheProgram() {
        assertThatThrownBy(() -> Options.spec(Unannotated.class)).hasMessageContaining("carries neither @Option nor @Mixin");
        assertThatThrownBy(() -> Options.spec(WithoutDefault.class)).hasMessageContaining("needs a default value");
        assertThatThrownBy(() -> Options.spec(OddType.class)).hasMessageContaining("no values of this type");
    }

    @Test
    void aSubcommandsErrorsAreExplainedAlike() {
        CommandSpec top = CommandSpec.create().name("top");
        top.addSubcommand("train", Options.spec(Training.class));
        assertThatThrownBy(() -> Options.parse(top, "train", "--data", "d")).hasMessage("missing option --run RUN");
        assertThatThrownBy(() -> Options.parse(top, "trian")).hasMessage("unknown command 'trian': expected one of train");
        assertThat(Options.bind(Options.parse(top, "train", "-d", "d", "--run", "r").subcommand(), Training.class)).isEqualTo(parse());
    }
}
