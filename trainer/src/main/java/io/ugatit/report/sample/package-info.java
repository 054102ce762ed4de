/** Sample translations of a training: drawn, stored as sheets with an index, and shown beside each other. */
package io.ugatit.report.sample;
