package io.ugatit.tensor.cpu.convolution.winograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.device.KeptThreads;
import io.ugatit.device.Threads;
import io.ugatit.process.JavaProcess;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.cpu.CpuKernels;
import io.ugatit.tensor.cpu.convolution.ConvolutionAlgorithm;
import io.ugatit.tensor.cpu.convolution.DirectConvolution;
import io.ugatit.tensor.cpu.convolution.OneDnn;
import io.ugatit.tensor.cpu.convolution.PlainConvolution;
import io.ugatit.tensor.cpu.pass.VectorRows;
import io.ugatit.tensor.host.HostPool;
import io.ugatit.tensor.host.HostTensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.dnnl.stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Winograd's algorithm: as exact as the direct one, and the same bits however it is run. */
@ExtendWith(KeptThreads.class)
class WinogradConvolutionTest {
    private static final Map<String, MinimalFilter> FILTERS = Map.of("four", new FourOutputs(), "three", new ThreeOutputs(), "two",
            new TwoOutputs());
    @TempDir
    private Path folder;

    /** Inputs of a convolution: maps without a border of their own, and weights. */
    private static final class Case {
        final HostPool pool = new HostPool(DataType.FLOAT);
        final int kernel;
        final FeatureMaps x;
        final FeatureMaps y;
        final FeatureMaps dx;
        final INDArray weights;
        final INDArray dWeights;

        Case(int kernel, int images, int inputs, int outputs, int height, int width) {
            Random random = new Random(5);
            this.kernel = kernel;
            x = maps(random, images, inputs, height + kernel - 1, width + kernel - 1);
            dx = maps(random, images, inputs, height + kernel - 1, width + kernel - 1);
            y = maps(random, images, outputs, height, width);
            weights = array(random, outputs, inputs, kernel, kernel);
            dWeights = Nd4j.zeros(DataType.FLOAT, outputs, inputs, kernel, kernel);
        }

        private FeatureMaps maps(Random random, int images, int channels, int height, int width) {
            FeatureMaps maps = FeatureMaps.take(pool, VectorRows.LANES, images, channels, height, width, 0);
            new CpuKernels().copy(HostTensor.maps(array(random, images, channels, height, width), 0), maps);
            return maps;
        }

        private static INDArray array(Random random, long... shape) {
            INDArray array = Nd4j.create(DataType.FLOAT, shape);
            for (long i = 0; i < array.length(); i++) {
                array.putScalar(i, random.nextFloat() - 0.5f);
            }
            return array;
        }

        private WinogradConvolution winograd(MinimalFilter filter) {
            return new WinogradConvolution(filter, new WeightTaps(new stream(OneDnn.engine())), pool, new WinogradMemory());
        }

        private DirectConvolution direct() {
            return new DirectConvolution(new stream(OneDnn.engine()), pool, new PlainConvolution(new CpuKernels(), pool.arrays()));
        }

        /** The output, the gradient of the input and that of the weights, for y as the gradient of the output. */
        private List<float[]> results(ConvolutionAlgorithm algorithm) {
            FeatureMaps output = FeatureMaps.take(pool, y.lanes(), y.images(), y.channels(), y.height(), y.width(), 0);
            algorithm.convolve(x, weights, 1, output);
            dWeights.assign(0);
            algorithm.backward(x, weights, y, 1, dx, dWeights);
            return List.of(plain(output), plain(dx), dWeights.dup().data().asFloat());
        }

        private static float[] plain(FeatureMaps maps) {
            INDArray plain = Nd4j.create(DataType.FLOAT, maps.images(), maps.channels(), maps.height(), maps.width());
            new CpuKernels().copy(maps, HostTensor.maps(plain, 0));
            return plain.data().asFloat();
        }

        /** The same in double precision, read off the definition. */
        private List<double[]> expected() {
            float[] in = plain(x);
            float[] out = plain(y);
            float[] w = weights.data().asFloat();
            double[] output = new double[out.length];
            double[] dInput = new double[in.length];
            double[] dw = new double[w.length];
            int outputs = y.channels();
            int inputs = x.channels();
            for (int n = 0; n < x.images(); n++) {
                for (int o = 0; o < outputs; o++) {
                    for (int c = 0; c < inputs; c++) {
                        for (int k = 0; k < kernel * kernel; k++) {
                            int weight = (o * inputs + c) * kernel * kernel + k;
                            for (int i = 0; i < y.height(); i++) {
                                int from = ((n * inputs + c) * x.height() + i + k / kernel) * x.width() + k % kernel;
                                int to = ((n * outputs + o) * y.height() + i) * y.width();
                                for (int j = 0; j < y.width(); j++) {
                                    output[to + j] += (double) w[weight] * in[from + j];
                                    dInput[from + j] += (double) w[weight] * out[to + j];
                                    dw[weight] += (double) in[from + j] * out[to + j];
                                }
                            }
                        }
                    }
                }
            }
            return List.of(output, dInput, dw);
        }
    }

    /** @param rms root of the mean square of errors, of that of the results */
    private record Errors(double largest, double rms) {

        static Errors of(float[] actual, double[] expected) {
            double largest = 0;
            double most = 0;
            double squares = 0;
            double all = 0;
            for (int i = 0; i < actual.length; i++) {
                double error = actual[i] - expected[i];
                largest = Math.max(largest, Math.abs(error));
                most = Math.max(most, Math.abs(expected[i]));
                squares += error * error;
                all += expected[i] * expected[i];
            }
            return new Errors(largest / most, Math.sqrt(squares / all));
        }
    }

