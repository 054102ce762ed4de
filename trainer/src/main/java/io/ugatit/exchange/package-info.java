/** Trained networks as other programs' files. */
package io.ugatit.exchange;
