package io.ugatit.train;

import static io.ugatit.model.Network.DIS_GLOBAL_A;
import static io.ugatit.model.Network.DIS_GLOBAL_B;
import static io.ugatit.model.Network.DIS_LOCAL_A;
import static io.ugatit.model.Network.DIS_LOCAL_B;
import static io.ugatit.model.Network.GEN_A2B;
import static io.ugatit.model.Network.GEN_B2A;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import io.ugatit.model.Discriminator;
import io.ugatit.model.Generator;
import io.ugatit.model.GeneratorPass;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkLayer;
import io.ugatit.model.TrainableRange;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.Kernels.AdamStep;
import io.ugatit.train.StepLosses.PerDomain;
import java.util.List;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One step of U-GAT-IT: an update of the four discriminators, then one of the two generators, on one batch of each domain (paper, section
 * 3.2). The translations are made once and serve both updates; the discriminators' update does not reach the generators. Every
 * discriminator makes one power iteration before each of the updates, and judges real and translated images as one batch.
 */
public final class AlternatingStep implements UgatitGraph.TrainingStep {
    private static final double ADAM_EPSILON = 1e-8;
    private static final List<Network> GENERATORS = List.of(GEN_A2B, GEN_B2A);
    private static final List<Network> OF_A = List.of(DIS_GLOBAL_A, DIS_LOCAL_A);
    private static final List<Network> OF_B = List.of(DIS_GLOBAL_B, DIS_LOCAL_B);

    private final UgatitGraph graph;
    private final LossWeights weights;
    private final LearningRate learningRate;
    private final double weightDecay;
    private long step;
    private StepLosses losses;
    private Consumer<List<Network>> beforeUpdate = networks -> { };

    /** What one direction's generator has to answer for: it translates {@code image} into the domain of {@code real}. */
    private record Direction(Network generator, Network back, INDArray image, INDArray real, List<Network> judges, GeneratorPass translation) { }

    /** The generator's losses of one direction: the judges and CAM are of the target's domain, the cycle of the source's. */
    private record DirectionLosses(double adversarial, double cycle, double identity, double cam) { }

    /**
     * @param graph prepared for training
     * @param step the steps already made
     */
    public AlternatingStep(UgatitGraph graph, TrainingSchedule schedule, long step) {
        this.graph = graph;
        this.weights = schedule.weights();
        this.learningRate = schedule.learningRate();
        this.weightDecay = schedule.weightDecay();
        this.step = step;
    }

    /** The steps made so far. */
    public long step() {
        return step;
    }

    /** The learning rate of the last step. */
    public double learningRate() {
        return learningRate.at(step);
    }

    /** The losses of the last step. */
    public StepLosses losses() {
        return losses;
    }

    @Override
    public double fit(INDArray a, INDArray b) {
        step++;
        GeneratorPass toB = graph.generator(GEN_A2B).forward(a, true);
        GeneratorPass toA = graph.generator(GEN_B2A).forward(b, true);
        zeroGradients(OF_A);
        zeroGradients(OF_B);
        PerDomain d = new PerDomain(discriminate(OF_A, a, toA.image()), discriminate(OF_B, b, toB.image()));
        update(OF_A);
        update(OF_B);
        zeroGradients(GENERATORS);
        DirectionLosses lossesB = generate(new Direction(GEN_A2B, GEN_B2A, a, b, OF_B, toB));
        DirectionLosses lossesA = generate(new Direction(GEN_B2A, GEN_A2B, b, a, OF_A, toA));
        update(GENERATORS);
        clipRho();
        losses = new StepLosses(d, new PerDomain(lossesA.adversarial(), lossesB.adversarial()),
                new PerDomain(lossesB.cycle(), lossesA.cycle()), new PerDomain(lossesA.identity(), lossesB.identity()),
                new PerDomain(lossesA.cam(), lossesB.cam()));
        return losses.gTotal();
    }

