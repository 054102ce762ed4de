package io.ugatit.retrain;

/**
 * What {@link RollbackJob} has done.
 *
 * @param from name of the run that was promoted; null if none was
 * @param to name of the run that is promoted now; the same if it was before
 * @param promoted path of that run
 */
public record RollbackResult(String from, String to, String promoted) {}
