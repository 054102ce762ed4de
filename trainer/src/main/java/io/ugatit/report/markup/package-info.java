/** HTML that is well-formed XML, and the numbers and images in it: for the report's page and for notebooks. */
package io.ugatit.report.markup;
