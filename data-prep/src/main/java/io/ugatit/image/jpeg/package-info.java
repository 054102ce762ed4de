/** The usual JPEGs, decoded strip by strip with vectors: the pixels are libjpeg's. */
package io.ugatit.image.jpeg;
