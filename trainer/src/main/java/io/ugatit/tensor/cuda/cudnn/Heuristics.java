package io.ugatit.tensor.cuda.cudnn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which engine computes a graph: the first of cuDNN's proposals, best first, that computes as it should. Nothing is timed, so that every
 * run on a GPU gets the same engine.
 */
final class Heuristics {
    /** Of workspace, bytes. */
    static final long MOST_WORKSPACE = 1L << 30;

    private static final int ENGINE = 2;
    private static final int ENGINE_NUMERICAL_NOTES = 1303;
    private static final int CONFIGURATION = 3;
    private static final int CONFIGURATION_ENGINE = 300;
    private static final int HEURISTICS = 4;
    private static final int HEURISTICS_MODE = 200;
    private static final int HEURISTICS_GRAPH = 201;
    private static final int HEURISTICS_RESULTS = 202;
    private static final int HEURISTICS_DEVICE = 204;
    private static final int PLAN = 5;
    private static final int PLAN_HANDLE = 400;
    private static final int PLAN_CONFIGURATION = 401;
    private static final int PLAN_WORKSPACE = 402;
    private static final int PLAN_DEVICE = 407;

    private static final int TYPE_HEURISTICS_MODE = 8;
    private static final int TYPE_NUMERICAL_NOTE = 11;
    private static final int MODE_A = 3;
    private static final int MODE_FALLBACK = 2;
    private static final int MOST_PROPOSALS = 256;

    private final OperationGraph graph;
    private final Factors factors;
    private final long handle;
    private final Optional<Descriptor> device;
    private String refusal = "";

    /** @param handle of cuDNN on the GPU that is to compute */
    Heuristics(OperationGraph graph, Factors factors, long handle) {
        this(graph, factors, handle, Optional.empty());
    }

    /** @param device properties of a GPU, which need not be here; from cuDNN 9.8 */
    Heuristics(OperationGraph graph, Factors factors, Descriptor device) {
        this(graph, factors, 0, Optional.of(device));
    }

    private Heuristics(OperationGraph graph, Factors factors, long handle, Optional<Descriptor> device) {
        this.graph = graph;
        this.factors = factors;
        this.handle = handle;
        this.device = device;
    }

    /**
     * The plan of the first engine that will do, the caller's to close; empty if none does.
     *
     * @throws RefusedException if something has gone wrong, so that nobody knows which one that is
     */
    Optional<Descriptor> plan() {
        Optional<Descriptor> best = plan(MODE_A);
        return best.isPresent() ? best : plan(MODE_FALLBACK);
    }

    /** What cuDNN has said of the last that would have done; empty if it has said nothing. */
    String refusal() {
        return refusal;
    }

    /** Bytes that a plan needs beside its tensors. */
    static long workspace(Descriptor plan) {
        return plan.number(PLAN_WORKSPACE);
    }

    private Optional<Descriptor> plan(int mode) {
        List<Descriptor> proposals = new ArrayList<>();
        try (Descriptor heuristics = new Descriptor(HEURISTICS, "the heuristics")) {
            heuristics.of(HEURISTICS_GRAPH, graph.descriptor()).constant(HEURISTICS_MODE, TYPE_HEURISTICS_MODE, mode);
            device.ifPresent(properties -> heuristics.of(HEURISTICS_DEVICE, properties));
            heuristics.finish();
            int most = Math.min(MOST_PROPOSALS, heuristics.count(HEURISTICS_RESULTS));
            for (int i = 0; i < most; i++) {
                proposals.add(new Descriptor(CONFIGURATION, "an engine's configuration"));
            }
            int found = most == 0 ? 0 : heuristics.fill(HEURISTICS_RESULTS, proposals);
            for (Descriptor proposal : proposals.subList(0, found)) {
                Optional<Descriptor> plan = computesAsItShould(proposal) ? plan(proposal) : Optional.empty();
                if (plan.isPresent()) {
                    return plan;
                }
            }
            return Optional.empty();
        } catch (RefusedException e) {
            // a mode that does not know such a graph proposes nothing
            requireFinal(e);
            return Optional.empty();
        } finally {
            proposals.forEach(Descriptor::close);
        }
    }

    private boolean computesAsItShould(Descriptor configuration) {
        try (Descriptor engine = new Descriptor(ENGINE, "an engine")) {
            return configuration.fill(CONFIGURATION_ENGINE, List.of(engine)) == 1
                    && factors.allow(engine.constants(ENGINE_NUMERICAL_NOTES, TYPE_NUMERICAL_NOTE));
        }
    }

    private Optional<Descriptor> plan(Descriptor configuration) {
        Descriptor plan = new Descriptor(PLAN, "a plan");
        boolean kept = false;
        try {
            plan.handle(PLAN_HANDLE, handle).of(PLAN_CONFIGURATION, configuration);
            device.ifPresent(properties -> plan.of(PLAN_DEVICE, properties));
            plan.finish();
            if (workspace(plan) <= MOST_WORKSPACE) {
                kept = true;
                return Optional.of(plan);
            }
        } catch (RefusedException e) {
            // not every engine that is proposed runs on every GPU: the next one
            requireFinal(e);
        } finally {
            if (!kept) {
                plan.close();
            }
        }
        return Optional.empty();
    }

    /** Another engine must not be taken because memory happens to be short: it would compute other bits than in the next run. */
    private void requireFinal(RefusedException e) {
        if (!e.isFinal()) {
            throw e;
        }
        refusal = e.getMessage();
    }
}
