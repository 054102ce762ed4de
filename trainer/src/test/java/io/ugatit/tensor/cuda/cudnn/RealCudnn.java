package io.ugatit.tensor.cuda.cudnn;

import io.ugatit.tensor.cuda.cudnn.Convolution.Pass;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What {@link RealCudnnTest} asks NVIDIA's cuDNN, in a JVM of its own. */
public final class RealCudnn {
    private RealCudnn() { }

    /** Images, channels, outputs, kernel, stride, height and width: of the networks, and smaller. */
    private static final int[][] SHAPES = {{1, 256, 256, 3, 1, 66, 66}, {1, 64, 128, 3, 2, 258, 258}, {2, 128, 64, 3, 1, 258, 258},
        {1, 256, 512, 4, 2, 34, 34}, {1, 1024, 2048, 4, 1, 34, 34}, {1, 4, 64, 7, 1, 70, 70}, {1, 512, 512, 1, 1, 1, 1}};
    private static final int TENSOR_CORES = 80;
    /** The first that knows GPUs which are not here. */
    private static final long KNOWS_ABSENT_GPUS = 90_800;

    /** Describes convolutions of every kind, and prints what cuDNN says. */
    public static void main(String[] args) {
        Cudnn.problem().ifPresent(problem -> System.out.println("problem: " + problem));
        System.out.println("version " + Cudnn.version());
        for (Pass pass : Pass.values()) {
            for (Factors factors : Factors.values()) {
                for (int[] s : SHAPES) {
                    try (OperationGraph graph = graph(pass, factors, s)) {
                        System.out.println("graph " + (graph.descriptor().address() != 0));
                        // without a GPU it proposes at random, and no plan can be made
                        System.out.println("plan " + new Heuristics(graph, factors, 0).plan().isPresent());
                    }
                }
            }
        }
        if (Libcudnn.cudnnGetVersion() >= KNOWS_ABSENT_GPUS) {
            for (AbsentGpu gpu : List.of(new AbsentGpu("T4", 75, 40, 65_536), new AbsentGpu("A100", 80, 108, 166_912),
                    new AbsentGpu("L4", 89, 58, 101_376), new AbsentGpu("H100", 90, 132, 232_448))) {
                choose(gpu);
            }
        }
        refusals();
        System.out.println("ended");
    }

    private static OperationGraph graph(Pass pass, Factors factors, int[] s) {
        return new OperationGraph(new Convolution(pass, factors, s[0], s[1], s[2], s[3], s[4], s[5], s[6]), 0);
    }

    private static void choose(AbsentGpu gpu) {
        try (Descriptor properties = gpu.properties()) {
            for (Pass pass : Pass.values()) {
                for (Factors factors : gpu.capability() >= TENSOR_CORES ? Factors.values() : new Factors[] {Factors.FP32}) {
                    for (int[] s : SHAPES) {
                        try (OperationGraph graph = graph(pass, factors, s)) {
                            Optional<Descriptor> plan = new Heuristics(graph, factors, properties).plan();
                            System.out.println(gpu.name() + " " + pass + " " + factors + " " + Arrays.toString(s) + ": "
                                    + plan.map(Heuristics::workspace).map(bytes -> "computes in " + bytes).orElse("has no engine"));
                            plan.ifPresent(Descriptor::close);
                        }
                    }
                }
            }
        }
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
