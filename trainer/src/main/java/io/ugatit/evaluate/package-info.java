/** How good a run's translations are: distances between their features and those of real images, and the cycle and identity errors. */
package io.ugatit.evaluate;
