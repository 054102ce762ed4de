package io.ugatit.gpucheck;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.cuda.CudaKernels;
import io.ugatit.tensor.cuda.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Holds every operation of the kernels against the portable ones in double precision; convolutions in every precision. */
final class ContractTask implements Task {
    /** Of the largest value: sums of some thousands of floats. */
    private static final double ALLOWED = 1e-4;
    /** With factors of 11 bits of mantissa; ten times that with fewer. */
    private static final double ALLOWED_TF32 = 5e-3;

    @Override
    public void run(Assignment assignment) {
        List<Operation> all = new ArrayList<>(MapOperations.all());
        all.addAll(NormalizationOperations.all());
        all.addAll(VectorOperations.all());
        int every = assignment.extent().everyOperation();
        List<Operation> operations = IntStream.range(0, all.size()).filter(i -> i % every == 0).mapToObj(all::get).toList();
        for (Precision precision : assignment.precisions()) {
            List<Operation> concerned = precision == Precision.FP32 ? operations
                    : operations.stream().filter(Operation::convolves).toList();
            check(assignment, precision, concerned);
        }
    }

    private static double allowed(Precision precision) {
        return precision == Precision.FP32 ? ALLOWED : precision == Precision.TF32 ? ALLOWED_TF32 : 10 * ALLOWED_TF32;
    }

    private static void check(Assignment assignment, Precision precision, List<Operation> operations) {
        Compute compute = CudaKernels.compute(assignment.gpu(), precision);
        double allowed = allowed(precision);
        double worst = 0;
        String where = "";
        int done = 0;
        for (Operation operation : operations) {
            if (!assignment.hasTime()) {
                break;
            }
            double error = operation.error(compute);
            if (!(error <= allowed)) {
                assignment.tell(finding(operation.name() + " in " + precision, error, allowed, ""));
            }
            if (error >= worst) {
                worst = error;
                where = operation.name();
            }
            done++;
        }
        assignment.tell(finding(done + " operations in " + precision, worst, allowed, " at " + where));
        assignment.tellLate("operations in " + precision, done, operations.size());
        compute.close();
    }

    private static Finding finding(String what, double error, double allowed, String where) {
        return new Finding(what, String.format(Locale.ROOT, "worst error %.1e, allowed %.0e%s", error, allowed, where), error <= allowed,
                JsonNodeFactory.instance.objectNode().put("error", error).put("allowed", allowed));
    }
}
