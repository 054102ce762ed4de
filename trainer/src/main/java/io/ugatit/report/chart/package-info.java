/** Curves over the steps of a training, drawn as SVG: for the report's page, and as pictures of their own. */
package io.ugatit.report.chart;
