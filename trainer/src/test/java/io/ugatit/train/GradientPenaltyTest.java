package io.ugatit.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.model.Discriminator;
import io.ugatit.model.Network;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.LossKernels.Term;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import io.ugatit.tensor.host.HostTensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The penalty's value by its definition and its gradients by central differences, in double precision. */
class GradientPenaltyTest {
    private static final int BATCH = 2;
    private static final double STEP = 1e-6;
    private static final int COORDINATES = 24;

    private final UgatitGraph graph = AlternatingStepTest.graph(true, DataType.DOUBLE);
    private final INDArray real = AlternatingStepTest.images(BATCH, 16, 1, DataType.DOUBLE);
    private final INDArray translated = AlternatingStepTest.images(BATCH, 16, 2, DataType.DOUBLE);
    private final INDArray shares = Nd4j.createFromArray(0.25, 0.875);

    private double[] penalty(Network network) {
        Compute compute = graph.compute(network);
        Values terms = compute.kernels().values(2);
        try (GradientPenalty penalty =
                new GradientPenalty(compute, new HostTensor(real), new HostTensor(translated), new HostTensor(shares))) {
            penalty.add(graph.discriminator(network), 3, new Term(terms, 0), new Term(terms, 1));
        }
        return compute.kernels().read(terms);
    }

    @Test
    void patchesAndLogitsPayForTheLengthOfTheGradientOfTheirSumBetweenTheImages() {
        graph.discriminator(Network.DIS_LOCAL_A).iteratePower();
        double[] terms = penalty(Network.DIS_LOCAL_A);
        Compute compute = graph.compute(Network.DIS_LOCAL_A);
        Discriminator discriminator = graph.discriminator(Network.DIS_LOCAL_A);
        double[] expected = new double[2];
        for (int which = 0; which < 2; which++) {
            INDArray points = translated.dup('c');
            for (int n = 0; n < BATCH; n++) {
                points.slice(n).addi(real.slice(n).sub(translated.slice(n)).mul(shares.getDouble(n)));
            }
            Discriminator.Pass pass = discriminator.forward(new HostTensor(points));
            Tensor dPatches = compute.pool().take(pass.patches().shape());
            compute.kernels().fill(dPatches, which == 0 ? 1 : 0);
            Values dLogits = compute.kernels().values(new HostTensor(Nd4j.valueArrayOf(new long[] {BATCH, 2}, which, DataType.DOUBLE)));
            Tensor gradient = discriminator.backward(pass, dPatches, dLogits, false, true);
            for (int n = 0; n < BATCH; n++) {
                expected[which] += 3 * 10 * Math.pow(HostTensor.array(gradient).slice(n).norm2Number().doubleValue() - 1, 2) / BATCH;
            }
            compute.pool().release(gradient);
        }
        assertThat(terms).containsExactly(expected, within(1e-9));
        assertThat(compute.pool().takenBytes()).as("bytes not given back").isZero();
    }

    @ParameterizedTest
    @EnumSource(value = Network.class, names = {"DIS_GLOBAL_B", "DIS_LOCAL_A"})
    void theParametersGradientsAreThePenaltysSlopes(Network network) {
        graph.discriminator(network).iteratePower();
        penalty(network);
        INDArray gradients = graph.trainable(network).gradients().dup();
        INDArray parameters = graph.trainable(network).parameters();
        DoubleSupplier loss = () -> {
            double[] terms = penalty(network);
            return terms[0] + terms[1];
        };
        Random random = new Random(4);
        long offset = 0;
        // moments lie as what is trained does
        for (Map.Entry<String, INDArray> moment : graph.namedMoments().entrySet()) {
            String key = moment.getKey();
            if (!key.startsWith("exp_avg." + network.key())) {
                continue;
            }
            long length = moment.getValue().length();
            int wrong = 0;
            double scale = 0;
            for (long i = offset; i < offset + length; i++) {
                scale = Math.max(scale, Math.abs(gradients.getDouble(i)));
            }
            for (int c = 0; c < COORDINATES; c++) {
                long i = offset + random.nextInt((int) length);
                double slope = slope(parameters, i, loss);
                // a step over which an activation changes its slope or a maximum its place is no derivative
                wrong += Math.abs(slope - gradients.getDouble(i)) > 1e-5 * (scale + 1) ? 1 : 0;
            }
            assertThat(wrong).as("%s: coordinates of %d whose slope differs", key, COORDINATES).isLessThanOrEqualTo(COORDINATES / 8);
            assertThat(scale > 0).as("whether %s has a gradient", key).isEqualTo(!key.endsWith("bias"));
            offset += length;
        }
    }

    private static double slope(INDArray parameters, long i, DoubleSupplier loss) {
        double value = parameters.getDouble(i);
        parameters.putScalar(i, value + STEP);
        double above = loss.getAsDouble();
        parameters.putScalar(i, value - STEP);
        double below = loss.getAsDouble();
        parameters.putScalar(i, value);
        return (above - below) / (2 * STEP);
    }

    @Test
    void sharesDependOnSeedStepAndWorkerAndOnNothingElse() {
        double[] shares = RandomShares.of(7).of(5, 2, 4);
        assertThat(shares).hasSize(4).doesNotHaveDuplicates();
        assertThat(Arrays.stream(shares)).allMatch(share -> share >= 0 && share < 1);
        assertThat(RandomShares.of(7).of(5, 2, 4)).containsExactly(shares);
        assertThat(RandomShares.of(8).of(5, 2, 4)).doesNotContain(shares);
        assertThat(RandomShares.of(7).of(6, 2, 4)).doesNotContain(shares);
        assertThat(RandomShares.of(7).of(5, 3, 4)).doesNotContain(shares);
    }
}
