/** The one place that knows every implementation of the kernels. */
package io.ugatit.tensor.choice;
