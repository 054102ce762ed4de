/** The usual PNGs: of any colours and bits, not interlaced. */
package io.ugatit.image.png;
