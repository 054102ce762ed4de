package io.ugatit.tensor.cpu.convolution.winograd;

import io.ugatit.device.Threads;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.cpu.Convolutions;
import io.ugatit.tensor.cpu.CpuKernels;
import io.ugatit.tensor.cpu.PeakRate;
import io.ugatit.tensor.cpu.convolution.ConvolutionAlgorithm;
import io.ugatit.tensor.cpu.convolution.DirectConvolution;
import io.ugatit.tensor.cpu.convolution.OneDnn;
import io.ugatit.tensor.cpu.convolution.PlainConvolution;
import io.ugatit.tensor.cpu.pass.VectorRows;
import io.ugatit.tensor.host.HostPool;
import io.ugatit.tensor.host.HostTensor;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.bytedeco.dnnl.stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The algorithms for convolutions side by side, a layer of the networks at a time, on one thread: what the table of {@link Convolutions} was
 * decided by. {@code submit/bench-convolutions} runs it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(1)
public class ConvolutionBenchmark {
    /** Kernel/stride, input and output channels, height and width of the output. */
    @Param({"3/1 256 256 64", "3/1 256 128 128", "3/1 128 64 256", "3/1 128 128 32", "3/1 64 32 128", "3/1 64 64 16", "3/1 32 16 64",
        "3/1 64 64 12", "4/1 256 512 31", "4/1 128 256 15", "4/1 32 64 15"})
    String layer;

    @Param({"direct", "winograd", "winograd-2"})
    String algorithm;

    private ConvolutionAlgorithm convolution;
    private FeatureMaps x;
    private FeatureMaps y;
    private FeatureMaps dx;
    private INDArray weights;
    private INDArray dWeights;

    private record Layer(int kernel, int stride, int inputs, int outputs, int side) {

        static Layer of(String text) {
            String[] words = text.split("[/ ]");
            return new Layer(Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]),
                    Integer.parseInt(words[4]));
        }

        double operations() {
            return 2.0 * kernel * kernel * inputs * outputs * side * side;
        }
    }

    /** Random maps and weights. */
    @Setup(Level.Trial)
    public void prepare() {
        Threads.use(1);
        Layer shape = Layer.of(layer);
        HostPool maps = new HostPool(DataType.FLOAT);
        int inputSide = (shape.side() - 1) * shape.stride() + shape.kernel();
        x = maps(maps, shape.inputs(), inputSide);
        dx = maps(maps, shape.inputs(), inputSide);
        y = maps(maps, shape.outputs(), shape.side());
        weights = Nd4j.rand(DataType.FLOAT, shape.outputs(), shape.inputs(), shape.kernel(), shape.kernel()).subi(0.5);
        dWeights = Nd4j.zeros(DataType.FLOAT, shape.outputs(), shape.inputs(), shape.kernel(), shape.kernel());
        stream stream = new stream(OneDnn.engine());
        // 4x4 has one kind of tile
        MinimalFilter filter = shape.kernel() == 4 ? new ThreeOutputs() : algorithm.endsWith("2") ? new TwoOutputs() : new FourOutputs();
        convolution = algorithm.equals("direct") ? new DirectConvolution(stream, maps, new PlainConvolution(new CpuKernels(), maps.arrays()))
                : new WinogradConvolution(filter, new WeightTaps(stream), maps, new WinogradMemory());
    }

    private static FeatureMaps maps(HostPool pool, int channels, int side) {
        FeatureMaps maps = FeatureMaps.take(pool, VectorRows.LANES, 1, channels, side, side, 0);
        INDArray array = HostTensor.array(maps.data());
        array.assign(Nd4j.rand(DataType.FLOAT, array.length()).subi(0.5));
        return maps;
    }

    /** The output. */
    @Benchmark
    public void forward() {
        convolution.convolve(x, weights, Layer.of(layer).stride(), y);
    }

    /** Both gradients. */
    @Benchmark
    public void backward() {
        convolution.backward(x, weights, y, Layer.of(layer).stride(), dx, dWeights);
    }

    /**
     * Runs it and prints a table.
     *
     * @param layers which, in the form of {@link #layer}; none for all
     */
    public static void main(String[] layers) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder().include(ConvolutionBenchmark.class.getName()).verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        if (layers.length > 0) {
            options.param("layer", layers);
        }
        double peak = PeakRate.measure(1) / 1e9;
        System.out.printf(Locale.ROOT, "vectors of %d floats, peak of a thread %.0f GFLOP/s; GFLOP/s are of direct convolution%n%n",
                VectorRows.LANES, peak);
        print(new Runner(options.build()).run(), peak);
    }

    private static void print(Collection<RunResult> results, double peak) {
        Map<String, Map<String, Double>> rates = new TreeMap<>();
        for (RunResult result : results) {
            Layer shape = Layer.of(result.getParams().getParam("layer"));
            String pass = result.getPrimaryResult().getLabel();
            double operations = shape.operations() * (pass.equals("backward") ? 2 : 1);
            rates.computeIfAbsent(result.getParams().getParam("layer") + " | " + pass, row -> new TreeMap<>())
                    .put(result.getParams().getParam("algorithm"), operations / result.getPrimaryResult().getStatistics().getPercentile(50));
        }
        System.out.println("| kernel/stride, channels, size | pass | direct | of peak | Winograd | times direct | F(2x2) | times direct |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        rates.forEach((row, rate) -> {
            double direct = rate.get("direct");
            double winograd = rate.get("winograd");
            double ofTwo = rate.get("winograd-2");
            System.out.printf(Locale.ROOT, "| %s | %.0f | %.0f %% | %.0f | %.2f | %.0f | %.2f |%n", row, direct, 100 * direct / peak, winograd,
                    winograd / direct, ofTwo, ofTwo / direct);
        });
    }
}
