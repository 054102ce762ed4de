package io.ugatit.spark;

import io.ugatit.job.InvalidRequestException;
import java.util.regex.Pattern;

/** The rest of the program names options of the command line in its messages; here they are params of the same names. */
final class OptionNames {
    private static final Pattern PARAM = Pattern.compile("--(run|weights|size|direction|checkpoint|kernels|precision)\\b");

    private OptionNames() { }

    /** A message with the params' names in it. */
    static String asParams(String message) {
        return PARAM.matcher(message).replaceAll("$1").replace("--max-pixels", "maxPixels");
    }

    /** A refusal with the params' names in it. */
    static InvalidRequestException asParams(InvalidRequestException refusal) {
        return new InvalidRequestException(asParams(refusal.getMessage()), refusal);
    }
}
