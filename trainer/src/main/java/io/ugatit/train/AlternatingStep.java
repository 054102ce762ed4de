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
 *
 * <p>The two directions never use one network at the same time, so they are computed side by side if there are two threads: one thread each
 * wastes less than two for every operation. The order in which a network's gradients are summed, and so every bit, stays the same.
 */
public final class AlternatingStep implements UgatitGraph.TrainingStep {
    private static final double ADAM_EPSILON = 1e-8;
    private static final List<Network> OF_A = List.of(DIS_GLOBAL_A, DIS_LOCAL_A);
    private static final List<Network> OF_B = List.of(DIS_GLOBAL_B, DIS_LOCAL_B);

    private final UgatitGraph graph;
    private final BufferPool pool;
    private final LossWeights weights;
    private final TrainingSchedule schedule;
    private long step;
    private StepLosses losses;
    private Consumer<Network> beforeUpdate = network -> { };

    /**
     * @param graph prepared for training
     * @param step the steps already made
     */
    public AlternatingStep(UgatitGraph graph, TrainingSchedule schedule, long step) {
        this.graph = graph;
        this.pool = graph.compute().pool();
        this.weights = schedule.weights();
        this.schedule = schedule;
        this.step = step;
    }

    /** The steps made so far. */
    public long step() {
        return step;
    }

    /** The learning rate of the last step. */
    public double learningRate() {
        return schedule.learningRate().at(step);
    }

    /** The losses of the last step. */
    public StepLosses losses() {
        return losses;
    }

    @Override
    public double fit(INDArray a, INDArray b) {
        step++;
        Direction toB = new Direction(GEN_A2B, GEN_B2A, OF_B, a, b);
        Direction toA = new Direction(GEN_B2A, GEN_A2B, OF_A, b, a);
        // first a direction uses its own generator and judges, then the other's generator, then its own again
        SideBySide.run(toB::begin, toA::begin);
        SideBySide.run(toB::cycle, toA::cycle);
        SideBySide.run(toB::finish, toA::finish);
        losses = new StepLosses(new PerDomain(toA.discriminatorLoss, toB.discriminatorLoss),
                new PerDomain(toA.adversarialLoss, toB.adversarialLoss), new PerDomain(toB.cycleLoss, toA.cycleLoss),
                new PerDomain(toA.identityLoss, toB.identityLoss), new PerDomain(toA.camLoss, toB.camLoss));
        return losses.gTotal();
    }

    /**
     * One direction's part of a step: the generator that translates {@code image}, and the discriminators of the domain of {@code real}
     * that judge it. The judges and CAM losses are of the target's domain, the cycle's of the source's.
     */
    private final class Direction {
        private final Network network;
        private final Generator generator;
        private final Generator back;
        private final List<Network> judges;
        private final INDArray image;
        private final INDArray real;
        private GeneratorPass translation;
        private INDArray dTranslation;
        private double discriminatorLoss;
        private double identityLoss;
        private double cycleLoss;
        private double adversarialLoss;
        private double camLoss;

        Direction(Network generator, Network back, List<Network> judges, INDArray image, INDArray real) {
            this.network = generator;
            this.generator = graph.generator(generator);
            this.back = graph.generator(back);
            this.judges = judges;
            this.image = image;
            this.real = real;
        }

        /** The discriminators' update, and the generator's gradients from the identity losses. */
        void begin() {
            translation = generator.forward(image, true);
            judges.forEach(AlternatingStep.this::zeroGradients);
            discriminatorLoss = discriminate(judges, real, translation.image());
            judges.forEach(AlternatingStep.this::update);
            zeroGradients(network);
            GeneratorPass same = generator.forward(real, true);
            Loss<INDArray> identity = Loss.meanAbsolute(same.image(), real, weights.identity(), pool);
            Loss<double[]> cam = Loss.binaryCrossEntropy(same.logits(), 0, weights.cam());
            generator.backward(same, identity.gradient(), cam.gradient(), false);
            identityLoss = identity.value();
            camLoss = cam.value();
        }

        /** The gradients of the other generator from the cycle loss. */
        void cycle() {
            GeneratorPass cycled = back.forward(translation.image(), true);
            Loss<INDArray> cycle = Loss.meanAbsolute(cycled.image(), image, weights.cycle(), pool);
            dTranslation = back.backward(cycled, cycle.gradient(), new double[cycled.logits().length], true);
            cycleLoss = cycle.value();
        }

        /** The rest of the generator's gradients, and its update. */
        void finish() {
            for (Network judge : judges) {
                adversarialLoss += judge(graph.discriminator(judge), translation.image(), dTranslation);
            }
            Loss<double[]> cam = Loss.binaryCrossEntropy(translation.logits(), 1, weights.cam());
            generator.backward(translation, dTranslation, cam.gradient(), false);
            camLoss += cam.value();
            update(network);
            graph.clipRho(network);
        }
    }

    /** Gradients of the discriminators of one domain; returns their loss. */
    private double discriminate(List<Network> judges, INDArray real, INDArray translated) {
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

    /** What one discriminator makes the generator pay; adds to the gradient of its images. */
    private double judge(Discriminator discriminator, INDArray images, INDArray dImages) {
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

    private void zeroGradients(Network network) {
        graph.trainable(network).gradients().assign(0);
    }

    /** Lets tests look at the gradients of a network before it is updated. */
    void beforeUpdate(Consumer<Network> observer) {
        beforeUpdate = observer;
    }

    private void update(Network network) {
        synchronized (this) {
            beforeUpdate.accept(network);
        }
        AdamStep adam = new AdamStep(learningRate(), NetworkLayer.BETA1, NetworkLayer.BETA2, ADAM_EPSILON, schedule.weightDecay(),
                schedule.adamStep(step));
        TrainableRange range = graph.trainable(network);
        if (schedule.resetsMoments(step)) {
            range.firstMoments().assign(0);
            range.secondMoments().assign(0);
        }
        graph.compute(network).kernels().adam(range.parameters(), range.gradients(), range.firstMoments(), range.secondMoments(), adam);
    }
}
