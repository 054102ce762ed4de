/** NVIDIA's driver API, found at run time: devices, memory, streams, events, graphs and kernel launches. */
package io.ugatit.tensor.cuda.driver;
