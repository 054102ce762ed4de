package io.ugatit.soak;

import java.util.List;

/**
 * What a soak has come to.
 *
 * @param dealt the faults, in their order
 * @param steps of the training that were compared; 0 if it did not end as it should
 * @param problems a line each for all that is not as it would be without faults; none if the soak has passed
 * @param gaveUp a line for each driver that ended by itself before the training was done, and was started again
 * @param report what the faults cost, for people
 */
record SoakResult(List<Dealt> dealt, long steps, List<String> problems, List<String> gaveUp, String report) { }
