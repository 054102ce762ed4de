/** The usual PNGs: 8 bits, not interlaced, without a palette. */
package io.ugatit.image.png;
