package io.ugatit.train;

import static io.ugatit.model.Network.DIS_GLOBAL_A;
import static io.ugatit.model.Network.DIS_GLOBAL_B;
import static io.ugatit.model.Network.DIS_LOCAL_A;
import static io.ugatit.model.Network.DIS_LOCAL_B;
import static io.ugatit.model.Network.GEN_A2B;
import static io.ugatit.model.Network.GEN_B2A;
import static io.ugatit.train.AdversarialLoss.Side.GENERATOR;
import static io.ugatit.train.AdversarialLoss.Side.REAL;
import static io.ugatit.train.AdversarialLoss.Side.TRANSLATED;

import io.ugatit.model.Discriminator;
import io.ugatit.model.Generator;
import io.ugatit.model.GeneratorPass;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkLayer;
import io.ugatit.model.NetworkTensors;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.AdamRates;
import io.ugatit.tensor.AdamRates.AdamStep;
import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.LossKernels.Term;
import io.ugatit.tensor.Recorder;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import io.ugatit.train.LossTerms.DirectionLosses;
import io.ugatit.train.StepLosses.PerDomain;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
    private final AdamRates rates;
    private RandomShares shares;
    private long step;
    private int worker;
    private Images images;
    private Recorder recorder = Recorder.NONE;
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
        this.rates = graph.compute().kernels().adamRates();
        this.shares = RandomShares.of(schedule.seed());
        this.step = step;
    }

    /** The schedule. */
    public TrainingSchedule schedule() {
        return schedule;
    }

    /** Goes on as if so many steps were made: the graph's state has been replaced. */
    public void resume(long steps) {
        step = steps;
    }

    /** Draws what is random as one of the workers that train side by side, which count from 0; until it is told otherwise it is the first. */
    public void drawAs(int number) {
        worker = number;
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

    /**
     * What a generator made of the last step's images before it was updated, on the host.
     *
     * @param generator one of the two
     * @return (N,3,S,S) in [-1, 1]; the caller's
     */
    public INDArray translations(Network generator) {
        Tensor translated = generator == GEN_A2B ? images.translatedToB() : images.translatedToA();
        INDArray host = Nd4j.createUninitialized(pool.type(), translated.shape(), 'c');
        graph.compute(GEN_A2B).kernels().read(translated, host);
        return host;
    }

    @Override
    public double fit(INDArray a, INDArray b) {
        step++;
        prepare(a.shape());
        Compute first = graph.compute(GEN_A2B);
        Compute second = graph.compute(GEN_B2A);
        first.kernels().follow(second.kernels());
        first.kernels().recycle();
        second.kernels().recycle();
        Values terms = first.kernels().values(2 * LossTerms.COUNT);
        first.kernels().write(a, images.a());
        first.kernels().write(b, images.b());
        if (weights.loss().penalizesGradients()) {
            draw((int) a.size(0));
        }
        rates.set(new AdamStep(learningRate(), NetworkLayer.BETA1, NetworkLayer.BETA2, ADAM_EPSILON, schedule.weightDecay(),
                schedule.stepsOfMoments(step)));
        resetMoments();
        recorder.run(() -> compute(first, second, terms));
        double[] read = first.kernels().read(terms);
        DirectionLosses ofB = new LossTerms(terms, 0).sum(read);
        DirectionLosses ofA = new LossTerms(terms, LossTerms.COUNT).sum(read);
        losses = new StepLosses(new PerDomain(ofA.discriminator(), ofB.discriminator()),
                new PerDomain(ofA.adversarial(), ofB.adversarial()), new PerDomain(ofB.cycle(), ofA.cycle()),
                new PerDomain(ofA.identity(), ofB.identity()), new PerDomain(ofA.cam(), ofB.cam()));
        return losses.gTotal();
    }

    /**
     * Images of both domains where the networks compute, always at the same place.
     *
     * @param shares where between real and translated images a gradient penalty looks: of A's, then of B's
     * @param translatedToA what became of {@code b}; a pass gives its own back before the step is over
     * @param translatedToB what became of {@code a}
     */
    private record Images(Tensor a, Tensor b, Tensor shares, Tensor translatedToA, Tensor translatedToB) {

        Tensor shares(int domain) {
            return shares.slice(domain * a.size(0), (domain + 1) * a.size(0));
        }
    }

    private void draw(int batch) {
        try (INDArray drawn = Nd4j.createFromArray(shares.of(step, worker, 2 * batch)); INDArray typed = drawn.castTo(pool.type())) {
            graph.compute(GEN_A2B).kernels().write(typed, images.shares());
        }
    }

    private void prepare(long[] shape) {
        if (images == null || !Arrays.equals(images.a().shape(), shape)) {
            if (images != null) {
                pool.release(images.a(), images.b(), images.shares(), images.translatedToA(), images.translatedToB());
            }
            images = new Images(pool.take(shape), pool.take(shape), pool.take(2 * shape[0]), pool.take(shape), pool.take(shape));
            recorder = graph.compute().kernels().recorder();
        }
    }

    private void resetMoments() {
        for (Network network : Network.values()) {
            Kernels kernels = graph.compute().kernels();
            if (schedule.resetsMoments(step)) {
                kernels.fill(graph.tensors(network).firstMoments(), 0);
            }
            if (schedule.resetsSecondMoments(step)) {
                kernels.fill(graph.tensors(network).secondMoments(), 0);
            }
        }
    }

    private void compute(Compute first, Compute second, Values terms) {
        second.kernels().follow(first.kernels());
        Direction toB = new Direction(GEN_A2B, GEN_B2A, OF_B, images.a(), images.b(), images.shares(1), images.translatedToB(),
                new LossTerms(terms, 0));
        Direction toA = new Direction(GEN_B2A, GEN_A2B, OF_A, images.b(), images.a(), images.shares(0), images.translatedToA(),
                new LossTerms(terms, LossTerms.COUNT));
        // first a direction uses its own generator and judges, then the other's generator, then its own again
        both(toB::begin, toA::begin);
        first.join(second);
        both(toB::cycle, toA::cycle);
        first.join(second);
        both(toB::finish, toA::finish);
        first.kernels().follow(second.kernels());
    }

    private void both(Runnable first, Runnable second) {
        if (recorder.isRecording()) {
            first.run();
            second.run();
        } else {
            SideBySide.run(first, second);
        }
    }

    /**
     * One direction's part of a step: the generator that translates {@code image}, and the discriminators of the domain of {@code real}
     * that judge it. The judges and CAM losses are of the target's domain, the cycle's of the source's.
     */
    private final class Direction {
        private final Network network;
        private final Generator generator;
        private final Generator back;
        private final Compute compute;
        private final Compute computeBack;
        private final List<Network> judges;
        private final Tensor image;
        private final Tensor real;
        private final Tensor shares;
        private final Tensor translated;
        private final LossTerms terms;
        private GeneratorPass translation;
        private Tensor dTranslation;

        Direction(Network generator, Network back, List<Network> judges, Tensor image, Tensor real, Tensor shares,
                Tensor translated, LossTerms terms) {
            this.network = generator;
            this.generator = graph.generator(generator);
            this.back = graph.generator(back);
            this.compute = graph.compute(generator);
            this.computeBack = graph.compute(back);
            this.judges = judges;
            this.image = image;
            this.real = real;
            this.shares = shares;
            this.translated = translated;
            this.terms = terms;
        }

        /** The discriminators' update, and the generator's gradients from the identity losses. */
        void begin() {
            translation = generator.forward(image, true, paysForLogits());
            compute.kernels().copy(translation.image(), translated);
            judges.forEach(AlternatingStep.this::zeroGradients);
            discriminate();
            judges.forEach(AlternatingStep.this::update);
            zeroGradients(network);
            if (weights.identity() > 0) {
                GeneratorPass same = generator.forward(real, true, paysForLogits());
                Tensor dSame = compute.pool().take(real.shape());
                compute.kernels().meanAbsolute(same.image(), real, weights.identity(), dSame, terms.identity());
                generator.backward(same, dSame, payForLogits(same, 0, terms.camOfIdentity()), false);
            } else if (paysForLogits()) {
                GeneratorPass same = generator.classify(real);
                generator.backward(same, payForLogits(same, 0, terms.camOfIdentity()));
            }
        }

        private boolean paysForLogits() {
            return weights.cam() > 0;
        }

        /** The gradient of a pass's logits, or null if nobody pays for them. */
        private Values payForLogits(GeneratorPass pass, double target, Term term) {
            if (!paysForLogits()) {
                return null;
            }
            Values dLogits = compute.kernels().values(pass.logits().length());
            compute.kernels().binaryCrossEntropy(pass.logits(), target, weights.cam(), dLogits, term);
            return dLogits;
        }

        /** The gradients of the other generator from the cycle loss. */
        void cycle() {
            if (weights.cycle() == 0) {
                dTranslation = computeBack.pool().take(image.shape());
                computeBack.kernels().fill(dTranslation, 0);
                return;
            }
            GeneratorPass cycled = back.forward(translation.image(), true, false);
            Tensor dCycled = computeBack.pool().take(image.shape());
            computeBack.kernels().meanAbsolute(cycled.image(), image, weights.cycle(), dCycled, terms.cycle());
            dTranslation = back.backward(cycled, dCycled, null, true);
        }

        /** The rest of the generator's gradients, and its update. */
        void finish() {
            for (int i = 0; i < judges.size(); i++) {
                judge(i);
            }
            Kernels kernels = compute.kernels();
            generator.backward(translation, dTranslation, payForLogits(translation, 1, terms.camOfTranslation()), false);
            update(network);
            graph.tensors(network).rhos().forEach(rho -> kernels.clip(rho, 0, 1));
        }

        /** Gradients of the discriminators. */
        private void discriminate() {
            Kernels kernels = compute.kernels();
            int batch = (int) real.size(0);
            Tensor both = compute.pool().take(2L * batch, real.size(1), real.size(2), real.size(3));
            kernels.copy(real, both.slice(0, real.length()));
            kernels.copy(translation.image(), both.slice(real.length(), 2 * real.length()));
            double weight = weights.adversarial();
            AdversarialLoss loss = weights.loss();
            for (int i = 0; i < judges.size(); i++) {
                Discriminator discriminator = graph.discriminator(judges.get(i));
                discriminator.iteratePower();
                Discriminator.Pass pass = discriminator.forward(both);
                Tensor patches = pass.patches();
                Tensor dPatches = compute.pool().take(patches.shape());
                Values dLogits = kernels.values(pass.logits().length());
                long half = patches.length() / 2;
                loss.patches(kernels, REAL, patches.slice(0, half), weight, dPatches.slice(0, half), terms.realPatches(i));
                loss.patches(kernels, TRANSLATED, patches.slice(half, 2 * half), weight, dPatches.slice(half, 2 * half),
                        terms.translatedPatches(i));
                loss.logits(kernels, REAL, pass.logits(), 0, 2 * batch, weight, dLogits, terms.realLogits(i));
                loss.logits(kernels, TRANSLATED, pass.logits(), 2 * batch, 4 * batch, weight, dLogits, terms.translatedLogits(i));
                discriminator.backward(pass, dPatches, dLogits, true, false);
            }
            compute.pool().release(both);
            if (loss.penalizesGradients()) {
                penalize();
            }
        }

        private void penalize() {
            try (GradientPenalty penalty = new GradientPenalty(compute, real, translation.image(), shares)) {
                for (int i = 0; i < judges.size(); i++) {
                    penalty.add(graph.discriminator(judges.get(i)), weights.adversarial(), terms.patchesPenalty(i), terms.logitsPenalty(i));
                }
            }
        }

        /** What one discriminator makes the generator pay; adds to the gradient of the translation. */
        private void judge(int index) {
            Kernels kernels = compute.kernels();
            Discriminator discriminator = graph.discriminator(judges.get(index));
            discriminator.iteratePower();
            Discriminator.Pass pass = discriminator.forward(translation.image());
            Tensor dPatches = compute.pool().take(pass.patches().shape());
            Values logits = pass.logits();
            Values dLogits = kernels.values(logits.length());
            double weight = weights.adversarial();
            weights.loss().patches(kernels, GENERATOR, pass.patches(), weight, dPatches, terms.judgedPatches(index));
            weights.loss().logits(kernels, GENERATOR, logits, 0, logits.length(), weight, dLogits, terms.judgedLogits(index));
            Tensor fromJudge = discriminator.backward(pass, dPatches, dLogits, false, true);
            kernels.add(fromJudge, dTranslation);
            compute.pool().release(fromJudge);
        }
    }

    private void zeroGradients(Network network) {
        graph.compute(network).kernels().fill(graph.tensors(network).gradients(), 0);
    }

    /** Lets tests say what is drawn at random. */
    void draw(RandomShares given) {
        shares = given;
    }

    /** Lets tests look at the gradients of a network before it is updated. */
    void beforeUpdate(Consumer<Network> observer) {
        beforeUpdate = observer;
    }

    private void update(Network network) {
        synchronized (this) {
            beforeUpdate.accept(network);
        }
        NetworkTensors tensors = graph.tensors(network);
        graph.compute(network).kernels().adam(tensors.trainable(), tensors.gradients(), tensors.firstMoments(), tensors.secondMoments(), rates);
    }
}
