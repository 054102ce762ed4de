package io.ugatit.checkpoint.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How good a checkpoint was found while its run was trained.
 *
 * @param step of the checkpoint
 * @param extractor what features the distances were taken of
 * @param dataset content hash of the data set whose test images were translated
 * @param kidA2b KID of the translations from A to B; a finite number
 * @param kidB2a likewise from B to A
 * @param errorA2b standard error of {@code kidA2b}; null if it is not known
 * @param errorB2a likewise from B to A
 */
public record EvaluationRow(long step, String extractor, String dataset, double kidA2b, double kidB2a, Double errorA2b, Double errorB2a) {

    /** @throws IllegalArgumentException if a number is out of its range */
    public EvaluationRow {
        if (step < 0 || !Double.isFinite(kidA2b + kidB2a)) {
            throw new IllegalArgumentException("needs a step from 0 and finite distances with a finite sum: " + step + ", " + kidA2b + ", " + kidB2a);
        }
    }

    /** The sum of both directions: the lower the better. */
    public double kid() {
        return kidA2b + kidB2a;
    }

    /** Whether the distances of two checkpoints say which is better: they are of the same features of the same images. */
    public boolean isComparableWith(EvaluationRow other) {
        return extractor.equals(other.extractor) && dataset.equals(other.dataset);
    }

    /**
     * The row with the lowest KID among those that compare with the last one, the first of equals.
     *
     * @param rows in the order of steps
     * @return empty if there are none
     */
    public static Optional<EvaluationRow> best(List<EvaluationRow> rows) {
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        EvaluationRow last = rows.get(rows.size() - 1);
        return rows.stream().filter(last::isComparableWith)
                .min(Comparator.comparingDouble(EvaluationRow::kid).thenComparingLong(EvaluationRow::step));
    }

    ObjectNode toJson() {
        ObjectNode row = JsonNodeFactory.instance.objectNode().put("step", step).put("extractor", extractor).put("dataset", dataset)
                .put("kid", kid()).put("kid_a2b", kidA2b).put("kid_b2a", kidB2a);
        return errorA2b == null || errorB2a == null ? row : row.put("kid_error_a2b", errorA2b).put("kid_error_b2a", errorB2a);
    }

    /** @return empty if it is no row */
    static Optional<EvaluationRow> parse(JsonNode row) {
        JsonNode step = row.path("step");
        JsonNode a2b = row.path("kid_a2b");
        JsonNode b2a = row.path("kid_b2a");
        boolean whole = step.canConvertToExactIntegral() && step.canConvertToLong() && step.longValue() >= 0
                && isFinite(a2b) && isFinite(b2a) && Double.isFinite(a2b.doubleValue() + b2a.doubleValue())
                && row.path("extractor").isTextual() && row.path("dataset").isTextual();
        return whole ? Optional.of(new EvaluationRow(step.longValue(), row.path("extractor").textValue(), row.path("dataset").textValue(),
                a2b.doubleValue(), b2a.doubleValue(), error(row.path("kid_error_a2b")), error(row.path("kid_error_b2a"))))
                : Optional.empty();
    }

    /** Older versions did not tell it. */
    private static Double error(JsonNode value) {
        return isFinite(value) && value.doubleValue() >= 0 ? Double.valueOf(value.doubleValue()) : null;
    }

    private static boolean isFinite(JsonNode value) {
        return value.isNumber() && Double.isFinite(value.doubleValue());
    }
}
