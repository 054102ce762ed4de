package io.ugatit.gpucheck;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Range;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/**
 * Options of {@link GpuCheckJob}.
 *
 * @param gpu the driver's number for the GPU, 0 to 1023
 * @param minutes that all stages together may take, 1 to 600
 * @param only names of stages, with commas between them; null for all
 * @param extent how large what is computed is; null becomes {@link Extent#FULL}
 */
public record GpuCheckOptions(
        @Option(names = "--gpu", paramLabel = "N", defaultValue = "0",
                description = "which GPU, as the driver counts, 0 to 1023 (default: ${DEFAULT-VALUE})") int gpu,
        @Option(names = "--minutes", paramLabel = "MINUTES", defaultValue = "10",
                description = "minutes that all stages together may take, 1 to 600 (default: ${DEFAULT-VALUE})") int minutes,
        @Option(names = "--only", paramLabel = "STAGE[,STAGE]",
                description = "of the stages devices, contract, shapes, steps, resume and times these (default: all)") String only,
        @Option(names = "--extent", paramLabel = "full|tiny", defaultValue = "full",
                description = "tiny tries the check itself, say on a stand-in for a driver (default: ${DEFAULT-VALUE})") Extent extent) {

    /** @throws InvalidRequestException if a number is out of its range or there is no such stage */
    public GpuCheckOptions {
        Range.require("--gpu", gpu, 0, 1023);
        Range.require("--minutes", minutes, 1, 600);
        extent = extent == null ? Extent.FULL : extent;
        parse(only);
    }

    /** The stages that are asked for, in their order. */
    public Set<Stage> stages() {
        return parse(only);
    }

    private static Set<Stage> parse(String only) {
        EnumSet<Stage> stages = EnumSet.noneOf(Stage.class);
        if (only == null) {
            return EnumSet.allOf(Stage.class);
        }
        for (String word : only.split(",", -1)) {
            stages.add(Arrays.stream(Stage.values()).filter(stage -> stage.word().equals(word.strip().toLowerCase(Locale.ROOT))).findFirst()
                    .orElseThrow(() -> new InvalidRequestException("--only is '" + only + "': must be some of "
                            + Arrays.stream(Stage.values()).map(Stage::word).collect(Collectors.joining(", "))
                            + ", with commas between them")));
        }
        return stages;
    }
}
