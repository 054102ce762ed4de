/** The usual PNGs: of any colours and bits, interlaced or not. */
package io.ugatit.image.png;
