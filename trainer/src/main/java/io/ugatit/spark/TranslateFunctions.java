package io.ugatit.spark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.expressions.UserDefinedFunction;

/**
 * The functions of queries, one for the same settings however often a query is analysed: Spark tells functions apart by identity, and so
 * would never find a cached table again that was computed with one. Thread-safe.
 */
final class TranslateFunctions {
    /** Models that are in use at a time; what is older is made anew. */
    private static final int MOST = 64;

    private final Map<List<Object>, UserDefinedFunction> functions = new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Object>, UserDefinedFunction> eldest) {
            return size() > MOST;
        }
    };

    synchronized UserDefinedFunction of(TranslationSettings settings) {
        // a context has one configuration, which has no equality of its own
        List<Object> key = List.of(settings.driver(), settings.hadoop().value(), settings.generator(), settings.kernels(), settings.fit(),
                settings.maxPixels(), settings.format());
        return functions.computeIfAbsent(key, unused -> TranslateImage.function(settings));
    }
}
