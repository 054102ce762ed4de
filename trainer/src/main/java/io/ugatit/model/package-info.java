/** The generator and the discriminator of U-GAT-IT, and the DL4J graph that holds the six networks of a training. */
package io.ugatit.model;
