/** What two models make of the same test images: drawn in a night, kept small, shown the morning after. */
package io.ugatit.retrain.sample;
