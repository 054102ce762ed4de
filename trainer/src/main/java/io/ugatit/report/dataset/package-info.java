/** Shows a data set to people: some of its images, and what was left out why. */
package io.ugatit.report.dataset;
