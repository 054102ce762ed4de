/** Images as strips of eight rows, the lanes of a vector, and Pillow's bilinear resize of them as they come. */
package io.ugatit.image.strip;
