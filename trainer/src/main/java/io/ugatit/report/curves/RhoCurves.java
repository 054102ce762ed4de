package io.ugatit.report.curves;

import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.Network;
import io.ugatit.model.RhoLayer;
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
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How the generators' rho moves ({@link RhoLayer}). AdaLIN in the residual blocks begins at 0.9, LIN in the upsampling at 0.
 */
public final class RhoCurves {
    private static final int MOST_POINTS = 160;

    private RhoCurves() {}

    /**
     * The charts of {@link #charts}, on one sheet.
     *
     * @param run may still be training
     * @throws io.ugatit.job.InvalidRequestException if a line of what its rounds took is damaged, or a checkpoint is of another version of
     *     this program
     * @throws JobFailedException if a file system fails
     */
    public static ChartSheet of(RunDirectory run) {
        return new ChartSheet(charts(run, RoundsReader.read(run, MOST_POINTS)), 2);
    }

    /**
     * Two charts for each generator: AdaLIN by residual block and layer, and LIN by layer.
     *
     * @param run asked for its checkpoints if the rounds tell nothing: a run of an older version then has a point for each that is kept
     * @param rounds of the run
     * @throws io.ugatit.job.InvalidRequestException if a checkpoint is of another version of this program
     * @throws JobFailedException if a file system fails
     */
    public static List<LineChart> charts(RunDirectory run, Rounds rounds) {
        Map<RhoLayer, Curve> curves = rounds.rho().isEmpty() ? ofCheckpoints(run) : rounds.rho();
        List<LineChart> charts = new ArrayList<>();
        for (Network generator : List.of(Network.GEN_A2B, Network.GEN_B2A)) {
            String direction = generator == Network.GEN_A2B ? ", A to B" : ", B to A";
            charts.add(new LineChart("AdaLIN" + direction, "rho of the residual blocks", series(curves, generator, true), false));
            charts.add(new LineChart("LIN" + direction, "rho of the upsampling", series(curves, generator, false), false));
        }
        return charts;
    }

    private static List<Series> series(Map<RhoLayer, Curve> curves, Network generator, boolean adaptive) {
        List<Series> series = new ArrayList<>();
        curves.forEach((layer, curve) -> {
            if (layer.generator() == generator && layer.adaptive() == adaptive) {
                String label = adaptive ? "block " + layer.part() + "." + layer.norm() : "layer " + (series.size() + 1);
                series.add(new Series(label, ChartSheet.STYLES.get(series.size() % ChartSheet.STYLES.size()), curve, false));
            }
        });
        return series;
    }

    private static Map<RhoLayer, Curve> ofCheckpoints(RunDirectory run) {
        Map<RhoLayer, Map<Long, Double>> found = new LinkedHashMap<>();
        for (Checkpoint checkpoint : new CheckpointStore(run).all()) {
            means(checkpoint).forEach((layer, mean) -> found.computeIfAbsent(layer, first -> new TreeMap<>()).put(checkpoint.step(), mean));
        }
        Map<RhoLayer, Curve> curves = new LinkedHashMap<>();
        found.forEach((layer, means) -> curves.put(layer, new Curve(means.keySet().stream().mapToDouble(Long::doubleValue).toArray(),
                means.values().stream().mapToDouble(Double::doubleValue).toArray())));
        return curves;
    }

    private static Map<RhoLayer, Double> means(Checkpoint checkpoint) {
        Map<String, INDArray> rhos = new LinkedHashMap<>();
        try (var file = checkpoint.openParameters()) {
            for (var tensor : file.tensors().entrySet()) {
                if (RhoLayer.of(tensor.getKey()).isPresent()) {
                    INDArray rho = Nd4j.createUninitialized(DataType.FLOAT, tensor.getValue().shape());
                    rhos.put(tensor.getKey(), rho);
                    file.read(tensor.getKey(), rho);
                }
            }
            Map<RhoLayer, Double> means = new LinkedHashMap<>();
            RhoLayer.among(rhos).forEach((layer, rho) -> means.put(layer, rho.meanNumber().doubleValue()));
            return means;
        } catch (IOException e) {
            throw new JobFailedException("Cannot read the checkpoint " + checkpoint + ": " + FileFailure.reason(e), e);
        } finally {
            rhos.values().forEach(INDArray::close);
        }
    }
}
