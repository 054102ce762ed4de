/** Shows training runs to people: one self-contained HTML page of a run, or of several side by side. */
package io.ugatit.report;
