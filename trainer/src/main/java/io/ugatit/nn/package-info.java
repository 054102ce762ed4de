/** The layers of U-GAT-IT with explicit forward and backward passes. */
package io.ugatit.nn;
