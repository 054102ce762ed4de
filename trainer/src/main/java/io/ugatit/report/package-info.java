/** Shows a training run to people: sheets of sample translations, heatmap overlays, loss curves, and one self-contained HTML page. */
package io.ugatit.report;
