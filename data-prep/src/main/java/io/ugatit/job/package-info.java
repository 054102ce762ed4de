/** What every job shares: its options on the command line, the two ways it can fail, and its progress line. */
package io.ugatit.job;
