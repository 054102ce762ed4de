/** The nightly cycle: prepare the new images, start warm, train, evaluate, promote. */
package io.ugatit.retrain;
