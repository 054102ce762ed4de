package io.ugatit.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.ugatit.device.KeptThreads;
import io.ugatit.device.Threads;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

@ExtendWith(KeptThreads.class)
class AlternatingStepTest {
    private static final List<Network> GENERATORS = List.of(Network.GEN_A2B, Network.GEN_B2A);
    private static final double RATE = 1e-3;

    static UgatitGraph graph(boolean light, DataType type) {
        UgatitGraph graph = UgatitGraph.create(new NetworkOptions(16, 2, 1, light, !light, 4, 3), 9, type);
        graph.prepareTraining();
        return graph;
    }

    private static AlternatingStep step(UgatitGraph graph, LossWeights weights, double rate, double decay) {
        return new AlternatingStep(graph, new TrainingSchedule(weights, new LearningRate(rate, 1000), decay), 0);
    }

    private static LossWeights weights(double adversarial, double cycle, double identity, double cam) {
        return new LossWeights(AdversarialLoss.LSGAN, adversarial, cycle, identity, cam);
    }

    static AlternatingStep step(UgatitGraph graph) {
        return step(graph, LossWeights.AUTHORS, RATE, 1e-4);
    }

    static INDArray images(int batch, int size, long seed, DataType type) {
        double[] values = new Random(seed).doubles(3L * batch * size * size, -1, 1).toArray();
        return Nd4j.createFromArray(values).castTo(type).reshape(batch, 3, size, size);
    }

    private static INDArray images(int batch, long seed, DataType type) {
        return images(batch, 16, seed, type);
    }

    static INDArray images(int batch, long seed) {
        return images(batch, seed, DataType.FLOAT);
    }

