package io.ugatit.train;

import io.ugatit.tensor.LossKernels.Term;
import io.ugatit.tensor.Values;

/** Where the kernels put the terms of one direction's losses, so that they are read once a step. */
final class LossTerms {
    private static final int IDENTITY = 0;
    private static final int CYCLE = 1;
    private static final int CAM_OF_IDENTITY = 2;
    private static final int CAM_OF_TRANSLATION = 3;
    private static final int FIRST_JUDGE = 4;
    private static final int TERMS_OF_JUDGE = 8;

    /** How many judges a direction's translations have. */
    static final int JUDGES = 2;
    /** Numbers that one direction needs. */
    static final int COUNT = FIRST_JUDGE + JUDGES * TERMS_OF_JUDGE;

    private final Values values;
    private final int first;

    /**
     * @param values of both directions, so that one read gets all
     * @param first of this direction's {@link #COUNT} numbers
     */
    LossTerms(Values values, int first) {
        this.values = values;
        this.first = first;
    }

    Term identity() {
        return term(IDENTITY);
    }

    Term cycle() {
        return term(CYCLE);
    }

    Term camOfIdentity() {
        return term(CAM_OF_IDENTITY);
    }

    Term camOfTranslation() {
        return term(CAM_OF_TRANSLATION);
    }

    Term realPatches(int judge) {
        return ofJudge(judge, 0);
    }

    Term translatedPatches(int judge) {
        return ofJudge(judge, 1);
    }

    Term realLogits(int judge) {
        return ofJudge(judge, 2);
    }

    Term translatedLogits(int judge) {
        return ofJudge(judge, 3);
    }

    Term judgedPatches(int judge) {
        return ofJudge(judge, 4);
    }

    Term judgedLogits(int judge) {
        return ofJudge(judge, 5);
    }

    /** Zero without a gradient penalty, as the next. */
    Term patchesPenalty(int judge) {
        return ofJudge(judge, 6);
    }

    Term logitsPenalty(int judge) {
        return ofJudge(judge, 7);
    }

    private Term ofJudge(int judge, int term) {
        return term(FIRST_JUDGE + TERMS_OF_JUDGE * judge + term);
    }

    private Term term(int index) {
        return new Term(values, first + index);
    }

    /** Sums this direction's terms up; {@code terms} are the values as they were read. */
    DirectionLosses sum(double[] terms) {
        double discriminator = 0;
        double adversarial = 0;
        for (int judge = 0; judge < JUDGES; judge++) {
            int at = first + FIRST_JUDGE + TERMS_OF_JUDGE * judge;
            discriminator += terms[at] + terms[at + 1] + terms[at + 2] + terms[at + 3] + terms[at + 6] + terms[at + 7];
            adversarial += terms[at + 4] + terms[at + 5];
        }
        return new DirectionLosses(discriminator, adversarial, terms[first + CYCLE], terms[first + IDENTITY],
                terms[first + CAM_OF_IDENTITY] + terms[first + CAM_OF_TRANSLATION]);
    }

    /**
     * One direction's losses, weighted.
     *
     * @param discriminator of the judges' update
     * @param adversarial what the judges make the generator pay
     * @param cycle of the source's domain
     * @param identity of the target's domain
     * @param cam of the generator
     */
    record DirectionLosses(double discriminator, double adversarial, double cycle, double identity, double cam) { }
}
