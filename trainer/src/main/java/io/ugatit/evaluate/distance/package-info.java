/** How far one set of features is from another: kernel, Frechet and sliced Wasserstein distances. Plain arrays in, numbers out. */
package io.ugatit.evaluate.distance;
