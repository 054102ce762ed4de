/** A reader for each image format: size, memory and pixels as stored. */
package io.ugatit.image.reader;
