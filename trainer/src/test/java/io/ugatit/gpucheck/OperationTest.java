package io.ugatit.gpucheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.choice.KernelChoice;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/** What the check compares, and with what. */
class OperationTest {

    static List<Operation> operations() {
        return Stream.of(MapOperations.all(), NormalizationOperations.all(), VectorOperations.all()).flatMap(List::stream).toList();
    }

    /** On other kernels than the GPU's: what is compared is right for any. */
    @ParameterizedTest
    @MethodSource("operations")
    void kernelsOfSinglePrecisionAreWithinTheErrorsAllowed(Operation operation) {
        Compute compute = KernelChoice.portable(DataType.FLOAT);
        assertThat(operation.error(compute)).isLessThan(1e-4);
        compute.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 1.5, 0.5", "4, 5, 0.25", "NaN, 0, Infinity", "0, NaN, Infinity", "NaN, NaN, 0"})
    void anErrorIsRelativeToTheLargestValueOrToOne(double expected, double actual, double error) {
        Compute compute = KernelChoice.portable(DataType.FLOAT);
        Operation operation = new Operation("given", side -> side.results().add(new double[] {
            side.kernels() == compute.kernels() ? actual : expected}));
        assertThat(operation.error(compute)).isEqualTo(error);
        compute.close();
    }

    @Test
    void theConvolutionsAreThoseOfTheNetworks() {
        NetworkOptions options = new NetworkOptions(64, 4, 2, true, false, 6, 4);
        Set<List<Long>> ofNetworks = UgatitGraph.create(options, 1).namedParameters().values().stream()
                .filter(parameter -> parameter.rank() == 4 && parameter.size(2) > 1)
                .map(parameter -> List.of(parameter.size(0), parameter.size(1), parameter.size(2))).collect(Collectors.toSet());
        Set<List<Long>> measured = ConvolutionShape.of(options).stream().filter(shape -> shape.kernel() > 1)
                .map(shape -> List.of((long) shape.outputs(), (long) shape.inputs(), (long) shape.kernel())).collect(Collectors.toSet());
        assertThat(measured).isEqualTo(ofNetworks);
    }
}
