/** The contract between preparation and everything after it: Parquet shards of fitted images, a manifest, and their reader and writer. */
package io.ugatit.dataset;
