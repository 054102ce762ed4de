package io.ugatit.soak;

/**
 * A fault that was dealt.
 *
 * @param fault which
 * @param nanos when it was done
 */
record Dealt(Fault fault, long nanos) { }
