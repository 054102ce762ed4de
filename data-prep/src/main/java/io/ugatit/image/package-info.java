/** Images in memory: decode any common file into upright RGB, resize exactly as Pillow does, encode. */
package io.ugatit.image;