    @ParameterizedTest(name = "{0} outputs a run")
    @CsvSource({"two, 3, 8e-7, 2e-6", "four, 3, 1.6e-6, 4e-6", "three, 4, 1.6e-6, 4e-6"})
    void itsErrorsAreAFewTimesThoseOfDirectConvolution(String filter, int kernel, double rms, double largest) {
        Case layer = new Case(kernel, 1, 64, 32, 24, 24);
        List<double[]> expected = layer.expected();
        List<float[]> winograd = layer.results(layer.winograd(FILTERS.get(filter)));
        List<float[]> direct = layer.results(layer.direct());
        for (int i = 0; i < expected.size(); i++) {
            Errors errors = Errors.of(winograd.get(i), expected.get(i));
            Errors ofDirect = Errors.of(direct.get(i), expected.get(i));
            assertThat(errors.rms()).as("result %d, root mean square; direct: %s", i, ofDirect).isBetween(1e-9, rms);
            assertThat(errors.largest()).as("result %d, largest; direct: %s", i, ofDirect).isLessThan(largest);
        }
    }

    @ParameterizedTest(name = "{0} outputs a run: kernel {1}, {2} images, {3} to {4} channels, {5} x {6}")
    @CsvSource({"four, 3, 3, 16, 32, 40, 37", "four, 3, 2, 20, 9, 66, 70", "three, 4, 2, 24, 16, 47, 53", "two, 3, 2, 16, 24, 33, 31",
        "four, 3, 1, 16, 16, 4, 1100",
        "four, 3, 1, 150, 70, 20, 17", "three, 4, 1, 70, 150, 13, 12"})
    void severalBlocksOfTilesAndEdgesThatTheyOverhangAreAsExact(String filter, int kernel, int images, int inputs, int outputs, int height,
            int width) {
        Case layer = new Case(kernel, images, inputs, outputs, height, width);
        List<double[]> expected = layer.expected();
        List<float[]> actual = layer.results(layer.winograd(FILTERS.get(filter)));
        for (int i = 0; i < expected.size(); i++) {
            assertThat(Errors.of(actual.get(i), expected.get(i)).largest()).as("result %d", i).isLessThan(5e-6);
        }
    }

    /** One block of tiles, whose weights are transformed row by row or all at once, and several. */
    @ParameterizedTest(name = "{0} outputs a run, {1} threads, size {2}")
    @CsvSource({"four, 2, 24", "four, 3, 24", "four, 4, 24", "four, 3, 48", "three, 3, 20", "three, 5, 20", "three, 3, 40", "two, 3, 16",
        "two, 4, 40"})
    void theSameBitsOnOneThreadAndOnSeveral(String filter, int threads, int size) {
        Case layer = new Case(filter.equals("three") ? 4 : 3, 2, 64, 64, size, size);
        WinogradConvolution winograd = layer.winograd(FILTERS.get(filter));
        Threads.use(1);
        List<float[]> alone = layer.results(winograd);
        Threads.use(threads);
        List<float[]> together = layer.results(winograd);
        for (int i = 0; i < alone.size(); i++) {
            assertThat(together.get(i)).as("result %d", i).isEqualTo(alone.get(i));
        }
    }

    @Test
    void aGradientIsAddedToWhatIsThere() {
        Case layer = new Case(3, 1, 16, 16, 8, 8);
        WinogradConvolution winograd = layer.winograd(new FourOutputs());
        winograd.addWeightGradient(layer.x, layer.y, 1, layer.dWeights);
        float[] once = layer.dWeights.dup().data().asFloat();
        winograd.addWeightGradient(layer.x, layer.y, 1, layer.dWeights);
        float[] twice = layer.dWeights.dup().data().asFloat();
        assertThat(once[7]).isNotZero();
        for (int i = 0; i < once.length; i++) {
            assertThat(twice[i]).isEqualTo(2 * once[i]);
        }
    }

    /** What the other JVM does: the same convolutions again and again. */
    static final class Repeater {
        private Repeater() { }

        public static void main(String[] times) {
            Threads.use(1);
            for (int i = 0; i < Integer.parseInt(times[0]); i++) {
                StringBuilder bits = new StringBuilder("bits");
                FILTERS.keySet().stream().sorted().forEach(name -> {
                    Case layer = new Case(name.equals("three") ? 4 : 3, 1, 16, 16, 12, 10);
                    layer.results(layer.winograd(FILTERS.get(name))).forEach(result -> bits.append(' ').append(Arrays.hashCode(result)));
                });
                System.out.println(bits);
            }
        }
    }

    @Test
    @Tag("slow")
    void theSameBitsInterpretedAndCompiled() throws Exception {
        List<String> interpreted = bits(1, "-Xint");
        List<String> compiled = bits(400, "-Xmixed");
        assertThat(interpreted).hasSize(1);
        assertThat(compiled).hasSize(400).containsOnly(interpreted.get(0));
    }

    private List<String> bits(int times, String mode) throws Exception {
        try (JavaProcess process = JavaProcess.start(folder.resolve("output"), List.of(mode), Repeater.class, String.valueOf(times))) {
            assertThat(process.await()).as(process.said()).isZero();
            return process.said().lines().filter(line -> line.startsWith("bits ")).toList();
        }
    }
}