    @ParameterizedTest(name = "light {0}, batch {1}")
    @CsvSource({"true,1", "false,2"})
    void theSameSeedAndImagesGiveTheSameBits(boolean light, int batch) {
        List<UgatitGraph> graphs = new ArrayList<>();
        List<StepLosses> losses = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            UgatitGraph graph = graph(light, DataType.FLOAT);
            AlternatingStep step = step(graph);
            for (int s = 0; s < 3; s++) {
                step.fit(images(batch, s), images(batch, 10 + s));
            }
            assertThat(step.step()).isEqualTo(3);
            graphs.add(graph);
            losses.add(step.losses());
        }
        assertThat(losses.get(1)).isEqualTo(losses.get(0));
        assertSameBits(graphs.get(1), graphs.get(0));
    }

    /** Of parameters and moments. Arrays of ND4J are equal to each other up to 1e-5, Java's are not. */
    private static void assertSameBits(UgatitGraph actual, UgatitGraph expected) {
        actual.store();
        expected.store();
        assertThat(bits(actual.params())).as("parameters").isEqualTo(bits(expected.params()));
        assertThat(bits(actual.getUpdater().getStateViewArray())).as("moments").isEqualTo(bits(expected.getUpdater().getStateViewArray()));
    }

    private static float[] bits(INDArray array) {
        return array.reshape(array.length()).toFloatVector();
    }

    /** Blocked maps, Winograd and a batch of two, one direction after the other or both at the same time. */
    @ParameterizedTest(name = "light {0}, batch {1}")
    @CsvSource({"true,1", "false,2"})
    void twoThreadsGiveTheSameBitsAsOne(boolean light, int batch) {
        UgatitGraph alone = UgatitGraph.create(new NetworkOptions(32, 16, 1, light, !light, 4, 3), 9);
        UgatitGraph together = UgatitGraph.create(new NetworkOptions(32, 16, 1, light, !light, 4, 3), 9);
        assertThat(losses(together, 2, batch)).isEqualTo(losses(alone, 1, batch));
        assertSameBits(together, alone);
    }

    /** Of three steps. */
    private static List<StepLosses> losses(UgatitGraph graph, int threads, int batch) {
        graph.prepareTraining();
        Threads.use(threads);
        AlternatingStep step = step(graph);
        List<StepLosses> losses = new ArrayList<>();
        for (int s = 0; s < 3; s++) {
            step.fit(images(batch, 32, s, DataType.FLOAT), images(batch, 32, 10 + s, DataType.FLOAT));
            losses.add(step.losses());
        }
        return losses;
    }

    @Test
    void oneThreadUpdatesTheJudgesOfEachDomainAndThenTheGenerators() {
        assertThat(updates(1)).containsExactly(Network.DIS_GLOBAL_B, Network.DIS_LOCAL_B, Network.DIS_GLOBAL_A, Network.DIS_LOCAL_A,
                Network.GEN_A2B, Network.GEN_B2A);
    }

    @Test
    void twoThreadsUpdateEveryNetworkOnceAndTheGeneratorsLast() {
        List<Network> updates = updates(2);
        assertThat(updates).containsExactlyInAnyOrder(Network.values());
        assertThat(updates).containsSubsequence(Network.DIS_GLOBAL_A, Network.DIS_LOCAL_A);
        assertThat(updates).containsSubsequence(Network.DIS_GLOBAL_B, Network.DIS_LOCAL_B);
        assertThat(updates.subList(4, 6)).containsExactlyInAnyOrderElementsOf(GENERATORS);
    }

    /** The networks in the order in which a step updates them. */
    private static List<Network> updates(int threads) {
        Threads.use(threads);
        AlternatingStep step = step(graph(true, DataType.FLOAT));
        List<Network> updates = new ArrayList<>();
        step.beforeUpdate(updates::add);
        step.fit(images(1, 1), images(1, 2));
        return updates;
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2})
    void eachUpdateChangesItsOwnNetworksOnly(int threads) {
        Threads.use(threads);
        UgatitGraph graph = graph(true, DataType.FLOAT);
        AlternatingStep step = step(graph);
        INDArray generators = trained(graph, GENERATORS);
        INDArray judges = trained(graph, discriminators());
        Map<Network, INDArray> own = new EnumMap<>(Network.class);
        List<INDArray> generatorsDuringJudges = new ArrayList<>();
        List<INDArray> judgesDuringGenerators = new ArrayList<>();
        step.beforeUpdate(network -> {
            own.put(network, trained(graph, List.of(network)));
            // the other direction may be updating a network of the same kind now, none of the other kind
            if (GENERATORS.contains(network)) {
                judgesDuringGenerators.add(trained(graph, discriminators()));
            } else {
                generatorsDuringJudges.add(trained(graph, GENERATORS));
            }
        });
        step.fit(images(1, 1), images(1, 2));
        assertThat(generatorsDuringJudges).as("generators during the discriminators' updates").hasSize(4).containsOnly(generators);
        assertThat(judgesDuringGenerators).as("discriminators during the generators' updates").hasSize(2)
                .containsOnly(trained(graph, discriminators())).doesNotContain(judges);
        for (Network network : Network.values()) {
            assertThat(trained(graph, List.of(network))).as(network.key()).isNotEqualTo(own.get(network));
            assertThat(graph.trainable(network).firstMoments().normmaxNumber().doubleValue()).as(network.key()).isPositive();
        }
        assertThat(Nd4j.concat(0, own.get(Network.GEN_A2B), own.get(Network.GEN_B2A))).isEqualTo(generators);
    }

    private static List<Network> discriminators() {
        List<Network> networks = new ArrayList<>(List.of(Network.values()));
        networks.removeAll(GENERATORS);
        return networks;
    }

    /** A copy of these networks' trained parameters. */
    private static INDArray trained(UgatitGraph graph, List<Network> networks) {
        graph.store();
        return Nd4j.concat(0, networks.stream().map(network -> graph.trainable(network).parameters()).toArray(INDArray[]::new)).dup();
    }

    @Test
    void theGradientsOfABatchAreTheMeanOfThoseOfItsImages() {
        INDArray a = images(2, 1, DataType.DOUBLE);
        INDArray b = images(2, 2, DataType.DOUBLE);
        INDArray both = firstGradients(a, b);
        INDArray mean = firstGradients(a.get(NDArrayIndex.interval(0, 1)).dup('c'), b.get(NDArrayIndex.interval(0, 1)).dup('c'))
                .addi(firstGradients(a.get(NDArrayIndex.interval(1, 2)).dup('c'), b.get(NDArrayIndex.interval(1, 2)).dup('c'))).divi(2);
        assertThat(both.sub(mean).norm2Number().doubleValue()).isLessThan(1e-8 * both.norm2Number().doubleValue());
    }

    /** Of all six networks, with a learning rate of zero, so that the generators' update meets the same discriminators. */
    private static INDArray firstGradients(INDArray a, INDArray b) {
        UgatitGraph graph = graph(true, DataType.DOUBLE);
        AlternatingStep step = step(graph, LossWeights.AUTHORS, 0, 0);
        Map<Network, INDArray> gradients = new EnumMap<>(Network.class);
        step.beforeUpdate(network -> gradients.put(network, graph.trainable(network).gradients().dup()));
        step.fit(a, b);
        return Nd4j.concat(0, gradients.values().toArray(INDArray[]::new));
    }

    @Test
    void rhoStaysInItsRangeWhateverTheUpdateIs() {
        UgatitGraph graph = graph(true, DataType.FLOAT);
        step(graph, LossWeights.AUTHORS, 5, 0).fit(images(1, 1), images(1, 2));
        graph.store();
        graph.namedParameters().forEach((name, value) -> {
            if (name.endsWith("rho")) {
                assertThat(value.minNumber().doubleValue()).as(name).isNotNegative();
                assertThat(value.maxNumber().doubleValue()).as(name).isLessThanOrEqualTo(1);
            }
        });
        assertThat(graph.namedParameters().get("genA2B.UpBlock2.8.gamma").sub(1).normmaxNumber().doubleValue())
                .as("others are not clipped").isGreaterThan(2);
    }

    @Test
    void aWeightOfZeroSwitchesALossOff() {
        assertThat(losses(weights(0, 10, 10, 1000)).named()).containsEntry("d_total", 0.0).containsEntry("g_adv_a", 0.0)
                .containsEntry("g_adv_b", 0.0);
        assertThat(losses(weights(1, 0, 10, 1000)).gCycle()).isEqualTo(new StepLosses.PerDomain(0, 0));
        assertThat(losses(weights(1, 10, 0, 1000)).gIdentity()).isEqualTo(new StepLosses.PerDomain(0, 0));
        assertThat(losses(weights(1, 10, 10, 0)).gCam()).isEqualTo(new StepLosses.PerDomain(0, 0));
    }

    /**
     * With the least weight there is the same is computed as with any, and every gradient is a zero in single precision; with none, what
     * only that loss needs is left out.
     */
    @ParameterizedTest(name = "cycle {0}, identity {1}, cam {2}, light {3}, {4} images")
    @CsvSource({"0,10,1000,true,1", "10,0,1000,true,2", "10,0,0,false,1", "10,10,0,true,1", "0,0,1000,false,2", "0,0,0,true,1"})
    void whatAWeightOfZeroLeavesOutChangesNoBit(double cycle, double identity, double cam, boolean light, int batch) {
        UgatitGraph without = graph(light, DataType.FLOAT);
        UgatitGraph least = graph(light, DataType.FLOAT);
        AlternatingStep leaving = step(without, weights(1, cycle, identity, cam), RATE, 1e-4);
        AlternatingStep computing = step(least, weights(1, orLeast(cycle), orLeast(identity), orLeast(cam)), RATE, 1e-4);
        for (int s = 0; s < 3; s++) {
            leaving.fit(images(batch, s), images(batch, 10 + s));
            computing.fit(images(batch, s), images(batch, 10 + s));
            computing.losses().named().forEach((name, value) ->
                    assertThat(leaving.losses().named().get(name)).as(name).isEqualTo(value < 1e-300 ? 0 : value));
        }
        assertSameBits(without, least);
    }

    private static double orLeast(double weight) {
        return weight == 0 ? Double.MIN_VALUE : weight;
    }

    @Test
    void whatAWeightOfZeroLeavesOutIsNotComputed() {
        long all = operations(weights(1, 10, 10, 1000));
        long withoutCycle = operations(weights(1, 0, 10, 1000));
        long withoutIdentity = operations(weights(1, 10, 0, 1000));
        long withoutBoth = operations(weights(1, 10, 0, 0));
        assertThat(withoutCycle).isLessThan(all);
        assertThat(withoutBoth).as("a pass through each generator less, as without the cycle").isCloseTo(withoutCycle, withinPercentage(8));
        assertThat(withoutIdentity).as("logits take the encoder alone").isBetween(withoutBoth + 1, all - 1);
    }

    /** Of the convolutions of one step. */
    private static long operations(LossWeights weights) {
        UgatitGraph graph = graph(true, DataType.FLOAT);
        step(graph, weights, RATE, 0).fit(images(1, 1), images(1, 2));
        return graph.compute(Network.GEN_A2B).work().operations() + graph.compute(Network.GEN_B2A).work().operations();
    }

    @Test
    void aGradientPenaltyDrawsByWorkerAndStep() {
        assertThat(afterPenalty(0, 0)).isEqualTo(afterPenalty(0, 0));
        assertThat(afterPenalty(0, 1).d()).isNotEqualTo(afterPenalty(0, 0).d());
        assertThat(afterPenalty(4, 0).d()).isNotEqualTo(afterPenalty(0, 0).d());
    }

    private static StepLosses afterPenalty(long stepsDone, int worker) {
        AlternatingStep step = new AlternatingStep(graph(true, DataType.FLOAT),
                new TrainingSchedule(new LossWeights(AdversarialLoss.WGAN_GP, 1, 10, 10, 1000), new LearningRate(RATE, 1000), 0, 0, false,
                        3), stepsDone);
        step.drawAs(worker);
        step.fit(images(2, 1), images(2, 2));
        return step.losses();
    }

    private static StepLosses losses(LossWeights weights) {
        AlternatingStep step = step(graph(true, DataType.FLOAT), weights, RATE, 0);
        step.fit(images(1, 1), images(1, 2));
        return step.losses();
    }

    @Test
    void withoutLossesAndDecayNothingChangesButThePowerVectors() {
        UgatitGraph graph = graph(true, DataType.FLOAT);
        INDArray before = trained(graph, List.of(Network.values()));
        AlternatingStep step = step(graph, weights(0, 0, 0, 0), RATE, 0);
        assertThat(step.fit(images(1, 1), images(1, 2))).isZero();
        assertThat(trained(graph, List.of(Network.values()))).isEqualTo(before);
    }

    @Test
    void lossesAreNamedInTheFilesOrderAndAddUp() {
        StepLosses losses = losses(LossWeights.AUTHORS);
        assertThat(losses.named().keySet()).containsExactly("d_a", "d_b", "g_adv_a", "g_cycle_a", "g_identity_a", "g_cam_a", "g_adv_b",
                "g_cycle_b", "g_identity_b", "g_cam_b", "d_total", "g_total");
        double sum = losses.named().entrySet().stream().filter(e -> e.getKey().matches("g_.*_[ab]")).mapToDouble(e -> e.getValue()).sum();
        assertThat(losses.gTotal()).isCloseTo(sum, within(1e-9));
        assertThat(losses.dTotal()).isCloseTo(losses.named().get("d_a") + losses.named().get("d_b"), within(1e-9));
        assertThat(losses.finite()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void whatIsNotFiniteShowsInTheLosses(double value) {
        for (int domain = 0; domain < 2; domain++) {
            AlternatingStep step = step(graph(true, DataType.FLOAT));
            INDArray a = images(1, 1);
            INDArray b = images(1, 2);
            (domain == 0 ? a : b).putScalar(100, value);
            step.fit(a, b);
            assertThat(step.losses().finite()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"genA2B.DownBlock.1.weight", "genB2A.FC.2.weight", "disGA.model.1.weight_orig", "disLB.conv.weight_orig"})
    void aParameterThatIsNotANumberShowsInTheLosses(String name) {
        UgatitGraph graph = graph(true, DataType.FLOAT);
        graph.namedParameters().get(name).putScalar(0, Double.NaN);
        graph.load();
        AlternatingStep step = step(graph);
        step.fit(images(1, 1), images(1, 2));
        assertThat(step.losses().finite()).isFalse();
    }

    @Test
    void oneLossThatIsNotFiniteIsEnough() {
        StepLosses.PerDomain good = new StepLosses.PerDomain(1, 2);
        StepLosses.PerDomain bad = new StepLosses.PerDomain(1, Double.NaN);
        assertThat(new StepLosses(good, good, good, good, good).finite()).isTrue();
        assertThat(new StepLosses(bad, good, good, good, good).finite()).isFalse();
        assertThat(new StepLosses(good, good, good, good, bad).finite()).isFalse();
    }

    @Test
    void aLossWeightMustBeANumberFromZero() {
        assertThatThrownBy(() -> weights(1, -0.5, 10, 1000)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--cycle-weight is -0.5: must be a number from 0");
        assertThatThrownBy(() -> weights(1, 10, 10, Double.NaN)).hasMessage("--cam-weight is NaN: must be a number from 0");
    }

    @Test
    void momentsBeginAtZeroWithEveryPeriod() {
        UgatitGraph fresh = graph(true, DataType.FLOAT);
        UgatitGraph used = graph(true, DataType.FLOAT);
        used.getUpdater().getStateViewArray().assign(3);
        used.load();
        LearningRate rate = new LearningRate(RATE, 100);
        AlternatingStep first = new AlternatingStep(fresh, new TrainingSchedule(LossWeights.AUTHORS, rate, 0), 0);
        AlternatingStep sixth = new AlternatingStep(used, new TrainingSchedule(LossWeights.AUTHORS, rate, 0, 5, false, 0), 5);
        for (int i = 0; i < 2; i++) {
            first.fit(images(1, 1 + i), images(1, 3 + i));
            sixth.fit(images(1, 1 + i), images(1, 3 + i));
        }
        assertThat(sixth.step()).isEqualTo(7);
        used.store();
        fresh.store();
        assertThat(used.params()).isEqualTo(fresh.params());
        assertThat(used.getUpdater().getStateViewArray()).isEqualTo(fresh.getUpdater().getStateViewArray());
    }

    @Test
    void secondMomentsMayGoOnWhereFirstOnesBeginAgain() {
        // without the discriminators, whose updates would change what the generators learn in the same step
        LossWeights weights = weights(0, 10, 10, 1000);
        UgatitGraph graph = graph(true, DataType.FLOAT);
        LearningRate rate = new LearningRate(RATE, 100);
        new AlternatingStep(graph, new TrainingSchedule(weights, rate, 0), 4).fit(images(1, 1), images(1, 2));
        graph.store();
        UgatitGraph cleared = graph(true, DataType.FLOAT);
        cleared.params().assign(graph.params());
        cleared.getUpdater().getStateViewArray().assign(graph.getUpdater().getStateViewArray());
        for (Network network : Network.values()) {
            cleared.trainable(network).firstMoments().assign(0);
        }
        cleared.load();
        new AlternatingStep(graph, new TrainingSchedule(weights, rate, 0, 5, true, 0), 5).fit(images(1, 3), images(1, 4));
        new AlternatingStep(cleared, new TrainingSchedule(weights, rate, 0), 5).fit(images(1, 3), images(1, 4));
        graph.store();
        cleared.store();
        assertThat(bits(graph.getUpdater().getStateViewArray())).as("moments").isEqualTo(bits(cleared.getUpdater().getStateViewArray()));
        assertThat(bits(graph.params())).as("as if the first ones had gone on and were zero").isEqualTo(bits(cleared.params()));
    }

    @Test
    void aStepThatIsResumedContinuesTheCountAndTheRate() {
        UgatitGraph graph = graph(true, DataType.FLOAT);
        INDArray before = graph.params().dup();
        AlternatingStep step = new AlternatingStep(graph, new TrainingSchedule(LossWeights.AUTHORS, new LearningRate(RATE, 10), 0), 9);
        step.fit(images(1, 1), images(1, 2));
        assertThat(step.step()).isEqualTo(10);
        assertThat(trained(graph, GENERATORS)).as("the last step's rate is zero")
                .isEqualTo(before.reshape(before.length()).get(NDArrayIndex.interval(0, trained(graph, GENERATORS).length())));
    }
}
