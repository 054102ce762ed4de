package io.ugatit.tensor.cpu.convolution;

import static io.ugatit.tensor.cpu.convolution.MatrixProduct.Read.AS_IT_IS;
import static io.ugatit.tensor.cpu.convolution.MatrixProduct.Read.TRANSPOSED;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.FloatMemory;
import io.ugatit.tensor.cpu.convolution.MatrixProduct.Read;
import io.ugatit.tensor.cpu.pass.MapGeometry;
import io.ugatit.tensor.host.ArrayPool;
import io.ugatit.tensor.host.HostTensor;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution of small blocked maps as one matrix product. The deep layers of a discriminator have many weights and few pixels: they are
 * read once and as they are, where a compiled convolution would first rearrange them, at the same cost again. The <em>windows</em> are a
 * matrix with a row a pixel of the output, and a column a weight of one output channel.
 */
public final class MatrixConvolution implements ConvolutionAlgorithm {
    private static final int MOST_PIXELS = 128;
    private final ArrayPool pool;

    /** @param pool where the matrices are taken from */
    public MatrixConvolution(ArrayPool pool) {
        this.pool = pool;
    }

    /** Whether a convolution between these maps is better done here. */
    public static boolean suits(FeatureMaps x, FeatureMaps y) {
        return x.lanes() > 1 && y.lanes() > 1 && y.images() * y.pixels() <= MOST_PIXELS;
    }

    @Override
    public void convolve(FeatureMaps x, INDArray weights, int stride, FeatureMaps y) {
        Windows windows = new Windows(x.withoutPadding(), y, (int) weights.size(2), stride);
        INDArray columns = pool.take(windows.rows(), windows.columns());
        INDArray outputs = pool.take(windows.rows(), y.channels());
        windows.gather(HostTensor.memory(x), memory(columns));
        multiply(AS_IT_IS, TRANSPOSED, windows.rows(), y.channels(), windows.columns(), columns, weights, 0, outputs);
        Pixels.write(memory(outputs), y);
        pool.release(columns, outputs);
    }

    @Override
    public void inputGradient(FeatureMaps dy, INDArray weights, int stride, FeatureMaps dx) {
        Windows windows = new Windows(dx.withoutPadding(), dy, (int) weights.size(2), stride);
        INDArray columns = pool.take(windows.rows(), windows.columns());
        INDArray outputs = pool.take(windows.rows(), dy.channels());
        Pixels.read(dy, memory(outputs));
        multiply(AS_IT_IS, AS_IT_IS, windows.rows(), windows.columns(), dy.channels(), outputs, weights, 0, columns);
        HostTensor.array(dx.data()).assign(0);
        windows.scatter(memory(columns), HostTensor.memory(dx));
        pool.release(columns, outputs);
    }

    @Override
    public void addWeightGradient(FeatureMaps x, FeatureMaps dy, int stride, INDArray dWeights) {
        Windows windows = new Windows(x.withoutPadding(), dy, (int) dWeights.size(2), stride);
        INDArray columns = pool.take(windows.rows(), windows.columns());
        INDArray outputs = pool.take(windows.rows(), dy.channels());
        windows.gather(HostTensor.memory(x), memory(columns));
        Pixels.read(dy, memory(outputs));
        multiply(TRANSPOSED, AS_IT_IS, dy.channels(), windows.columns(), windows.rows(), outputs, columns, 1, dWeights);
        pool.release(columns, outputs);
    }

    private static ByteBuffer memory(INDArray matrix) {
        return new FloatMemory("matrix", matrix).bytes();
    }

    private static void multiply(Read readLeft, Read readRight, long m, long n, long k, INDArray left, INDArray right, float beta,
            INDArray out) {
        MatrixProduct.multiply(readLeft, readRight, m, n, k, pointer(left), left.size(1), pointer(right), rowLength(right), beta, pointer(out));
    }

    /** Floats of a row; weights (O,C,k,k) are a matrix with a row an output. */
    private static long rowLength(INDArray matrix) {
        return matrix.length() / matrix.size(0);
    }

    private static FloatPointer pointer(INDArray matrix) {
        return new FloatPointer(new FloatMemory("matrix", matrix).address());
    }

    /** The pixels of blocked maps as a matrix with a row a pixel and a column a channel. */
    private static final class Pixels {

        static void read(FeatureMaps maps, ByteBuffer matrix) {
            move(maps, matrix, true);
        }

        /** Lanes beyond the last channel become zero. */
        static void write(ByteBuffer matrix, FeatureMaps maps) {
            move(maps, matrix, false);
        }

        private static void move(FeatureMaps maps, ByteBuffer matrix, boolean read) {
            MapGeometry geometry = MapGeometry.of(maps);
            ByteBuffer memory = HostTensor.memory(maps);
            int blocks = geometry.blocks() / maps.images();
            for (int block = 0; block < geometry.blocks(); block++) {
                int image = block / blocks;
                int channel = block % blocks * geometry.lanes();
                int there = Math.min(geometry.lanes(), maps.channels() - channel);
                for (int pixel = 0; pixel < maps.pixels(); pixel++) {
                    int inMaps = geometry.row(block, pixel / maps.width()) + pixel % maps.width() * geometry.pixelBytes();
                    int inMatrix = ((image * maps.pixels() + pixel) * maps.channels() + channel) * Float.BYTES;
                    if (read) {
                        matrix.put(inMatrix, memory, inMaps, there * Float.BYTES);
                    } else {
                        memory.put(inMaps, matrix, inMatrix, there * Float.BYTES);
                        for (int lane = there; lane < geometry.lanes(); lane++) {
                            memory.putFloat(inMaps + lane * Float.BYTES, 0);
                        }
                    }
                }
            }
        }
    }

    /** The windows that a kernel sees in blocked maps without a border. */
    private record Windows(FeatureMaps x, FeatureMaps y, int kernel, int stride) {

        int rows() {
            return y.images() * y.pixels();
        }

        int columns() {
            return x.channels() * kernel * kernel;
        }

        void gather(ByteBuffer maps, ByteBuffer matrix) {
            each((inMaps, inMatrix) -> matrix.putFloat(inMatrix, maps.getFloat(inMaps)));
        }

        /** Adds what falls on one pixel. */
        void scatter(ByteBuffer matrix, ByteBuffer maps) {
            each((inMaps, inMatrix) -> maps.putFloat(inMaps, maps.getFloat(inMaps) + matrix.getFloat(inMatrix)));
        }

        private interface Visit {
            void element(int inMaps, int inMatrix);
        }

        private void each(Visit visit) {
            MapGeometry geometry = MapGeometry.of(x);
            int blocks = geometry.blocks() / x.images();
            for (int row = 0; row < rows(); row++) {
                int image = row / y.pixels();
                int i = row % y.pixels() / y.width() * stride;
                int j = row % y.width() * stride;
                for (int block = 0; block < blocks; block++) {
                    int lanes = Math.min(geometry.lanes(), x.channels() - block * geometry.lanes());
                    for (int k = 0; k < kernel; k++) {
                        for (int l = 0; l < kernel; l++) {
                            int inMaps = geometry.row(image * blocks + block, i + k) + (j + l) * geometry.pixelBytes();
                            int first = row * columns() + (block * geometry.lanes() * kernel + k) * kernel + l;
                            for (int lane = 0; lane < lanes; lane++) {
                                visit.element(inMaps + lane * Float.BYTES, (first + lane * kernel * kernel) * Float.BYTES);
                            }
                        }
                    }
                }
            }
        }
    }
}