    /** Gradients of the discriminators of one domain; returns their loss. */
    private double discriminate(List<Network> judges, INDArray real, INDArray translated) {
        BufferPool pool = graph.compute().pool();
        int batch = (int) real.size(0);
        INDArray both = pool.take(2L * batch, real.size(1), real.size(2), real.size(3));
        both.get(interval(0, batch)).assign(real);
        both.get(interval(batch, 2 * batch)).assign(translated);
        double weight = weights.adversarial();
        double loss = 0;
        for (Network judge : judges) {
            Discriminator discriminator = graph.discriminator(judge);
            discriminator.iteratePower();
            Discriminator.Pass pass = discriminator.forward(both);
            INDArray dPatches = pool.take(pass.patches().shape());
            double[] dLogits = new double[pass.logits().length];
            loss += Loss.meanSquare(pass.patches(), 0, batch, 1, weight, dPatches)
                    + Loss.meanSquare(pass.patches(), batch, 2 * batch, 0, weight, dPatches)
                    + Loss.meanSquare(pass.logits(), 0, 2 * batch, 1, weight, dLogits)
                    + Loss.meanSquare(pass.logits(), 2 * batch, 4 * batch, 0, weight, dLogits);
            discriminator.backward(pass, dPatches, dLogits, true, false);
        }
        pool.release(both);
        return loss;
    }

    /** Gradients of both generators from the losses of one direction. Takes the direction's translation backward. */
    private DirectionLosses generate(Direction direction) {
        BufferPool pool = graph.compute().pool();
        Generator generator = graph.generator(direction.generator());
        GeneratorPass translation = direction.translation();

        GeneratorPass same = generator.forward(direction.real(), true);
        Loss<INDArray> identity = Loss.meanAbsolute(same.image(), direction.real(), weights.identity(), pool);
        Loss<double[]> sameCam = Loss.binaryCrossEntropy(same.logits(), 0, weights.cam());
        generator.backward(same, identity.gradient(), sameCam.gradient(), false);

        Generator backward = graph.generator(direction.back());
        GeneratorPass back = backward.forward(translation.image(), true);
        Loss<INDArray> cycle = Loss.meanAbsolute(back.image(), direction.image(), weights.cycle(), pool);
        INDArray dImage = backward.backward(back, cycle.gradient(), new double[back.logits().length], true);

        double adversarial = 0;
        for (Network judge : direction.judges()) {
            adversarial += judge(graph.discriminator(judge), translation.image(), dImage);
        }
        Loss<double[]> cam = Loss.binaryCrossEntropy(translation.logits(), 1, weights.cam());
        generator.backward(translation, dImage, cam.gradient(), false);
        return new DirectionLosses(adversarial, cycle.value(), identity.value(), cam.value() + sameCam.value());
    }

    /** What one discriminator makes the generator pay; adds to the gradient of its images. */
    private double judge(Discriminator discriminator, INDArray images, INDArray dImages) {
        BufferPool pool = graph.compute().pool();
        discriminator.iteratePower();
        Discriminator.Pass pass = discriminator.forward(images);
        INDArray dPatches = pool.take(pass.patches().shape());
        double[] logits = pass.logits();
        double[] dLogits = new double[logits.length];
        double loss = Loss.meanSquare(pass.patches(), 0, (int) images.size(0), 1, weights.adversarial(), dPatches)
                + Loss.meanSquare(logits, 0, logits.length, 1, weights.adversarial(), dLogits);
        INDArray fromJudge = discriminator.backward(pass, dPatches, dLogits, false, true);
        dImages.addi(fromJudge);
        pool.release(fromJudge);
        return loss;
    }

    private void zeroGradients(List<Network> networks) {
        networks.forEach(network -> graph.trainable(network).gradients().assign(0));
    }

    /** Lets tests look at the gradients of some networks before they are updated. */
    void beforeUpdate(Consumer<List<Network>> observer) {
        beforeUpdate = observer;
    }

    private void update(List<Network> networks) {
        beforeUpdate.accept(networks);
        AdamStep adam = new AdamStep(learningRate.at(step), NetworkLayer.BETA1, NetworkLayer.BETA2, ADAM_EPSILON, weightDecay, step);
        for (Network network : networks) {
            TrainableRange range = graph.trainable(network);
            graph.compute().kernels().adam(range.parameters(), range.gradients(), range.firstMoments(), range.secondMoments(), adam);
        }
    }

    /** Keeps every rho in [0, 1] (paper, section 3.1.1). */
    private void clipRho() {
        GENERATORS.forEach(graph::clipRho);
    }
}
