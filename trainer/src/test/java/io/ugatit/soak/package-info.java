/** One long training on a cluster that is killed all the time, and ends in the bits of one that is left alone. */
package io.ugatit.soak;
