package io.ugatit.gpucheck;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.tensor.cuda.Precision;
import io.ugatit.tensor.cuda.cudnn.Cudnn;
import io.ugatit.tensor.cuda.driver.CudaDriver;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a task needs to know, and whom it tells.
 *
 * @param gpu its number, as the driver counts
 * @param extent how much to compute
 * @param endNanos of {@link System#nanoTime}, when the task should come to its end
 * @param folder for files; empty for a task that has none
 * @param out where lines for the parent go
 */
record Assignment(int gpu, Extent extent, long endNanos, String folder, PrintStream out) {
    /** Begins the lines for the parent, among whatever else a library prints. */
    static final String MARK = "gpu-check: ";
    private static final int TENSOR_CORES = 80;

    /** Whether there is time for more. */
    boolean hasTime() {
        return System.nanoTime() - endNanos < 0;
    }

    /** Tells the parent. */
    void tell(Finding finding) {
        tell(JsonNodeFactory.instance.objectNode().set("finding", finding.toJson()));
    }

    /** Tells the parent that not all was done in time. */
    void tellLate(String what, int done, int all) {
        if (done < all) {
            tell(Finding.of(what, done + " of " + all + ", then the time was up: give more --minutes", false));
        }
    }

    void tell(ObjectNode line) {
        out.println(MARK + line);
        out.flush();
    }

    /** In which precisions this GPU convolves, with the libraries that are here. */
    List<Precision> precisions() {
        boolean tensorCores = CudaDriver.require(gpu).capability() >= TENSOR_CORES;
        boolean cudnn = Cudnn.problem().isEmpty();
        return Stream.of(Precision.values()).filter(precision -> switch (precision) {
            case FP32 -> true;
            case TF32 -> tensorCores;
            case BF16 -> tensorCores && cudnn;
        }).toList();
    }
}
