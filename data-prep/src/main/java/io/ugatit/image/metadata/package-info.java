/** The blocks and tags of image files, and the orientation in them. */
package io.ugatit.image.metadata;
