/** What the workers of a training see: which image comes when, how it is cropped, and reading ahead of the steps. */
package io.ugatit.cluster.feeding;
