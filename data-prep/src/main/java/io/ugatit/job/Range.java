package io.ugatit.job;

/** Checks of numbers that users give. */
public final class Range {
    private Range() { }

    /**
     * Refuses a number outside of its range.
     *
     * @param option as users write it, such as {@code --steps}
     * @throws InvalidRequestException if {@code value} is less than {@code min} or greater than {@code max}
     */
    public static void require(String option, long value, long min, long max) {
        if (value < min || value > max) {
            throw new InvalidRequestException(option + " is " + value + ": must be from " + min + " to " + max);
        }
    }
}
