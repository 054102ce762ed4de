/**
 * One job at a time for an output: a lock beside or inside it says who writes there, is given back when the job ends, and does not outlive a
 * process that died.
 */
package io.ugatit.lock;
