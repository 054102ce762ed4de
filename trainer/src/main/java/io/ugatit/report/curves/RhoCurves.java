package io.ugatit.report.curves;

import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.Network;
import io.ugatit.report.chart.ChartSheet;
import io.ugatit.report.chart.Curve;
import io.ugatit.report.chart.LineChart;
import io.ugatit.report.chart.LineChart.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How the generators' rho moves, from checkpoint to checkpoint: at 1 a layer normalises each channel by itself, as instance norm does,
 * which keeps the source's shapes; at 0 all channels together, as layer norm does, which lets them change. AdaLIN in the residual blocks
 * begins at 0.9, LIN in the upsampling at 0.
 */
public final class RhoCurves {
    private static final Pattern ADAPTIVE = Pattern.compile("UpBlock1_(\\d+)\\.norm[12]\\.rho");
    private static final Pattern UPSAMPLING = Pattern.compile("UpBlock2\\.(\\d+)\\.rho");

    private RhoCurves() {}

    /**
     * Two charts for each generator: AdaLIN by residual block, the mean over the channels of its two layers, and LIN by layer.
     *
     * @param run may still be training; a curve has a point for each checkpoint that is kept ({@code --keep})
     * @throws io.ugatit.job.InvalidRequestException if a checkpoint is of another version of this program
     * @throws JobFailedException if the file system fails
     */
    public static ChartSheet of(RunDirectory run) {
        List<Checkpoint> checkpoints = new CheckpointStore(run).all();
        List<LineChart> charts = new ArrayList<>();
        for (Network generator : List.of(Network.GEN_A2B, Network.GEN_B2A)) {
            String direction = generator == Network.GEN_A2B ? ", A to B" : ", B to A";
            charts.add(new LineChart("AdaLIN" + direction, "rho of the residual blocks",
                    series(checkpoints, generator, ADAPTIVE, "block "), false));
            charts.add(new LineChart("LIN" + direction, "rho of the upsampling",
                    series(checkpoints, generator, UPSAMPLING, "layer "), false));
        }
        return new ChartSheet(charts, 2);
    }

    private static List<Series> series(List<Checkpoint> checkpoints, Network generator, Pattern layers, String label) {
        Map<Integer, Map<Long, Double>> byLayer = new TreeMap<>();
        for (Checkpoint checkpoint : checkpoints) {
            means(checkpoint, generator, layers)
                    .forEach((layer, mean) -> byLayer.computeIfAbsent(layer, first -> new LinkedHashMap<>()).put(checkpoint.step(), mean));
        }
        List<Series> series = new ArrayList<>();
        byLayer.values().forEach(means -> {
            Curve curve = new Curve(means.keySet().stream().mapToDouble(Long::doubleValue).toArray(),
                    means.values().stream().mapToDouble(Double::doubleValue).toArray());
            String style = ChartSheet.STYLES.get(series.size() % ChartSheet.STYLES.size());
            series.add(new Series(label + (series.size() + 1), style, curve, false));
        });
        return series;
    }

    /** By the layer's number in its key. */
    private static Map<Integer, Double> means(Checkpoint checkpoint, Network generator, Pattern layers) {
        Map<Integer, List<Double>> rhos = new TreeMap<>();
        try (var file = checkpoint.openParameters()) {
            for (var tensor : file.tensors().entrySet()) {
                Matcher key = layers.matcher(tensor.getKey().replace(generator.key() + ".", ""));
                if (tensor.getKey().startsWith(generator.key() + ".") && key.matches()) {
                    try (INDArray rho = Nd4j.createUninitialized(DataType.FLOAT, tensor.getValue().shape())) {
                        file.read(tensor.getKey(), rho);
                        rhos.computeIfAbsent(Integer.valueOf(key.group(1)), layer -> new ArrayList<>()).add(rho.meanNumber().doubleValue());
                    }
                }
            }
        } catch (IOException e) {
            throw new JobFailedException("Cannot read the checkpoint " + checkpoint + ": " + FileFailure.reason(e), e);
        }
        Map<Integer, Double> means = new TreeMap<>();
        rhos.forEach((layer, values) -> means.put(layer, values.stream().mapToDouble(Double::doubleValue).average().orElseThrow()));
        return means;
    }
}
