/** The command line: finds the job, reads its options, prints its result and turns what went wrong into one line and an exit status. */
package io.ugatit.cli;
