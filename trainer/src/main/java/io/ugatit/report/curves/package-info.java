/** What a run's files say of its training step by step: losses, and rho of (Ada)LIN. */
package io.ugatit.report.curves;
