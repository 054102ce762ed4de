/** The networks' parameters in files, whatever program has written them. */
package io.ugatit.weights;
