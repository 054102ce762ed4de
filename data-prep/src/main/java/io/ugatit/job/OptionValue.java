package io.ugatit.job;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How one type of option is read and spoken of.
 *
 * @param isFlag whether the option is a flag, which takes no value
 * @param label how a value is called in the usage text, such as {@code N}
 * @param expected what a value must be, for error messages: "a whole number"
 * @param reader makes the value of a word; throws IllegalArgumentException if it is none
 */
record OptionValue(boolean isFlag, String label, String expected, Function<String, Object> reader) {

    static OptionValue of(RecordComponent component) {
        Class<?> type = component.getType();
        if (type == String.class || type == List.class) {
            return new OptionValue(false, component.getName().toUpperCase(Locale.ROOT), "a value", word -> word);
        } else if (type == int.class || type == Integer.class) {
            return new OptionValue(false, "N", "a whole number up to " + Integer.MAX_VALUE, Integer::valueOf);
        } else if (type == long.class || type == Long.class) {
            return new OptionValue(false, "N", "a whole number", Long::valueOf);
        } else if (type == double.class || type == Double.class) {
            return new OptionValue(false, "X", "a number", OptionValue::finite);
        } else if (type == boolean.class || type == Boolean.class) {
            return new OptionValue(true, "", "true or false", OptionValue::truth);
        } else if (type.isEnum()) {
            Object[] constants = type.getEnumConstants();
            String names = Arrays.stream(constants).map(OptionValue::spelling).collect(Collectors.joining("|"));
            return new OptionValue(false, names, names.replace("|", " or "), word -> constant(constants, word));
        }
        throw new IllegalArgumentException(component + ": options have no values of this type");
    }

    Object parse(String word) {
        return reader.apply(word);
    }

    private static Double finite(String word) {
        Double number = Double.valueOf(word);
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException(word);
        }
        return number;
    }

    private static Boolean truth(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(word);
        };
    }

    private static Object constant(Object[] constants, String word) {
        return Arrays.stream(constants)
                .filter(constant -> spelling(constant).equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(word));
    }

    private static String spelling(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
