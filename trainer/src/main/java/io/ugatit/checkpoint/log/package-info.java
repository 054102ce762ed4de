/** What a training writes down in its run as lines of JSON: losses, rounds, starts and evaluations. */
package io.ugatit.checkpoint.log;
