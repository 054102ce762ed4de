package io.ugatit.tensor.cuda.cudnn;

import io.ugatit.tensor.cuda.cudnn.Convolution.Pass;

/** What {@link RealCudnnTest} asks NVIDIA's cuDNN, in a JVM of its own. */
public final class RealCudnn {
    private RealCudnn() { }

    /** Describes convolutions of every kind, and prints what cuDNN says. */
    public static void main(String[] args) {
        Cudnn.problem().ifPresent(problem -> System.out.println("problem: " + problem));
        System.out.println("version " + Cudnn.version());
        for (Pass pass : Pass.values()) {
            for (Factors factors : Factors.values()) {
                for (int[] s : new int[][] {{1, 256, 256, 3, 1, 66, 66}, {2, 64, 128, 3, 2, 130, 131}, {1, 4, 64, 7, 1, 262, 262}, {1, 512, 512, 1, 1, 1, 1}}) {
                    Convolution convolution = new Convolution(pass, factors, s[0], s[1], s[2], s[3], s[4], s[5], s[6]);
                    try (OperationGraph graph = new OperationGraph(convolution, 0)) {
                        System.out.println("graph " + (graph.descriptor().address() != 0));
                        // without a GPU it proposes at random, and no plan can be made
                        System.out.println("plan " + new Heuristics(graph, factors, 0).plan().isPresent());
                    }
                }
            }
        }
        refusals();
        System.out.println("ended");
    }

    /** What the stand-in refuses as this does. */
    private static void refusals() {
        try (OperationGraph graph = new OperationGraph(new Convolution(Pass.FORWARD, Factors.FP32, 1, 8, 4, 3, 1, 6, 6), 0)) {
            refused("twice", () -> graph.descriptor().finish());
            refused("late", () -> graph.descriptor().number(700, 1));
        }
        refused("larger kernel", () -> new OperationGraph(new Convolution(Pass.FORWARD, Factors.FP32, 1, 8, 4, 7, 1, 6, 6), 0).close());
        for (int type : new int[] {1, 4, 10, 11, 12, 15, 17}) {
            refused("empty " + type, () -> {
                try (Descriptor descriptor = new Descriptor(type, "nothing")) {
                    descriptor.finish();
                }
            });
        }
    }

    private static void refused(String what, Runnable wrong) {
        try {
            wrong.run();
            System.out.println("accepted: " + what);
        } catch (RefusedException e) {
            System.out.println("refused: " + what + ": " + e.getMessage());
        }
    }
}
