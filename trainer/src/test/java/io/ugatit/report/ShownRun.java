package io.ugatit.report;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.report.sample.SampleWriter;
import io.ugatit.report.sample.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/** A run with everything that a page can show, written by hand. */
final class ShownRun {
    private static final String[] LOSSES = {"d_a", "d_b", "g_adv_a", "g_cycle_a", "g_identity_a", "g_cam_a", "g_adv_b", "g_cycle_b",
        "g_identity_b", "g_cam_b", "d_total", "g_total"};
    private static final int STEPS = 200;

    private ShownRun() {}

    /** @param rate its learning rate, which its curves depend on too */
    static Path write(Path folder, double rate) throws IOException {
        write(folder, "config.json", "{\"network\":{\"size\":64,\"ch\":16},\"training\":{\"images\":\"" + "0123456789abcdef".repeat(4)
                + "\",\"data-version\":1,\"steps\":" + STEPS + ",\"lr\":" + rate + "},\"job\":{\"data\":\"hdfs://name-node:8020/data/sets/of-a-very"
                + "-long-name/which-has-no-place-to-break/photographs2drawings\"}}");
        StringBuilder metrics = new StringBuilder();
        StringBuilder rounds = new StringBuilder();
        StringBuilder evaluations = new StringBuilder();
        for (int step = 1; step <= STEPS; step++) {
            metrics.append(String.format(Locale.ROOT, "{\"step\":%d,\"worker\":0,\"lr\":%s", step, rate));
            for (String loss : LOSSES) {
                metrics.append(String.format(Locale.ROOT, ",\"%s\":%s", loss, 1 + loss.length() * 900 * Math.exp(-step / (rate * 3e4))
                        + Math.sin(step) / 4));
            }
            metrics.append("}\n");
            if (step % 10 == 0) {
                rounds.append(String.format(Locale.ROOT, "{\"step\":%d,\"time\":\"2026-01-02T03:04:05Z\",\"seconds\":2.5,\"averaging_seconds\":0.2,"
                        + "\"images_per_second\":%s,\"peak_bytes\":%d,\"rho\":{", step, 40 - 100 / step, 1_000_000_000L + step * 1_000_000L));
                for (int block = 1; block <= 4; block++) {
                    rounds.append(String.format(Locale.ROOT, "\"genA2B.UpBlock1_%1$d.norm1.rho\":%2$s,\"genB2A.UpBlock1_%1$d.norm2.rho\":%2$s,",
                            block, 0.9 - 0.0001 * step * block));
                }
                rounds.append("\"genA2B.UpBlock2.2.rho\":0.1}}\n");
            }
            if (step % 50 == 0) {
                evaluations.append(String.format(Locale.ROOT, "{\"step\":%d,\"extractor\":\"random-conv\",\"dataset\":\"d\",\"kid_a2b\":%s,"
                        + "\"kid_b2a\":%s,\"kid_error_a2b\":0.002,\"kid_error_b2a\":0.003}%n", step, 1 / (step + rate), 0.5 / step));
            }
        }
        write(folder, "metrics/steps-00000001-00000200.jsonl", metrics.toString());
        write(folder, "metrics/evaluations.jsonl", evaluations.toString());
        write(folder, "rounds/rounds-00000010-00000200.jsonl", rounds.toString());
        write(folder, "rounds/starts.jsonl", "{\"step\":0,\"time\":\"2026-01-02T03:04:05Z\",\"hosts\":[\"worker-1\"],\"program\":\"0.2.0\","
                + "\"java\":\"17\",\"spark\":\"3.5.5\",\"master\":\"yarn\",\"kernels\":[\"onednn+vector256\"],\"devices\":[\"the CPU\"]}\n");
        write(folder, "timings.json", "{\"prep\":12.5,\"train\":725}");
        RunDirectory run = new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(folder.toUri()));
        for (int step = 100; step <= STEPS; step += 100) {
            SampleWriter.write(run, step, Samples.rows(64, "cat.jpg", "folder-of-cats/another-cat-with-a-long-name.jpg"),
                    Samples.rows(64, "dog.jpg"));
        }
        return folder;
    }

    private static void write(Path folder, String name, String content) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), content);
    }
}
